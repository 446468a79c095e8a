import { describe, expect, it } from '@jest/globals';
import type { SubmissionOf, VoucherSpecInput } from '@vouchers/contracts';
import { Story, types } from '../../testing/story.ts';
import { excessOf, sumFaultOf } from '../proof.ts';

const NOON = '2026-11-10T12:00:00.000Z';
const SOON = '2026-11-10T12:05:00.000Z';
/** The lock of NOON runs out. */
const OUT = '2026-11-10T12:15:00.000Z';
const CALL = '018f0000-0000-8000-8000-00000000000a';
const OTHER = '018f0000-0000-8000-8000-00000000000b';
const order = { id: 'order', amount: 5000, currency: 'EUR' };
const money = { amount: 1000, currency: 'EUR', version: 1 };
const discount = { ...money, lines: [{ amount: 1000 }] };
const reserving: Partial<SubmissionOf<'lock'>> = { ttlSeconds: 900, order, discount: money, orderCall: CALL };
const used: Partial<SubmissionOf<'redemption'>> = { order, discount, orderCall: CALL };
const OFF: Partial<VoucherSpecInput> = { benefit: { type: 'amount-off', amount: 1000, currency: 'EUR' } };

function claimed(spec: Partial<VoucherSpecInput> = {}): Story {
  const story = new Story();
  story.define({ ...OFF, ...spec });
  story.submit('claim', NOON);
  return story;
}

/** A claim of a voucher with three units, reserved at NOON. */
function reserved(spec: Partial<VoucherSpecInput> = {}): Story {
  const story = claimed(spec);
  expect(story.ask('lock', NOON, reserving)).toBe('granted');
  return story;
}

const counted = ({ voucher }: Story) => [voucher!.counters.reserved, voucher!.counters.discounted];
const NOTHING = { uses: 0, discount: {} };

