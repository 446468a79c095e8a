// Alters a ledger's tables as a superuser would, and lets the audit name what differs.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { SPEC_DEFAULTS, type VoucherSpec } from '@vouchers/contracts';
import { chainEnd, chainSecret, EventsReader, hashed, hashesAt, hashOf, LedgerStore } from '@vouchers/event-store';
import { eventually } from '@vouchers/testing';
import { RunningLedger } from '../../testing/running-ledger.ts';
import { runAudit } from './audit.command.ts';

const TABLES = ['cursor', 'relay', 'events', 'vouchers', 'claims', 'voucher_users', 'redemptions', 'chain', 'heads'];

let ledger: RunningLedger;
let voucherId: string;
let partition: number;

async function claim(...users: string[]) {
  const claims = users.map((user) => ledger.claim(voucherId, user, { salt: randomUUID() }));
  await ledger.submit(...claims);
  await ledger.decided(...claims);
  return claims;
}
/** Keeps a copy of all tables, as a backup does. */
async function keep(name: string): Promise<void> {
  await ledger.pool.query(`CREATE SCHEMA ${name}`);
  for (const table of TABLES) await ledger.pool.query(`CREATE TABLE ${name}.${table} AS SELECT * FROM public.${table}`);
}
async function restore(name: string): Promise<void> {
  const statements = TABLES.map((table) => `TRUNCATE ${table}; INSERT INTO ${table} SELECT * FROM ${name}.${table}`);
  await ledger.pool.query(statements.join('; '));
}
async function audited(): Promise<{ exitCode: number; lines: string[] }> {
  const lines: string[] = [];
  const exitCode = await runAudit(ledger.settings, (line) => void lines.push(line));
  return { exitCode, lines: lines.slice(1) };
}
async function allPublished(): Promise<void> {
  const text = `SELECT next_seq - 1 = (SELECT max(seq) FROM heads h WHERE h.partition = c.partition) AS done
    FROM cursor c WHERE partition = $1`;
  const isDone = async () => (await ledger.pool.query<{ done: boolean }>(text, [partition])).rows[0]?.done;
  await eventually('the head is published', isDone, { timeoutMs: 20_000, everyMs: 200 });
}

beforeAll(async () => {
  ledger = await new RunningLedger({ HEADS_EVERY_MS: '1000' }).start();
  voucherId = await ledger.define({
    quantities: { push: null, claim: 6, redeem: null },
    nodes: { ...nodes, use: { ...nodes.use, perClaim: 2 } },
  });
  partition = ledger.partitionOf(voucherId);
  await ledger.submit(ledger.push(voucherId, 'alice'));
  const [first] = (await claim('alice', 'bob')) as [Awaited<ReturnType<typeof claim>>[number]];
  await allPublished();
  await keep('earlier');
  const order = { id: 'o-1', amount: 5_000, currency: 'EUR' };
  const redemptionId = ledger.freshId(voucherId);
  const later = [
    ledger.about('lock', first, { userId: 'alice', orderId: 'o-1', ttlSeconds: 600 }),
    ledger.about('redemption', first, { redemptionId, order }),
    ledger.about('rollback', first, { redemptionId, reason: 'words', by: { sub: 'staff', team: 'default' } }),
  ];
  await ledger.submit(...later);
  await ledger.decided(...later);
  await claim('carol', 'dave', 'erin', 'frank', 'too late');
  await allPublished();
  await ledger.app.close();
  await keep('whole');
}, 240_000);
afterAll(async () => {
  await ledger.startService();
  await ledger.stop();
});
afterEach(() => restore('whole'));

const { nodes } = SPEC_DEFAULTS as unknown as VoucherSpec;
const at = (seq: number): string => `partition = ${partition} AND seq = ${seq}`;

