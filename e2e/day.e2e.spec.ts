// A voucher's day on which the clocks change: its claims through HTTP, its counters afterwards, and their proof.
import type { CounterValues, VoucherSpecInput } from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Actor, order } from './actor.ts';

const PATIENT = { OUTCOME_WAIT_MS: '20000' };
const QUANTITY = 3;

/** Saturday from noon to half past midnight, and Sunday from 2:30 to 3:30, an hour that is skipped or comes twice. */
const CLAIM_HOURS = [
  { days: ['SA' as const], from: '12:00', to: '00:30' },
  { days: ['SU' as const], from: '02:30', to: '03:30' },
];

/** Time, user, action, and its result: a reason, or the end of the time to use the claim. */
type Step = [at: string, user: string, act: 'claim' | 'lock' | 'redeem' | 'roll back' | 'release', outcome: string];
type Moment = [at: string, counters: Partial<CounterValues>];

interface Day {
  name: string;
  valid: { from: string; to: string };
  steps: Step[];
  moments: Moment[];
}

const DAYS: Day[] = [
  {
    name: 'in spring, when 2:00 becomes 3:00',
    valid: { from: '2026-03-28T00:00:00+01:00', to: '2026-04-01T00:00:00+02:00' },
    steps: [
      ['2026-03-28T11:59:59.999+01:00', 'ann', 'claim', 'outside-claim-window: opens at 2026-03-28T11:00:00.000Z'],
      ['2026-03-28T12:00:00+01:00', 'ann', 'claim', '2026-03-29T10:00:00.000Z'], // noon to noon: 23 hours
      ['2026-03-29T00:29:59.999+01:00', 'bob', 'claim', '2026-03-29T22:29:59.999Z'],
      ['2026-03-29T00:30:00+01:00', 'cat', 'claim', 'outside-claim-window: opens at 2026-03-29T01:00:00.000Z'],
      ['2026-03-29T01:59:59.999+01:00', 'cat', 'claim', 'outside-claim-window: opens at 2026-03-29T01:00:00.000Z'],
      ['2026-03-29T03:00:00+02:00', 'cat', 'claim', '2026-03-30T01:00:00.000Z'],
      ['2026-03-29T03:29:59.999+02:00', 'dan', 'claim', 'sold-out: 0 of 3 units are free'],
      [
        '2026-03-29T03:30:00+02:00',
        'dan',
        'claim',
        'outside-claim-window: does not open again before its end at 2026-03-31T22:00:00.000Z',
      ],
      ['2026-03-29T11:00:00+02:00', 'ann', 'lock', '2026-03-29T10:00:00.000Z'],
      ['2026-03-29T11:30:00+02:00', 'bob', 'redeem', 'redeemed'],
      ['2026-03-29T11:59:59.999+02:00', 'cat', 'release', 'released'],
      ['2026-03-29T12:00:00+02:00', 'ann', 'redeem', 'claim-expired: expired at 2026-03-29T10:00:00.000Z'],
      ['2026-03-29T12:30:00+02:00', 'bob', 'roll back', 'held'],
    ],
    moments: [
      ['2026-03-28T11:00:00Z', { claimed: 1, held: 1, free: 2, refused: { claim: { 'outside-claim-window': 1 } } }],
      ['2026-03-29T00:59:59.999Z', { claimed: 2, held: 2, free: 1, refused: { claim: { 'outside-claim-window': 3 } } }],
      ['2026-03-29T09:00:00Z', { claimed: 3, held: 2, locked: 1, redeemed: 0, free: 0 }],
      ['2026-03-29T09:59:59.999Z', { held: 0, locked: 1, used: 1, redeemed: 1, released: 1, free: 1 }],
      [
        '2026-04-01T00:00:00Z',
        {
          claimed: 3,
          held: 1,
          locked: 0,
          used: 0,
          redeemed: 0,
          rolledBack: 1,
          expired: 1,
          released: 1,
          free: 2,
          refused: { claim: { 'outside-claim-window': 4, 'sold-out': 1 }, redemption: { 'claim-expired': 1 } },
        },
      ],
    ],
  },
  {
    name: 'in autumn, when 3:00 becomes 2:00',
    valid: { from: '2026-10-24T00:00:00+02:00', to: '2026-10-28T00:00:00+01:00' },
    steps: [
      ['2026-10-24T11:59:59.999+02:00', 'ann', 'claim', 'outside-claim-window: opens at 2026-10-24T10:00:00.000Z'],
      ['2026-10-24T12:00:00+02:00', 'ann', 'claim', '2026-10-25T11:00:00.000Z'], // noon to noon: 25 hours
      ['2026-10-25T02:29:59.999+02:00', 'bob', 'claim', 'outside-claim-window: opens at 2026-10-25T00:30:00.000Z'],
      ['2026-10-25T02:30:00+02:00', 'bob', 'claim', '2026-10-26T01:30:00.000Z'],
      ['2026-10-25T02:00:00+01:00', 'cat', 'claim', 'outside-claim-window: opens at 2026-10-25T01:30:00.000Z'],
      ['2026-10-25T02:29:59.999+01:00', 'cat', 'claim', 'outside-claim-window: opens at 2026-10-25T01:30:00.000Z'],
      ['2026-10-25T02:30:00+01:00', 'cat', 'claim', '2026-10-26T01:30:00.000Z'],
      ['2026-10-25T11:30:00+01:00', 'ann', 'redeem', 'redeemed'], // 24.5 hours later
      ['2026-10-25T11:45:00+01:00', 'bob', 'lock', '2026-10-25T12:45:00.000Z'],
      ['2026-10-25T14:00:00+01:00', 'bob', 'release', 'released'], // its lock has run out
      ['2026-10-26T02:30:00+01:00', 'cat', 'redeem', 'claim-expired: expired at 2026-10-26T01:30:00.000Z'],
    ],
    moments: [
      ['2026-10-24T10:00:00Z', { claimed: 1, held: 1, free: 2 }],
      ['2026-10-25T00:30:00Z', { claimed: 2, held: 2, refused: { claim: { 'outside-claim-window': 2 } } }],
      ['2026-10-25T01:30:00Z', { claimed: 3, held: 3, refused: { claim: { 'outside-claim-window': 4 } }, free: 0 }],
      ['2026-10-25T10:45:00Z', { held: 1, locked: 1, used: 1, redeemed: 1, free: 0 }],
      ['2026-10-26T01:30:00Z', { held: 0, locked: 0, used: 1, redeemed: 1, released: 1, expired: 1, free: 2 }],
    ],
  },
];

