import { describe, expect, it } from '@jest/globals';
import type { CounterValues, Voucher } from '@vouchers/contracts';
import { funnelOf, refusalsOf, refusedIn, unitsOf } from './funnel.ts';
import { timeEdgeOf } from './voucher-time.ts';

const COUNTERS: CounterValues = {
  ...{ pushed: 100, claimed: 40, redeemed: 10, rolledBack: 0, held: 20, locked: 5, used: 10, expired: 3, released: 1 },
  ...{ revoked: 1, retired: 2, offered: 0, free: 13 },
  ...{ waiting: 0, joined: 0, claimedFromOffer: 0, lapsed: 0, left: 0, extended: 0 },
  ...{ discounted: {}, reserved: { uses: 0, discount: {} } },
  refused: { claim: { 'claim-rule': 8, 'sold-out': 9 }, lock: { 'claim-expired': 1 } },
};

describe('the funnel', () => {
  it('has bars that begin at zero, each with the count of the step before', () => {
    expect(funnelOf(COUNTERS)).toEqual([
      { key: 'pushed', count: 100, length: 1, of: undefined },
      { key: 'claimed', count: 40, length: 0.4, of: 100 },
      { key: 'redeemed', count: 10, length: 0.1, of: 40 },
    ]);
  });

  it('has bars without length if all counts are 0; claims without pushes are the longest bar', () => {
    expect(funnelOf({ pushed: 0, claimed: 0, redeemed: 0 }).map(({ length }) => length)).toEqual([0, 0, 0]);
    expect(funnelOf({ pushed: 0, claimed: 4, redeemed: 2 }).map(({ length }) => length)).toEqual([0, 1, 0.5]);
  });

  it('says no share of the pushes if there are fewer of them than claims', () => {
    expect(funnelOf({ pushed: 1, claimed: 3, redeemed: 0 }).map(({ of }) => of)).toEqual([undefined, undefined, 3]);
  });
});

it('the units add up to the offered ones; without a limit none is free', () => {
  expect(unitsOf(COUNTERS).reduce((sum, { count }) => sum + count, 0)).toBe(50);
  expect(unitsOf({ ...COUNTERS, free: null }).map(({ key }) => key)).toEqual([
    'offered',
    'held',
    'locked',
    'used',
    'retired',
  ]);
});

it('refusals are listed with the most frequent first, and summed', () => {
  expect(refusalsOf(COUNTERS.refused.claim)).toEqual([
    ['sold-out', 9],
    ['claim-rule', 8],
  ]);
  expect(refusalsOf(undefined)).toEqual([]);
  expect(refusedIn(COUNTERS)).toBe(18);
  expect(refusedIn({ ...COUNTERS, refused: { ...COUNTERS.refused, push: { paused: 5 } } })).toBe(18);
});

describe('the next edge of a voucher’s windows', () => {
  const windows = {
    timeZone: 'UTC',
    valid: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
    claim: { from: '2026-11-05T00:00:00Z', to: '2026-11-20T00:00:00Z' },
    use: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
  };
  const voucher = { state: 'enabled', clock: 'wall', windows } as Voucher;
  it.each([
    ['2026-10-31T23:59:59.999Z', 'claimOpens'],
    ['2026-11-04T23:59:59.999Z', 'claimOpens'],
    ['2026-11-05T00:00:00.000Z', 'claimOpenUntil'],
    ['2026-11-19T23:59:59.999Z', 'claimOpenUntil'],
    ['2026-11-20T00:00:00.000Z', 'claimClosed'],
    ['2026-11-30T23:59:59.999Z', 'claimClosed'],
    ['2026-12-01T00:00:00.000Z', 'over'],
  ])('at %s: %s', (at, key) => {
    expect(timeEdgeOf(voucher, Date.parse(at))?.key).toBe(key);
  });

  it('is absent if the voucher is terminated or has the clock of submissions', () => {
    const within = Date.parse('2026-11-10T00:00:00Z');
    expect(timeEdgeOf({ ...voucher, state: 'terminated' }, within)).toBeUndefined();
    expect(timeEdgeOf({ ...voucher, clock: 'submissions' }, within)).toBeUndefined();
  });
});
