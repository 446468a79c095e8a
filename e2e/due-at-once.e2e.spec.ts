// Many claims end at one instant, by time or by a termination, and the ledger is killed meanwhile. Also changes that
// come by time alone. CLAIMS=100000 for the long form.
import { randomUUID } from 'node:crypto';
import type { Claim, EventRow, EventType, Voucher, VoucherSpecInput } from '@vouchers/contracts';
import { databaseUrl, eventually, startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Actor } from './actor.ts';

const CLAIMS = Number(process.env['CLAIMS'] ?? 3_000);
const AT_ONCE = 48;
/** Limit of one test, enough for a busy machine. */
const LIMIT_MS = 120_000 + CLAIMS * 10;
const FAR = '2120-01-01T00:00:00.000Z';

let services: TestServices;
let actor: Actor;
let database: pg.Client;
beforeAll(async () => {
  services = await startServices({ environment: { OUTCOME_WAIT_MS: '30000' } });
  actor = await Actor.of(services);
  const url = new URL(databaseUrl());
  url.pathname = `/${services.namespace}_ledger`;
  database = new pg.Client({ connectionString: url.href });
  await database.connect();
}, 120_000);
afterAll(async () => {
  await database?.end();
  await services?.stop();
});

const windows = (use: VoucherSpecInput['windows']['use'] = {}): Pick<VoucherSpecInput, 'windows'> => ({
  windows: { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00.000Z', to: FAR }, use },
});

async function claimedByAll({ id }: Voucher, at?: string): Promise<void> {
  const users = Array.from({ length: CLAIMS }, (_, index) => `user-${index}`).values();
  const visit = async (): Promise<void> => {
    for (const user of users) {
      const { status, body } = await actor.claim(id, { user, ...(at && { at }) });
      if (status !== 201) throw new Error(`${user} was not granted a claim: ${JSON.stringify(body)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visit));
  await slowDown();
}

/** Makes Postgres slow for each slice. Otherwise slices follow so fast that no kill comes between two. */
async function slowDown(): Promise<void> {
  await database.query(`
    CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END $$;
    CREATE TRIGGER take_time AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION take_time()`);
}

/** Counts a voucher's events of a type in the ledger's database, which also works while the ledger is dead. */
async function written({ id }: Voucher, type: EventType): Promise<number> {
  const text = 'SELECT count(*)::int AS n FROM events WHERE voucher_id = $1 AND type = $2';
  return (await database.query<{ n: number }>(text, [id, type])).rows[0]!.n;
}

/** Kills the ledger when some of the events are written, checks that others are missing, and starts it again. */
async function killedAmid(voucher: Voucher, type: EventType): Promise<void> {
  await eventually(`the first ${type}`, async () => (await written(voucher, type)) > 0, {
    timeoutMs: 60_000,
    everyMs: 5,
  });
  await services.kill('ledger');
  await database.query('DROP FUNCTION take_time CASCADE');
  const amid = await written(voucher, type);
  expect(amid).toBeGreaterThan(0);
  expect(amid).toBeLessThan(CLAIMS);
  expect(amid % 1_000).toBe(0); // only whole slices
  await services.restart('ledger');
}

/** Expects that every claim ended once, the partition has no gap, and every counter is exact. */
async function expectExact(voucher: Voucher, type: EventType, counters: object): Promise<EventRow[]> {
  await eventually(`${CLAIMS} ${type}`, async () => (await written(voucher, type)) >= CLAIMS, { timeoutMs: LIMIT_MS });
  const { body: now } = await actor.counters(voucher.id);
  expect(now).toMatchObject({ held: 0, locked: 0, ...counters });
  const { body: proof } = await actor.proof(voucher.id, '?full=true');
  expect(proof).toMatchObject({ holds: true, claimQuantity: CLAIMS });
  const all = await actor.events(`/events?partition=${now.asOf.partition}`);
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
  const ends = all.filter((event) => event.voucherId === voucher.id && event.type === type);
  expect(ends).toHaveLength(CLAIMS);
  expect(new Set(ends.map(({ data }) => data.claim!.id)).size).toBe(CLAIMS);
  return ends;
}

/** Expects that the read model has followed: no wallet still shows a claim as held. */
async function expectShown(voucher: Voucher, state: Claim['state']): Promise<void> {
  const { body } = await actor.counters(voucher.id);
  const headers = { 'Voucher-Position': `${body.asOf.partition}:${body.asOf.seq}` };
  for (const user of ['user-0', `user-${CLAIMS - 1}`]) {
    await eventually(
      `${user}'s claim is shown as ${state}`,
      async () => {
        const wallet = await actor.edge<{ items: Claim[] }>('GET', `/claims?voucherId=${voucher.id}`, {
          user,
          headers,
        });
        expect(wallet.body.items.map((claim) => claim.state)).toEqual([state]);
        return true;
      },
      { timeoutMs: 60_000 },
    );
  }
}

describe(`${CLAIMS} claims at one instant`, () => {
  /** Time that it took to grant all claims. */
  let grantingMs = 0;

  it(
    'expire before a submission is decided, in spite of a kill of the ledger',
    async () => {
      const voucher = await actor.published({
        ...windows({ afterClaim: { delay: 'PT0S', length: 'PT12H' } }),
        clock: 'submissions',
        quantities: { claim: CLAIMS },
      });
      const began = Date.now();
      await claimedByAll(voucher, '2026-06-01T12:00:00.000Z');
      grantingMs = Date.now() - began;
      expect((await actor.counters(voucher.id)).body).toMatchObject({ held: CLAIMS, free: 0 });
      const late = { user: 'late', at: '2026-06-02T08:00:00.000Z', key: randomUUID() };
      const decided = async () => {
        const sent = await actor.claim(voucher.id, late);
        return sent.status === 202 || sent.status === 503 ? undefined : sent;
      };
      const [answer] = await Promise.all([
        eventually('the late claim is decided', decided, { timeoutMs: LIMIT_MS }),
        killedAmid(voucher, 'voucher.claim-expired.v1'),
      ]);
      expect(answer).toMatchObject({ status: 201, body: { useUntil: '2026-06-02T20:00:00.000Z' } });
      const ends = await expectExact(voucher, 'voucher.claim-expired.v1', {
        claimed: CLAIMS + 1,
        held: 1,
        expired: CLAIMS,
        free: CLAIMS - 1,
      });
      expect(new Set(ends.map(({ at }) => at))).toEqual(new Set(['2026-06-02T00:00:00.000Z']));
      expect(answer.headers.get('voucher-position')).toBe(`${ends[0]!.partition}:${ends.at(-1)!.seq + 1}`);
      await expectShown(voucher, 'expired');
    },
    LIMIT_MS,
  );

  it(
    'expire by the timer without any submission, in spite of a kill of the ledger',
    async () => {
      const due = new Date(Date.now() + grantingMs * 2 + 15_000).toISOString();
      const voucher = await actor.published({ ...windows({ to: due }), quantities: { claim: CLAIMS } });
      await claimedByAll(voucher);
      expect(Date.now()).toBeLessThan(Date.parse(due)); // otherwise the machine is too slow for this test
      await killedAmid(voucher, 'voucher.claim-expired.v1');
      const ends = await expectExact(voucher, 'voucher.claim-expired.v1', { expired: CLAIMS, free: CLAIMS });
      expect(new Set(ends.map(({ at }) => at))).toEqual(new Set([due]));
      await expectShown(voucher, 'expired');
    },
    LIMIT_MS,
  );

  it(
    'are revoked by a termination, in spite of a kill of the ledger',
    async () => {
      const voucher = await actor.published({
        ...windows(),
        quantities: { claim: CLAIMS },
        nodes: { terminate: { claims: 'revoke' } },
      });
      await claimedByAll(voucher);
      expect((await actor.staff('terminate', voucher.id)).status).toBe(200);
      await killedAmid(voucher, 'voucher.claim-revoked.v1');
      const ends = await expectExact(voucher, 'voucher.claim-revoked.v1', {
        revoked: CLAIMS,
        retired: CLAIMS,
        free: 0,
      });
      const ids = ends.map(({ data }) => data.claim!.id);
      expect(ids).toEqual([...ids].sort());
      await expectShown(voucher, 'revoked');
      const late = await actor.claim(voucher.id, { user: 'late' });
      expect(late).toMatchObject({ status: 409, body: { reason: 'terminated' } });
    },
    LIMIT_MS,
  );
});

describe('without any submission', () => {
  it('a lock runs out and a claim expires, each at its time', async () => {
    const voucher = await actor.published(windows({ afterClaim: { delay: 'PT0S', length: 'PT6S' } }));
    const { body: claim } = await actor.claim(voucher.id, { user: 'ann' });
    const { body: locked } = await actor.lock(claim.id, 'order-1', 1, { user: 'ann' });
    const timed = await eventually(
      'both have happened',
      async () => {
        const rows = await actor.events(`/claims/${claim.id}/history`);
        return rows.length < 4 ? undefined : rows;
      },
      { timeoutMs: 30_000 },
    );
    expect(timed.map(({ type, at, submissionId }) => [type, at, submissionId !== undefined])).toEqual([
      ['voucher.claimed.v1', claim.heldAt, true],
      ['voucher.locked.v1', expect.any(String), true],
      ['voucher.unlocked.v1', locked.lock!.until, false],
      ['voucher.claim-expired.v1', claim.useUntil, false],
    ]);
    for (const { at, decidedAt } of timed) expect(decidedAt >= at).toBe(true);
    expect((await actor.proof(voucher.id, '?full=true')).body).toMatchObject({ holds: true, held: 0, locked: 0 });
  }, 60_000);

  it('a voucher is enabled and terminated as its conditions turn true', async () => {
    const [enabled, ended] = [3_000, 5_000].map((ms) => new Date(Date.now() + ms).toISOString());
    const voucher = await actor.published({
      ...windows(),
      nodes: {
        enable: { when: `now >= timestamp("${enabled}")` },
        terminate: { when: `now >= timestamp("${ended}")` },
      },
    });
    expect(await actor.claim(voucher.id, { user: 'ann' })).toMatchObject({
      status: 409,
      body: { reason: 'not-enabled' },
    });
    const turned = await eventually(
      'both nodes have turned',
      async () => {
        const rows = await actor.events(`/vouchers/${voucher.id}/events`);
        return rows.at(-1)!.type === 'voucher.terminated.v1' ? rows : undefined;
      },
      { timeoutMs: 30_000 },
    );
    expect(turned.map(({ type }) => type)).toEqual([
      'voucher.defined.v1',
      'voucher.claim-refused.v1',
      'voucher.enabled.v1',
      'voucher.terminated.v1',
    ]);
    expect(turned[2]!.at >= enabled!).toBe(true);
    expect(turned[3]!.at >= ended!).toBe(true);
    expect(await actor.claim(voucher.id, { user: 'ann' })).toMatchObject({
      status: 409,
      body: { reason: 'terminated' },
    });
  }, 60_000);
});