const spec = (valid: Day['valid'], more: Partial<VoucherSpecInput['windows']> = {}): Partial<VoucherSpecInput> => ({
  clock: 'submissions',
  windows: { timeZone: 'Europe/Berlin', valid, ...more },
});

let services: TestServices;
let actor: Actor;
beforeAll(async () => {
  services = await startServices({ environment: PATIENT });
  actor = await Actor.of(services);
}, 120_000);
afterAll(() => services?.stop());

describe.each(DAYS)('a day of a voucher in Berlin $name', ({ valid, steps, moments }) => {
  let voucherId: string;
  let lockedUntil: string;
  const claims = new Map<string, string>();
  const redemptions = new Map<string, string>();

  beforeAll(async () => {
    const windows = { claim: { hours: CLAIM_HOURS }, use: { afterClaim: { delay: 'PT0S', length: 'P1D' } } };
    voucherId = (await actor.published({ ...spec(valid, windows), quantities: { claim: QUANTITY } })).id;
    const told: Step[] = [];
    for (const step of steps) told.push([step[0], step[1], step[2], await take(step)]);
    expect(told).toEqual(steps);
  }, 90_000);

  /** Takes one step and returns its result in the notation of the table. */
  async function take([at, user, act]: Step): Promise<string> {
    const asking = { at, user };
    const claimId = claims.get(user)!;
    const sent = await {
      claim: () => actor.claim(voucherId, asking),
      lock: () => actor.lock(claimId, 'order-1', 7_200, asking),
      release: () => actor.release(claimId, asking),
      redeem: () => actor.redeem(claimId, order('order-1'), asking),
      'roll back': () => actor.rollBack(redemptions.get(user)!, { at }),
    }[act]();
    if (sent.status === 409) {
      const decision = await actor.decision(sent.headers.get('submission-id')!);
      expect(decision.body).toMatchObject({ at: new Date(at).toISOString(), reason: sent.body.reason });
      return `${sent.body.reason}: ${decision.body.checks.at(-1)!.detail}`;
    }
    expect(Math.floor(sent.status / 100)).toBe(2);
    if (act === 'claim') {
      claims.set(user, sent.body.id);
      return (sent.body as { useUntil: string }).useUntil;
    }
    if (act === 'lock') return (lockedUntil = (sent.body as { lock: { until: string } }).lock.until);
    if (act === 'redeem') redemptions.set(user, sent.body.id);
    const position = { 'Voucher-Position': sent.headers.get('voucher-position')! };
    return (await actor.edge<{ state: string }>('GET', `/claims/${claimId}`, { user, headers: position })).body.state;
  }

  it.each(moments)('its counters at %s', async (at, expected) => {
    const { status, body } = await actor.counters(voucherId, `?at=${at}`);
    expect([status, body]).toMatchObject([200, expected]);
    expect(Date.parse(body.asOf.at)).toBeLessThanOrEqual(Date.parse(at));
  });

  it.each(moments)('the proof at %s holds', async (at, expected) => {
    const { refused: _, ...units } = expected;
    const { status, body } = await actor.proof(voucherId, `?at=${at}`);
    expect([status, body]).toMatchObject([200, { holds: true, claimQuantity: QUANTITY, projected: units }]);
    const { free, offered, held, locked, used, retired } = body;
    expect(free! + offered + held + locked + used + retired).toBe(QUANTITY);
    const { checks: _checks, replayed: _replayed, chain: _chain, ...figures } = body;
    const { body: full } = await actor.proof(voucherId, `?at=${at}&full=true`);
    expect(full).toMatchObject(figures);
    expect(full.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(full.replayed.after).toBe(0);
  });

  it('today’s counters are those of its last moment, proven from the first event', async () => {
    const [now, last] = [await actor.counters(voucherId), await actor.counters(voucherId, `?at=${moments.at(-1)![0]}`)];
    expect(now.body).toEqual(last.body);
    const { asOf, voucherId: _, ...projected } = now.body;
    const { body } = await actor.proof(voucherId, '?full=true');
    expect(body).toMatchObject({ holds: true, projected, head: { partition: asOf.partition, seq: asOf.seq } });
  });

  it('counters and proof are 404 before its first event', async () => {
    const before = new Date(Date.parse(valid.from) - 1).toISOString();
    expect((await actor.counters(voucherId, `?at=${before}`)).status).toBe(404);
    expect((await actor.proof(voucherId, `?at=${before}`)).status).toBe(404);
    expect((await actor.counters(voucherId, `?at=${new Date(valid.from).toISOString()}`)).body.claimed).toBe(0);
  });

  it('due changes happened at their due time, before the submissions of that time', async () => {
    const events = await actor.events(`/vouchers/${voucherId}/events`);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort());
    const due = events.filter(
      ({ type, submissionId }) =>
        submissionId === undefined && (type === 'voucher.claim-expired.v1' || type === 'voucher.unlocked.v1'),
    );
    const moment = { 'voucher.claim-expired.v1': due.at(-1)!.data.claim!.useUntil, 'voucher.unlocked.v1': lockedUntil };
    expect(due.map(({ type, at }) => [type, at])).toEqual(Object.entries(moment).reverse());
  });
});

