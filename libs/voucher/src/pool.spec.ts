import { describe, expect, it } from '@jest/globals';
import type { ClaimState, PoolPolicy, VoucherSpecInput } from '@vouchers/contracts';
import { freeUnits } from './counters.ts';
import { NOVEMBER, Story } from '../testing/story.ts';

const NOON = '2026-11-10T12:00:00.000Z';
const EXPIRED = '2026-11-10T13:00:00.000Z';

/** A voucher of 10 units. A claim lasts an hour and can be used `perClaim` times. */
function claimed(pool: Partial<PoolPolicy>, perClaim = 1, claims: 'honour' | 'revoke' = 'honour'): Story {
  const story = new Story();
  story.define(spec(pool, perClaim, claims));
  story.submit('claim', NOON);
  return story;
}

function spec(pool: Partial<PoolPolicy>, perClaim: number, claims: 'honour' | 'revoke'): Partial<VoucherSpecInput> {
  const windows = { ...NOVEMBER.windows, use: { afterClaim: { delay: 'PT0S', length: 'PT1H' } } };
  return { quantities: { claim: 10 }, pool, windows, nodes: { use: { perClaim }, terminate: { claims } } };
}

type Step = (story: Story) => void;
const release: Step = (story) => story.submit('release', NOON);
const revoke: Step = (story) => story.submit('revoke', NOON);
const expire: Step = (story) => story.tick(EXPIRED);
const redeem: Step = (story) => story.submit('redemption', NOON);
const redeemAgain: Step = (story) => story.submit('redemption', NOON, { redemptionId: 'again' });

describe('the unit of a claim that ends unused', () => {
  it.each<[string, Partial<PoolPolicy>, Step, ClaimState, number, number]>([
    ['expired, by default', {}, expire, 'expired', 10, 0],
    ['expired, retire', { expired: 'retire' }, expire, 'expired', 9, 1],
    ['released, by default', {}, release, 'released', 10, 0],
    ['released, retire', { released: 'retire' }, release, 'released', 9, 1],
    ['revoked, by default', {}, revoke, 'revoked', 9, 1],
    ['revoked, return', { revoked: 'return' }, revoke, 'revoked', 10, 0],
  ])('%s', (_, pool, end, state, free, retired) => {
    const story = claimed(pool);
    end(story);
    expect(story.claim.state).toBe(state);
    expect([freeUnits(story.voucher!), story.voucher!.counters.retired]).toEqual([free, retired]);
  });
});

describe('a claim that was used before', () => {
  it.each<[string, Step, string]>([
    ['expires', expire, 'voucher.claim-expired.v1'],
    ['is released', release, 'voucher.claim-released.v1'],
    ['is revoked', revoke, 'voucher.claim-revoked.v1'],
  ])('is redeemed when it %s, and its unit is spent', (_, end, type) => {
    const story = claimed({ released: 'retire', expired: 'retire' }, 2);
    redeem(story);
    end(story);
    expect(story.events.at(-1)).toMatchObject({ type, claim: { state: 'redeemed', uses: 1 } });
    expect(story.voucher!.counters).toMatchObject({ used: 1, retired: 0, released: 0, expired: 0, revoked: 0 });
    expect(freeUnits(story.voucher!)).toBe(9);
  });
});