describe('a lock of an order call', () => {
  it('reserves a use and its discount, says so in its event, and its redemption takes them off', () => {
    const story = reserved();
    expect(counted(story)).toEqual([{ uses: 1, discount: { EUR: 1000 } }, {}]);
    expect(story.verdict).toMatchObject({ type: 'voucher.locked.v1', discount: money, facts: {} });
    expect(story.ask('redemption', SOON, used)).toBe('granted');
    expect(counted(story)).toEqual([NOTHING, { EUR: 1000 }]);
    const { discount: taken, redemption, endedReservation } = story.verdict;
    expect([taken, redemption!.discount]).toEqual([
      money,
      { amount: 1000, currency: 'EUR', lines: [{ amount: 1000 }] },
    ]);
    expect(endedReservation).toEqual({ orderCall: CALL, discount: { amount: 1000, currency: 'EUR' } });
    expect(story.verdict.checks!.map(({ check }) => check)).toEqual([
      'claim-expired',
      'claim-released',
      'claim-revoked',
      'already-redeemed',
      'locked-by-other-order',
    ]);
    expect(story.ask('rollback', SOON)).toBe('granted');
    expect(counted(story)).toEqual([NOTHING, {}]);
  });

  it.each<[string, Partial<VoucherSpecInput>, Partial<SubmissionOf<'lock'>>, string]>([
    [
      'of another currency',
      {},
      { order: { ...order, currency: 'CNY' }, discount: { ...money, currency: 'CNY' } },
      'currency-mismatch',
    ],
    ['that takes nothing off', {}, { discount: { ...money, amount: 0 } }, 'no-effect'],
    ['against the rule', { nodes: { use: { when: 'order.amount > 5000' } } }, {}, 'use-rule'],
    ['above the budget', { quantities: { budget: { amount: 999, currency: 'EUR' } } }, {}, 'budget-reached'],
    ['just within the budget', { quantities: { budget: { amount: 1000, currency: 'EUR' } } }, {}, 'granted'],
    ['without an order', {}, { order: undefined }, 'unreadable'],
    ['of another order than it says', {}, { orderId: 'else' }, 'unreadable'],
    ['without a discount', {}, { discount: undefined }, 'unreadable'],
    ['with more than the order', {}, { discount: { ...money, amount: 5001 } }, 'unreadable'],
    ['in another currency than its order', {}, { discount: { ...money, currency: 'CNY' } }, 'unreadable'],
    ['of a combining voucher', { combine: {} }, {}, 'granted'],
  ])('%s', (_, spec, fields, verdict) => {
    expect(claimed(spec).ask('lock', NOON, { ...reserving, ...fields })).toBe(verdict);
  });

  it('counts against redeem quantity and budget as if it had happened', () => {
    const quantities = { redeem: 2, budget: { amount: 2500, currency: 'EUR' } };
    const story = claimed({ quantities, nodes: { claim: { perUser: null } } });
    for (const claimId of ['second', 'third']) story.submit('claim', NOON, { claimId });
    expect(story.ask('lock', NOON, reserving)).toBe('granted');
    expect(story.ask('redemption', NOON, { claimId: 'second', redemptionId: 'r2', order, discount })).toBe('granted');
    expect(story.ask('lock', NOON, { ...reserving, claimId: 'third' })).toBe('redeem-quantity-reached');
    story.define(
      { ...OFF, quantities: { ...quantities, redeem: 3 }, nodes: { claim: { perUser: null } } },
      'published',
      NOON,
    );
    expect(story.ask('redemption', NOON, { claimId: 'third', redemptionId: 'r3', order, discount })).toBe(
      'budget-reached',
    );
    expect(story.verdict.checks!.at(-1)!.detail).toBe('500 of 2500 EUR are left');
    expect(story.ask('unlock', NOON, { orderCall: CALL })).toBe('granted');
    expect(story.ask('redemption', NOON, { claimId: 'third', redemptionId: 'r4', order, discount })).toBe('granted');
    expect(excessOf(story.verdict, story.voucher!)).toBeUndefined();
    expect(sumFaultOf(story.voucher!)).toBeUndefined();
  });

  it('cannot be refused its redemption by rule, quantity, budget or termination', () => {
    const story = reserved({ nodes: { claim: { perUser: null } } });
    story.submit('claim', NOON, { claimId: 'second' });
    const quantities = { redeem: 1, budget: { amount: 1, currency: 'EUR' } };
    const nodes = { use: { when: 'false' }, terminate: { claims: 'revoke' as const } };
    expect(types(story.define({ ...OFF, combine: {}, quantities, nodes }, 'terminated', SOON))).toEqual([
      'defined',
      'claim-revoked',
    ]);
    expect(story.claim.state).toBe('locked');
    expect(story.voucher!.revoking).toBe(false);
    expect(story.ask('redemption', SOON, used)).toBe('granted');
    expect(story.claim.state).toBe('redeemed');
    expect(excessOf(story.verdict, story.voucher!)).toBeUndefined();
  });

  it.each<[string, (story: Story) => string]>([
    ['a redemption of its order', (story) => story.ask('redemption', SOON, { order, discount })],
    ['a redemption of another call', (story) => story.ask('redemption', SOON, { ...used, orderCall: OTHER })],
    [
      'a redemption with another discount',
      (story) => story.ask('redemption', SOON, { ...used, discount: { ...discount, amount: 999 } }),
    ],
    ['a lock of its order', (story) => story.ask('lock', SOON)],
    ['a lock of another call', (story) => story.ask('lock', SOON, { ...reserving, orderCall: OTHER })],
    ['an unlock of its order', (story) => story.ask('unlock', SOON)],
    ['an unlock of another call', (story) => story.ask('unlock', SOON, { orderCall: OTHER })],
    ['a release', (story) => story.ask('release', SOON)],
    ['a revocation', (story) => story.ask('revoke', SOON)],
  ])('is not ended by %s', (_, act) => {
    const story = reserved();
    expect(act(story)).toBe('locked-by-other-order');
    expect(counted(story)).toEqual([{ uses: 1, discount: { EUR: 1000 } }, {}]);
  });

  it('is renewed by its own call, which does not compete with itself', () => {
    const quantities = { redeem: 1, budget: { amount: 1000, currency: 'EUR' } };
    const story = reserved({ quantities });
    expect(story.ask('lock', SOON, { ...reserving, discount: { ...money, amount: 900 } })).toBe('granted');
    expect(counted(story)).toEqual([{ uses: 1, discount: { EUR: 900 } }, {}]);
    expect(story.claim.lock!.until).toBe(Date.parse('2026-11-10T12:20:00.000Z'));
  });
});

