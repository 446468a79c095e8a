// `npm run rebuild` beside running services under a light load. It finds the same rows as the live tables; it prints
// and corrects rows that differ.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Claim, Voucher } from '@vouchers/contracts';
import { databaseUrl, eventually, startServices, type TestServices } from '@vouchers/testing';
import { keepSettings } from '@vouchers/tools';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Actor, order } from './actor.ts';
import { command } from './command.ts';
import { startLoad, type Load } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'rebuild-'));

let services: TestServices;
let actor: Actor;
let quiet: Voucher;
let busy: Voucher;
let load: Load;
beforeAll(async () => {
  services = await startServices({ environment: { OUTCOME_WAIT_MS: '30000' } });
  keepSettings(folder, services);
  actor = await Actor.of(services);
  [quiet, busy] = [await actor.published({}), await actor.published({})];
  for (const user of ['ann', 'bob', 'cat']) await lives(quiet, user);
  load = startLoad((number) => lives(busy, `${'abcd'[number % 4]}-${number}`));
  await eventually('the load has begun', () => load.visits > 3, { timeoutMs: 30_000 });
}, 120_000);
afterAll(async () => {
  await load?.stop().catch(() => undefined);
  await services?.stop();
  rmSync(folder, { recursive: true });
});

/** Gives a user a claim, and locks, uses, releases or only holds it. */
async function lives({ id }: Voucher, user: string): Promise<void> {
  const { status, body } = await actor.claim(id, { user });
  expect(status).toBe(201);
  const fate = user.charCodeAt(0) % 4;
  if (fate > 0) await actor.lock(body.id, `order-${user}`, 600, { user });
  if (fate > 1) await actor.redeem(body.id, order(`order-${user}`), {});
  if (fate > 2) await actor.release(body.id, { user });
}

async function query<Row extends pg.QueryResultRow>(database: string, text: string, values: unknown[]): Promise<Row[]> {
  const url = new URL(databaseUrl());
  url.pathname = `/${services.namespace}_${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function claimOf(user: string): Promise<Claim> {
  const { body } = await actor.edge<{ items: Claim[] }>('GET', `/claims?voucherId=${quiet.id}`, { user });
  return body.items[0]!;
}

describe('the rebuild', () => {
  it('finds no difference while claims go on', async () => {
    const before = load.visits;
    const { exitCode, output } = await command(folder, ['rebuild']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toMatch(/ledger:\n\d+ events replayed .*, 0 differences/);
    for (const follower of ['config', 'page-delivery'])
      expect(output).toMatch(new RegExp(`${follower}:\n\\d+ outcomes read, 0 differences`));
    expect(load.visits).toBeGreaterThan(before);
  }, 120_000);

  it('names and corrects a row of the ledger that differs', async () => {
    const { id, state } = await claimOf('ann');
    await query('ledger', 'UPDATE claims SET uses = uses + 7 WHERE claim_id = $1', [id]);
    const { exitCode, output } = await command(folder, ['rebuild']);
    expect(exitCode).toBe(1);
    expect(output).toContain(', 2 differences'); // the wrong row and the right one
    expect(
      output.split('\n').filter((line) => line.startsWith('claims, partition ') && line.includes(id)),
    ).toHaveLength(2);
    const [row] = await query('ledger', 'SELECT uses, state FROM claims WHERE claim_id = $1', [id]);
    expect(row).toEqual({ uses: 0, state });
    expect((await command(folder, ['rebuild'])).exitCode).toBe(0);
  }, 240_000);

  it('names and corrects a row of the read model that differs', async () => {
    const claim = await claimOf('bob');
    await query('page_delivery', `DELETE FROM claims WHERE claim_id = $1`, [claim.id]);
    const { exitCode, output } = await command(folder, ['rebuild']);
    expect(exitCode).toBe(1);
    expect(output).toContain('outcomes read, 1 differences');
    expect(output).toContain(`claims, only rebuilt: {"claim_id":"${claim.id}"`);
    expect(await claimOf('bob')).toEqual(claim);
  }, 120_000);

  it('names and corrects what node rules did to a voucher of config that differs', async () => {
    await query('config', 'UPDATE vouchers SET enabled = false WHERE id = $1', [quiet.id]);
    const { exitCode, output } = await command(folder, ['rebuild']);
    expect(exitCode).toBe(1);
    expect(output).toContain(`vouchers, only rebuilt: {"id":"${quiet.id}","enabled":true,"ended":false}`);
    expect(await query('config', 'SELECT state FROM vouchers WHERE id = $1', [quiet.id])).toEqual([
      { state: 'enabled' },
    ]);
  }, 120_000);

  it('changes nothing else: every granted claim is counted, shown and proven', async () => {
    await load.stop();
    const { body: counters } = await actor.counters(busy.id);
    expect(counters).toMatchObject({ claimed: load.visits });
    expect((await actor.proof(busy.id, '?full=true')).body).toMatchObject({ holds: true });
    await eventually('the read model has them all', async () => {
      const text = 'SELECT count(*)::int AS n FROM claims WHERE voucher_id = $1';
      return (await query<{ n: number }>('page_delivery', text, [busy.id]))[0]!.n === load.visits;
    });
  }, 60_000);
});
