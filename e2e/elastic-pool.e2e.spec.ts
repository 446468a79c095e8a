// Units that come back find the next user: declined, lapsed and withdrawn offers, extensions, the past, a rebuild, and
// users who are forgotten, through HTTP.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Counters, Entry, List, Proof, Voucher, VoucherSpecInput, WaitingEntry } from '@vouchers/contracts';
import { databaseUrl, eventually, startServices, type TestServices } from '@vouchers/testing';
import { keepSettings } from '@vouchers/tools';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Actor, type CallOptions } from './actor.ts';
import { command } from './command.ts';
import { send } from './requests.ts';

const at = (time: string): string => `2026-06-01T${time}:00.000Z`;
const range = { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' };
/** On the clock of submissions, one unit for a week each. */
const SPEC: Partial<VoucherSpecInput> = {
  clock: 'submissions',
  windows: { timeZone: 'UTC', valid: range, use: { afterClaim: { delay: 'PT0S', length: 'P7D' } } },
  quantities: { claim: 1 },
  waitingList: { offerFor: 'PT2H' },
  notices: ['P1D'],
  extension: { length: 'P2D', times: 2 },
};
const OFFER_S = 3;
/** On the wall clock. */
const PRESENT: Partial<VoucherSpecInput> = { quantities: { claim: 1 }, waitingList: { offerFor: `PT${OFFER_S}S` } };

const folder = mkdtempSync(join(tmpdir(), 'elastic-pool-'));
let services: TestServices;
let actor: Actor;
beforeAll(async () => {
  services = await startServices({ environment: { OUTCOME_WAIT_MS: '20000' } });
  keepSettings(folder, services);
  actor = await Actor.of(services);
}, 120_000);
afterAll(async () => {
  await services?.stop();
  rmSync(folder, { recursive: true });
});

/** Ann has the only unit; bob joins, then carol. Without times it happens now. */
async function soldOut(spec: Partial<VoucherSpecInput>, isPast = true): Promise<{ id: string; claimId: string }> {
  const { id } = await actor.published(spec);
  const asked = (user: string, time: string): CallOptions => ({ user, ...(isPast && { at: at(time) }) });
  const { body } = await actor.claim(id, asked('ann', '09:00'));
  expect((await actor.join(id, asked('bob', '09:10'))).status).toBe(201);
  expect((await actor.join(id, asked('carol', '09:20'))).status).toBe(201);
  return { id, claimId: body.id };
}

const entryOf = async (user: string, id: string, headers: Record<string, string> = {}): Promise<Entry | undefined> => {
  const path = `/waiting-list-entries?voucherId=${id}`;
  return (await actor.edge<List<Entry>>('GET', path, { user, headers })).body.items[0];
};
const line = async (id: string): Promise<string[]> =>
  (await actor.ledger<List<WaitingEntry>>(`/vouchers/${id}/waiting-list`)).body.items.map(({ userId }) => userId);
const types = async (id: string): Promise<string[]> =>
  (await actor.events(`/vouchers/${id}/events`)).map(({ type }) => type.slice('voucher.'.length, -'.v1'.length));
const expectSound = async (id: string): Promise<void> => {
  expect((await actor.proof(id, '?full=true')).body as Proof).toMatchObject({ holds: true });
};
const rebuilt = async (): Promise<void> => {
  const { exitCode, output } = await command(folder, ['rebuild']);
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
};

describe('an offer', () => {
  it('that is declined goes to the next one, and the answer waits for that', async () => {
    const { id, claimId } = await soldOut(SPEC);
    await actor.release(claimId, { user: 'ann', at: at('10:00') });
    const declined = await actor.leave(id, { user: 'bob', at: at('10:30') });
    expect([declined.status, declined.body]).toMatchObject([200, { state: 'left', endedAt: at('10:30') }]);
    expect(declined.body).not.toHaveProperty('offer');
    const position = { 'Voucher-Position': declined.headers.get('voucher-position')! };
    expect(await entryOf('carol', id, position)).toMatchObject({
      state: 'offered',
      offer: { at: at('10:30'), until: at('12:30') },
    });
    const [last] = (await actor.events(`/vouchers/${id}/events`)).slice(-1);
    expect(position['Voucher-Position']).toBe(`${last!.partition}:${last!.seq}`);
    expect((await actor.counters(id)).body).toMatchObject({ left: 1, offered: 1, waiting: 0, joined: 2, free: 0 });
    await expectSound(id);
  });

  it('lapses by the wall clock alone, and who lapsed may join again, behind the others', async () => {
    const { id, claimId } = await soldOut({ ...PRESENT, quantities: { claim: 1 } }, false);
    expect((await actor.join(id, { user: 'dora' })).status).toBe(201);
    const released = await actor.release(claimId, { user: 'ann' });
    const { offer } = (await entryOf('bob', id, {
      'Voucher-Position': released.headers.get('voucher-position')!,
    }))!;
    expect(Date.parse(offer!.until) - Date.parse(offer!.at)).toBe(OFFER_S * 1_000);
    await eventually('it has lapsed', async () => (await entryOf('bob', id))?.state === 'lapsed', {
      timeoutMs: 20_000,
    });
    const next = await entryOf('carol', id);
    // It was offered at the moment of the lapse, for its whole length from the tick that brought it about.
    expect(next!.offer!.at).toBe(offer!.until);
    expect(Date.parse(next!.offer!.until) - Date.parse(offer!.until)).toBeGreaterThanOrEqual(OFFER_S * 1_000);
    expect((await actor.join(id, { user: 'bob' })).status).toBe(201);
    expect(await line(id)).toEqual(['dora', 'bob']);
    expect((await actor.claim(id, { user: 'erin' })).body.reason).toBe('sold-out');
  }, 60_000);

  it('is taken back by a pause and made again by the resumption, by the wall clock', async () => {
    const { id, claimId } = await soldOut({ ...PRESENT, waitingList: { offerFor: 'PT1H' } }, false);
    await actor.release(claimId, { user: 'ann' });
    await actor.staff('pause', id);
    await eventually('it is taken back', async () => (await line(id)).join() === 'bob,carol');
    expect((await actor.counters(id)).body).toMatchObject({ offered: 0, waiting: 2, free: 1 });
    expect((await actor.claim(id, { user: 'bob' })).body.reason).toBe('paused');
    await actor.staff('resume', id);
    await eventually('it is made again', async () => (await line(id)).join() === 'carol');
    expect((await actor.claim(id, { user: 'dora' })).body.reason).toBe('sold-out');
    expect((await actor.claim(id, { user: 'bob' })).status).toBe(201);
    expect(await types(id)).toEqual([
      ...['defined', 'enabled', 'claimed', 'waiting-list-joined', 'waiting-list-joined', 'claim-released', 'offered'],
      ...['defined', 'offer-withdrawn', 'claim-refused', 'defined', 'offered', 'claim-refused', 'claimed'],
    ]);
    await expectSound(id);
  }, 60_000);
});

it('an extension is refused while somebody waits, and moves the end and the notices afterwards', async () => {
  const { id, claimId } = await soldOut(SPEC);
  const asked = { user: 'ann', at: at('10:00') };
  expect((await actor.extend(claimId, asked)).body).toMatchObject({ status: 409, reason: 'others-wait' });
  for (const user of ['bob', 'carol']) await actor.leave(id, { user, at: at('10:00') });
  const extended = await actor.extend(claimId, asked);
  expect(extended.body).toMatchObject({ useUntil: '2026-06-10T09:00:00.000Z', extensions: 1 });
  expect((await actor.extend(claimId, asked)).body).toMatchObject({ useUntil: '2026-06-12T09:00:00.000Z' });
  expect((await actor.extend(claimId, asked)).body.reason).toBe('extension-limit');
  await actor.leave(id, { user: 'nobody', at: '2026-06-13T00:00:00Z' });
  const told = (await actor.events(`/claims/${claimId}/history`)).map(({ type, at: when }) => [type, when]);
  expect(told.slice(-2)).toEqual([
    ['voucher.claim-expiring.v1', '2026-06-11T09:00:00.000Z'],
    ['voucher.claim-expired.v1', '2026-06-12T09:00:00.000Z'],
  ]);
  expect((await actor.counters(id)).body).toMatchObject({ extended: 2, expired: 1, refused: { extension: {} } });
});

it('a past moment has the counters of the list as they were then', async () => {
  const { id, claimId } = await soldOut(SPEC);
  await actor.release(claimId, { user: 'ann', at: at('10:00') });
  // It brings about the lapse of 12:00.
  await actor.claim(id, { user: 'carol', at: at('12:30') });
  const then = async (time: string): Promise<Partial<Counters>> => {
    const { waiting, offered, lapsed, joined, claimedFromOffer, free } = (
      await actor.counters(id, `?at=${encodeURIComponent(at(time))}`)
    ).body;
    return { waiting, offered, lapsed, joined, claimedFromOffer, free };
  };
  const none = { waiting: 0, offered: 0, lapsed: 0, joined: 0, claimedFromOffer: 0, free: 0 };
  expect(await then('09:05')).toEqual(none);
  expect(await then('09:30')).toEqual({ ...none, waiting: 2, joined: 2 });
  expect(await then('11:59')).toEqual({ ...none, waiting: 1, offered: 1, joined: 2 });
  expect(await then('12:00')).toEqual({ ...none, offered: 1, lapsed: 1, joined: 2 });
  expect(await then('13:00')).toEqual({ ...none, lapsed: 1, claimedFromOffer: 1, joined: 2 });
  const query = `from=${at('09:00')}&to=${at('13:00')}&step=PT1H`;
  const series = await actor.ledger<{ items: Counters[] }>(`/vouchers/${id}/counters/series?${query}`);
  const shown = series.body.items.map(({ waiting, offered, lapsed }) => [waiting, offered, lapsed]);
  expect(shown.slice(0, 5)).toEqual([
    [0, 0, 0],
    [1, 1, 0],
    [1, 1, 0],
    [0, 1, 1],
    ...(shown.length > 4 ? [[0, 0, 1]] : []),
  ]);
  for (const time of ['09:30', '11:59', '12:00'])
    expect((await actor.proof(id, `?at=${at(time)}`)).body).toMatchObject({ holds: true });
});

describe('a rebuild', () => {
  it('finds the entries and offers that it would make, and puts others right', async () => {
    const { id, claimId } = await soldOut(SPEC);
    await actor.release(claimId, { user: 'ann', at: at('10:00') });
    await rebuilt();
    const shown = [await entryOf('bob', id), await entryOf('carol', id), await line(id)];
    await inDatabase('ledger', "UPDATE entries SET rank = 7 WHERE voucher_id = $1 AND state = 'waiting'", id);
    await inDatabase('page_delivery', 'DELETE FROM entries WHERE voucher_id = $1', id);
    const { exitCode, output } = await command(folder, ['rebuild']);
    expect([exitCode, output.match(/\d+ differences/g)]).toEqual([1, expect.arrayContaining(['2 differences'])]);
    expect([await entryOf('bob', id), await entryOf('carol', id), await line(id)]).toEqual(shown);
    await rebuilt();
  }, 240_000);
});

describe('a user who is forgotten', () => {
  const forget = async (user: string): Promise<void> => {
    const token = await services.signToken({ scope: 'users:forget', sub: 'privacy' });
    const url = `${services.urls['page-delivery']}/v1`;
    const asked = await send<{ id: string }>('POST', `${url}/users/${user}/forget`, { token, key: randomUUID() });
    await eventually(
      'all partitions have forgotten the user',
      async () => {
        const { body } = await send<{ status: string }>('GET', `${url}/forgettings/${asked.body.id}`, { token });
        return body.status === 'done';
      },
      { timeoutMs: 60_000 },
    );
  };

  it('is on no list any more, and what was set aside goes to who is next', async () => {
    const users = { bob: `bob-${randomUUID()}`, carol: `carol-${randomUUID()}`, dora: 'dora' };
    const { id } = (await actor.published(PRESENT_FOR_LONG)) as Voucher;
    const { body: claim } = await actor.claim(id, { user: 'ann' });
    for (const user of Object.values(users)) expect((await actor.join(id, { user })).status).toBe(201);
    await forget(users.carol);
    expect(await line(id)).toEqual([users.bob, 'dora']);
    expect(await entryOf(users.carol, id)).toBeUndefined();
    await actor.release(claim.id, { user: 'ann' });
    await forget(users.bob);
    expect(await line(id)).toEqual([]);
    await eventually('dora has the offer', async () => (await entryOf('dora', id))?.state === 'offered');
    const events = await actor.events(`/vouchers/${id}/events`);
    expect(JSON.stringify(events)).not.toMatch(new RegExp(`${users.bob}|${users.carol}`));
    expect(events.flatMap(({ data }) => data.why ?? [])).toEqual(['user-forgotten', 'user-forgotten']);
    expect((await actor.counters(id)).body).toMatchObject({ joined: 3, left: 2, offered: 1, waiting: 0 });
    // The same id is a new user.
    expect((await actor.join(id, { user: users.bob })).status).toBe(201);
    expect((await actor.claim(id, { user: 'dora' })).status).toBe(201);
    await expectSound(id);
    await rebuilt();
  }, 240_000);
});

const PRESENT_FOR_LONG: Partial<VoucherSpecInput> = { ...PRESENT, waitingList: { offerFor: 'PT1H' } };

async function inDatabase(database: string, text: string, ...values: unknown[]): Promise<void> {
  const url = new URL(databaseUrl());
  url.pathname = `/${services.namespace}_${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(text, values).finally(() => client.end());
}