describe('the end of a reservation', () => {
  it.each([
    ['1 ms before its time', '2026-11-10T12:14:59.999Z', [], 'locked'],
    ['at its time', OUT, ['unlocked'], 'held'],
  ])('%s', (_, at, events, state) => {
    const story = reserved();
    expect(types(story.tick(at))).toEqual(events);
    expect(story.claim.state).toBe(state);
    expect(story.voucher!.counters.reserved.uses).toBe(state === 'locked' ? 1 : 0);
  });

  /** The claim ends at 12:10, the lock at 12:15. */
  const ends = (at: string): Partial<VoucherSpecInput> => ({
    windows: {
      timeZone: 'UTC',
      valid: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
      use: { from: NOON, to: at },
    },
  });

  it.each<[string, (story: Story) => unknown, string[], string]>([
    ['runs out', (story) => story.tick('2026-11-10T13:00:00.000Z'), ['unlocked', 'claim-expired'], OUT],
    [
      'is given back',
      (story) => story.submit('unlock', '2026-11-10T12:12:00.000Z', { orderCall: CALL }),
      ['unlocked', 'claim-expired'],
      '2026-11-10T12:12:00.000Z',
    ],
  ])('of a claim whose time is over, which %s, ends the claim at the same time', (_, act, events, at) => {
    const story = reserved({ ...ends('2026-11-10T12:10:00Z'), quantities: { claim: 1 } });
    expect(types(story.tick('2026-11-10T12:11:00.000Z'))).toEqual([]);
    const before = story.events.length;
    act(story);
    const after = story.events.slice(before);
    expect(types(after)).toEqual(events);
    expect(new Set(after.map((event) => event.at))).toEqual(new Set([Date.parse(at)]));
    expect(story.claim.state).toBe('expired');
    expect(counted(story)).toEqual([NOTHING, {}]);
  });

  it('of a claim with uses left, which its redemption ends, ends the claim if its time is over', () => {
    const story = reserved({ ...ends('2026-11-10T12:10:00Z'), nodes: { use: { perClaim: 2 } } });
    expect(types(story.submit('redemption', '2026-11-10T12:12:00.000Z', used))).toEqual(['redeemed', 'claim-expired']);
    expect(story.verdict.followedBy).toBe(1);
    expect(story.claim).toMatchObject({ state: 'redeemed', uses: 1, endedBy: 'expiry' });
  });

  it.each<[string, (story: Story) => unknown]>([
    ['runs out', (story) => story.tick(OUT)],
    ['is given back', (story) => story.submit('unlock', SOON, { orderCall: CALL })],
  ])('of a voucher that was terminated with `revoke`, which %s, revokes the claim', (_, act) => {
    const story = reserved();
    story.define({ ...OFF, nodes: { terminate: { claims: 'revoke' } } }, 'terminated', SOON);
    act(story);
    expect(types(story.events).slice(-2)).toEqual(['unlocked', 'claim-revoked']);
    expect(story.claim.state).toBe('revoked');
  });

  it.each([
    [3_600, '2026-11-10T13:00:00.000Z', 'locked'],
    [60, undefined, 'held'],
  ])('lets a lock of %d s that the order had before stand until its own end', (ttlSeconds, until, state) => {
    const story = claimed();
    story.submit('lock', NOON, { ttlSeconds });
    story.submit('lock', NOON, reserving);
    expect(story.ask('unlock', SOON, { orderCall: CALL })).toBe('granted');
    expect(story.claim).toMatchObject({
      state,
      ...(until && { lock: { orderId: 'order', until: Date.parse(until) } }),
    });
    expect(story.ask('unlock', SOON, { orderCall: CALL })).toBe('not-locked');
    expect(story.voucher!.counters).toMatchObject({ [state]: 1, reserved: NOTHING });
  });

  it('comes only by its call with `clock: "submissions"`', () => {
    const story = reserved({ ...ends('2026-11-10T12:10:00Z'), clock: 'submissions' });
    story.submit('claim', '2026-11-20T00:00:00.000Z', { claimId: 'second', userId: 'bob' });
    expect(story.claim).toMatchObject({ state: 'locked', lock: { until: Date.parse('9999-12-31T23:59:59.999Z') } });
    expect(story.ask('redemption', '2026-11-20T00:00:00.000Z', used)).toBe('granted');
  });

  it('does not wait for an extension: a claim whose time is over has no later end', () => {
    const story = reserved({ ...ends('2026-11-10T12:10:00Z'), extension: { length: 'P1D', times: 1 } });
    expect(story.ask('extension', '2026-11-10T12:10:00.000Z')).toBe('claim-expired');
  });
});