describe('an audit', () => {
  it('finds nothing in a ledger that nobody altered', async () => {
    expect(await audited()).toEqual({ exitCode: 0, lines: [] });
  });

  it('finds nothing in a head that is published meanwhile', async () => {
    const client = await ledger.pool.connect();
    await client.query('BEGIN; LOCK TABLE cursor IN ACCESS EXCLUSIVE MODE');
    const auditing = audited();
    await eventually('it has read the heads, and waits for the tables', async () => {
      const waiting = `SELECT 1 FROM pg_locks WHERE relation = 'cursor'::regclass AND NOT granted`;
      return (await ledger.pool.query(waiting)).rows.length > 0;
    });
    await client.query(
      `INSERT INTO heads (partition, seq, hash, attested_from, at) VALUES ($1, 3, '\\x00', 1, now())`,
      [partition],
    );
    await client.query('COMMIT');
    client.release();
    expect(await auditing).toEqual({ exitCode: 0, lines: [] });
    expect((await audited()).lines).toEqual([`the head ${partition}:3 was published, and Kafka lacks it`]);
  });

  it.each<[string, () => string, (lines: string[]) => void]>([
    [
      'an event whose data were altered',
      () => `UPDATE events SET data = jsonb_set(data::jsonb, '{pageSlug}', '"other"')::json WHERE ${at(3)}`,
      (lines) =>
        expect(lines).toEqual([expect.stringContaining(`event ${partition}:3 is not the event that was hashed`)]),
    ],
    [
      'a claim that was moved to another user, in its event, its row and its user',
      () => `UPDATE events SET data = replace(data::text, '"bob"', '"mallory"')::json, user_id = 'mallory' WHERE user_id = 'bob';
        UPDATE claims SET user_id = 'mallory' WHERE user_id = 'bob';
        UPDATE voucher_users SET user_id = 'mallory' WHERE user_id = 'bob'`,
      (lines) =>
        expect(lines).toEqual([expect.stringContaining('is not the event that was hashed: voucher.claimed.v1')]),
    ],
    [
      'a column that was altered alone',
      () => `UPDATE events SET user_id = 'mallory' WHERE user_id = 'bob' AND type = 'voucher.claimed.v1'`,
      (lines) => expect(lines.join()).toContain('its column userId is mallory, its data say bob'),
    ],
    [
      'an event that was deleted',
      () => `DELETE FROM events WHERE ${at(4)}`,
      (lines) => expect(lines).toContain(`event ${partition}:4 is missing between others`),
    ],
    [
      'two events that were swapped',
      () => `UPDATE events SET seq = -1 WHERE ${at(3)}; UPDATE events SET seq = 3 WHERE ${at(4)};
        UPDATE events SET seq = 4 WHERE ${at(-1)}`,
      (lines) => {
        expect(lines.join()).toContain(`event ${partition}:3 is not the event that was hashed`);
        expect(lines.join()).toContain(`event ${partition}:4 is not the event that was hashed`);
      },
    ],
    [
      'events that were cut off with their hashes, behind a published head',
      () => `DELETE FROM events WHERE partition = ${partition} AND seq > 4; DELETE FROM chain WHERE first_seq > 4;
        DELETE FROM heads WHERE seq > 4; UPDATE cursor SET next_seq = 5 WHERE partition = ${partition}`,
      (lines) => expect(lines.join()).toMatch(/events after \d:\d were cut off: a head \d:\d+ was published at/),
    ],
    [
      'a claim whose row was altered',
      () => `UPDATE claims SET state = 'revoked', due_at = NULL WHERE user_id = 'bob'`,
      (lines) =>
        expect(lines).toEqual([
          expect.stringMatching(/claims: .*: stored state revoked, dueAt .*; by the events state held, dueAt/),
        ]),
    ],
    [
      'a claim that no event granted',
      () => `INSERT INTO claims SELECT partition, gen_random_uuid(), voucher_id, voucher_version, 'mallory', state, uses,
        held_at, use_from, use_until, lock_order_id, lock_until, ended_by, due_at, claimed_seq, facts
        FROM claims WHERE user_id = 'bob'`,
      (lines) => expect(lines).toEqual([`voucher ${voucherId}, claims: 7 rows are stored, 6 by the events`]),
    ],
    [
      'counters that were altered',
      () => `UPDATE vouchers SET counters = jsonb_set(counters, '{held}', '0') WHERE voucher_id = '${voucherId}'`,
      (lines) => expect(lines).toEqual([expect.stringContaining(`voucher ${voucherId}, counters: counters is`)]),
    ],
    [
      'a user whose number of claims was altered',
      () => `UPDATE voucher_users SET claims = 0 WHERE user_id = 'bob'`,
      (lines) => expect(lines).toEqual([expect.stringContaining(`voucher ${voucherId}, users: bob: stored`)]),
    ],
    [
      'a redemption whose row was altered',
      () => `UPDATE redemptions SET rolled_back_at = NULL`,
      (lines) =>
        expect(lines).toEqual([
          expect.stringMatching(/redemptions: .*: stored rolledBackAt null; by the events rolledBackAt \d+/),
        ]),
    ],
    [
      'a voucher whose row was deleted',
      () => `DELETE FROM vouchers WHERE voucher_id = '${voucherId}'`,
      (lines) => expect(lines).toEqual([`voucher ${voucherId}, counters: the voucher is not stored`]),
    ],
  ])('names %s', async (_, tampering, named) => {
    await ledger.pool.query(tampering());
    const { exitCode, lines } = await audited();
    expect(exitCode).toBe(1);
    named(lines);
  });

  it('names an altered event even if the whole chain after it was computed anew', async () => {
    await ledger.pool.query(
      `UPDATE events SET data = jsonb_set(data::jsonb, '{pageSlug}', '"other"')::json WHERE ${at(3)}`,
    );
    await chainAnew();
    const { exitCode, lines } = await audited();
    expect(exitCode).toBe(1);
    expect(lines[0]).toMatch(/the chain up to \d:\d+ is not the one whose head was published at/);
  });

  it('says which events have no hash yet, and finds nothing else in them', async () => {
    await ledger.pool.query('DELETE FROM chain WHERE partition = $1 AND first_seq > 2', [partition]);
    await ledger.pool.query('DELETE FROM heads');
    const { lines } = await audited();
    expect(lines[0]).toMatch(/^unattested: partition \d: events \d–\d+ have no hash yet$/);
  });

  it('finds nothing after a restore of an earlier backup that has caught up', async () => {
    await restore('earlier');
    expect((await audited()).lines.join()).toContain('were cut off');
    await ledger.startService();
    try {
      await allPublished();
      const count = async (schema: string) =>
        (await ledger.pool.query<{ events: number }>(`SELECT count(*)::int AS events FROM ${schema}.events`)).rows[0]!
          .events;
      await eventually('all is decided again', async () => (await count('public')) === (await count('whole')));
    } finally {
      await ledger.app.close();
    }
    expect(await audited()).toEqual({ exitCode: 0, lines: [] });
  });
});

/** Does what a superuser can who knows this code. */
async function chainAnew(): Promise<void> {
  const store = new LedgerStore(ledger.settings.databaseUrl);
  const { readers } = store.pools;
  const secret = await chainSecret(readers);
  const { seq } = await chainEnd(readers, partition);
  let hash = (await hashesAt(readers, partition, [2])).get(2)!;
  const events = await new EventsReader(readers).from(partition, 3, seq);
  const hashes = events.map((stored) => (hash = hashOf(hash, hashed(stored, secret))));
  const before = await hashesAt(readers, partition, [1, 2]);
  await ledger.pool.query('DELETE FROM chain WHERE partition = $1', [partition]);
  await ledger.pool.query('INSERT INTO chain (partition, first_seq, hashes) VALUES ($1, 1, $2)', [
    partition,
    Buffer.from([before.get(1), before.get(2), ...hashes].join(''), 'hex'),
  ]);
  await store.end();
}