describe('a day is not always 24 hours', () => {
  it.each([
    ['P1D', '2026-03-28T12:00:00+01:00', '2026-03-29T12:00:00+02:00'],
    ['PT24H', '2026-03-28T12:00:00+01:00', '2026-03-29T13:00:00+02:00'],
    ['P1D', '2026-03-28T02:30:00+01:00', '2026-03-29T03:30:00+02:00'], // 2:30 is skipped: moved by the gap
    ['P1D', '2026-10-24T12:00:00+02:00', '2026-10-25T12:00:00+01:00'],
    ['PT24H', '2026-10-24T12:00:00+02:00', '2026-10-25T11:00:00+01:00'],
    ['P1D', '2026-10-24T02:30:00+02:00', '2026-10-25T02:30:00+02:00'], // 2:30 comes twice: the first counts
  ])('%s from %s ends at %s', async (length, at, end) => {
    const valid = { from: '2026-01-01T00:00:00+01:00', to: '2027-01-01T00:00:00+01:00' };
    const { id } = await actor.published(spec(valid, { use: { afterClaim: { delay: 'PT0S', length } } }));
    const [ann, bob] = [await actor.claim(id, { user: 'ann', at }), await actor.claim(id, { user: 'bob', at })];
    const useUntil = new Date(end).toISOString();
    expect([ann, bob]).toMatchObject([
      { status: 201, body: { useUntil } },
      { status: 201, body: { useUntil } },
    ]);
    const justBefore = new Date(Date.parse(end) - 1).toISOString();
    expect((await actor.redeem(ann.body.id, order('a'), { at: justBefore })).status).toBe(201);
    expect(await actor.redeem(bob.body.id, order('b'), { at: end })).toMatchObject({
      status: 409,
      body: { reason: 'claim-expired' },
    });
  });
});