describe('a redemption', () => {
  it.each<[string, Partial<VoucherSpecInput>, Partial<SubmissionOf<'redemption'>>, string]>([
    ['outside an order call, of a combining voucher', { combine: {} }, { discount }, 'order-required'],
    [
      'outside an order call, of a combining gift',
      { combine: {}, benefit: { type: 'gift', sku: 'G', name: 'Mug' } },
      {},
      'order-required',
    ],
    ['of an edge of the release before', {}, { discount: undefined }, 'granted'],
    ['of such an edge, of a combining voucher', { combine: {} }, { discount: undefined }, 'unreadable'],
    [
      'of such an edge, with a budget',
      { quantities: { budget: { amount: 1, currency: 'EUR' } } },
      { discount: undefined },
      'unreadable',
    ],
    [
      'that takes nothing off, outside an order call',
      {},
      { discount: { ...discount, amount: 0, lines: [] } },
      'granted',
    ],
    ['with half a cent', {}, { discount: { ...discount, amount: 0.5 } }, 'unreadable'],
    ['with less than nothing', {}, { discount: { ...discount, amount: -1 } }, 'unreadable'],
  ])('%s', (_, spec, fields, verdict) => {
    expect(claimed(spec).ask('redemption', NOON, { order, ...fields })).toBe(verdict);
  });

  it('that brings no discount has the checks that it had, and counts 0', () => {
    const story = claimed();
    story.submit('redemption', NOON, { order });
    expect(story.verdict.checks!.map(({ check }) => check)).not.toContain('no-effect');
    expect(story.voucher!.counters.discounted).toEqual({});
    expect(story.verdict.redemption).not.toHaveProperty('discount');
  });

  it.each([
    ['currency of the benefit', { benefit: OFF.benefit }],
    [
      'currency of the budget',
      {
        benefit: { type: 'percent-off' as const, percent: 10 },
        quantities: { budget: { amount: 1, currency: 'EUR' } },
      },
    ],
  ])('must be in the %s', (_, spec) => {
    const chinese = { order: { ...order, currency: 'CNY' }, discount: { ...discount, currency: 'CNY' } };
    expect(claimed(spec).ask('redemption', NOON, chinese)).toBe('currency-mismatch');
  });

  it('is in the currency of its order if the benefit has an amount without one, as older releases stored it', () => {
    const story = claimed({ benefit: { type: 'percent-off', percent: 50, maxAmount: 1000 } });
    expect(story.ask('redemption', NOON, { order, discount })).toBe('granted');
  });

  it('rolled back with `hold` is held again, whatever the pool says', () => {
    const story = claimed({ pool: { rolledBack: 'retire' }, quantities: { claim: 1 } });
    story.submit('redemption', NOON, { order, discount });
    story.submit('rollback', NOON, { hold: true });
    expect(story.claim.state).toBe('held');
    expect(story.voucher!.counters).toMatchObject({ retired: 0, discounted: {} });
  });
});

it('conditions may name `discounted`, from 0 in the own currency of the voucher', () => {
  const nodes = {
    use: { when: 'counters.discounted.EUR < 1000', perClaim: null },
    terminate: { when: 'counters.discounted["EUR"] >= 2000' },
  };
  const story = claimed({ nodes });
  expect(story.ask('redemption', NOON, { order, discount })).toBe('granted');
  expect(story.ask('redemption', NOON, { order, discount, redemptionId: 'r2' })).toBe('use-rule');
});