describe('the rollback of a use', () => {
  interface Row {
    pool?: Partial<PoolPolicy>;
    perClaim?: number;
    before: Step[];
    at?: string;
    terminated?: 'honour' | 'revoke';
    state: ClaimState;
    uses: number;
    free: number;
    retired: number;
  }
  const held = { state: 'held', free: 9, retired: 0 } as const;
  const stays = { state: 'redeemed', uses: 1, free: 9, retired: 0 } as const;
  const hold = { rolledBack: 'hold' } as const;
  it.each<[string, Row]>([
    ['of a held claim: nothing else', { perClaim: 2, before: [redeem], ...held, uses: 0 }],
    [
      'of a held claim: only the count of uses changes, with any pool policy',
      { pool: { rolledBack: 'retire' }, perClaim: 2, before: [redeem], ...held, uses: 0 },
    ],
    [
      'of a locked claim: only the count of uses changes',
      {
        perClaim: 2,
        before: [redeem, (story) => story.submit('lock', NOON)],
        state: 'locked',
        uses: 0,
        free: 9,
        retired: 0,
      },
    ],
    ['uses left, spent before: held again', { perClaim: 2, before: [redeem, redeemAgain], ...held, uses: 1 }],
    ['uses left, ended by its release: it stays', { perClaim: 3, before: [redeem, redeemAgain, release], ...stays }],
    ['uses left, but past its end: it stays', { perClaim: 2, before: [redeem, redeemAgain], at: EXPIRED, ...stays }],
    [
      'uses left, 1 ms before its end: held again',
      { perClaim: 2, before: [redeem, redeemAgain], at: '2026-11-10T12:59:59.999Z', ...held, uses: 1 },
    ],
    [
      'uses left, `return`: it stays',
      { pool: { rolledBack: 'return' }, perClaim: 2, before: [redeem, redeemAgain], ...stays },
    ],
    [
      'uses left, `retire`: it stays',
      { pool: { rolledBack: 'retire' }, perClaim: 2, before: [redeem, redeemAgain], ...stays },
    ],
    [
      'uses left, terminated with `revoke`: it stays',
      { perClaim: 2, before: [redeem, redeemAgain], terminated: 'revoke', ...stays },
    ],
    [
      'uses left, terminated with `honour`: held again',
      { perClaim: 2, before: [redeem, redeemAgain], terminated: 'honour', ...held, uses: 1 },
    ],
    ['no uses left, `hold`', { pool: hold, before: [redeem], ...held, uses: 0 }],
    [
      'no uses left, `hold`, ended by its release',
      { pool: hold, perClaim: 2, before: [redeem, release], ...held, uses: 0 },
    ],
    [
      'no uses left, `hold`, past its end',
      { pool: hold, before: [redeem], at: EXPIRED, state: 'expired', uses: 0, free: 10, retired: 0 },
    ],
    [
      'no uses left, `hold`, past its end, expired retires',
      {
        pool: { ...hold, expired: 'retire' },
        before: [redeem],
        at: EXPIRED,
        state: 'expired',
        uses: 0,
        free: 9,
        retired: 1,
      },
    ],
    [
      'no uses left, `hold`, terminated with `revoke`',
      { pool: hold, before: [redeem], terminated: 'revoke', state: 'revoked', uses: 0, free: 9, retired: 1 },
    ],
    [
      'no uses left, `hold`, terminated with `revoke`, revoked returns',
      {
        pool: { ...hold, revoked: 'return' },
        before: [redeem],
        terminated: 'revoke',
        state: 'revoked',
        uses: 0,
        free: 10,
        retired: 0,
      },
    ],
    [
      'no uses left, `hold`, terminated with `honour`',
      { pool: hold, before: [redeem], terminated: 'honour', ...held, uses: 0 },
    ],
    [
      'no uses left, `return`',
      {
        pool: { rolledBack: 'return', released: 'retire' },
        before: [redeem],
        state: 'released',
        uses: 0,
        free: 10,
        retired: 0,
      },
    ],
    [
      'no uses left, `return`, past its end',
      {
        pool: { rolledBack: 'return' },
        before: [redeem],
        at: EXPIRED,
        state: 'released',
        uses: 0,
        free: 10,
        retired: 0,
      },
    ],
    [
      'no uses left, `retire`',
      {
        pool: { rolledBack: 'retire', revoked: 'return' },
        before: [redeem],
        state: 'revoked',
        uses: 0,
        free: 9,
        retired: 1,
      },
    ],
  ])('%s', (_, { pool = {}, perClaim = 1, before, at = NOON, terminated, ...after }) => {
    const story = claimed(pool, perClaim, terminated);
    for (const step of before) step(story);
    if (terminated) story.define(spec(pool, perClaim, terminated), 'terminated', NOON);
    const { redeemed } = story.voucher!.counters;
    const events = story.submit('rollback', at);
    expect(events).toHaveLength(1);
    const { retired } = story.voucher!.counters;
    expect({ state: story.claim.state, uses: story.claim.uses, free: freeUnits(story.voucher!), retired }).toEqual(
      after,
    );
    expect(story.voucher!.counters).toMatchObject({ redeemed: redeemed - 1, rolledBack: 1 });
    expect(story.ask('rollback', at)).toBe('already-rolled-back');
  });

  it('to `released` lets the user claim again', () => {
    const story = claimed({ rolledBack: 'return' });
    redeem(story);
    expect(story.ask('claim', NOON, { claimId: 'next' })).toBe('per-user-limit');
    story.submit('rollback', NOON);
    expect(story.ask('claim', NOON, { claimId: 'next' })).toBe('granted');
  });
});
