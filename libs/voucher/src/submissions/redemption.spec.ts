import { describe, expect, it } from '@jest/globals';
import type { RedemptionSubmission, VoucherSpecInput } from '@vouchers/contracts';
import { NOVEMBER, Story } from '../../testing/story.ts';

const NOON = '2026-11-10T12:00:00.000Z';
const order = { id: 'order', amount: 5000, currency: 'EUR' };

function claimed(spec: Partial<VoucherSpecInput> = {}, attributes = {}): Story {
  const story = new Story();
  story.define(spec);
  story.submit('claim', NOON, { attributes });
  return story;
}

const uses = (when: string): Partial<VoucherSpecInput> => ({ nodes: { use: { when } } });
const hours: Partial<VoucherSpecInput> = {
  windows: { ...NOVEMBER.windows, use: { hours: [{ days: ['WE'], from: '09:00', to: '10:00' }] } },
};

describe('a redemption is granted, or refused by the first rule that does not hold', () => {
  it.each<[string, Partial<VoucherSpecInput>, string, string, Partial<RedemptionSubmission>?]>([
    ['1 ms before the hours of use', hours, '2026-11-11T08:59:59.999Z', 'outside-use-window'],
    ['as the hours of use begin', hours, '2026-11-11T09:00:00.000Z', 'granted'],
    ['1 ms before the hours of use end', hours, '2026-11-11T09:59:59.999Z', 'granted'],
    ['as the hours of use end', hours, '2026-11-11T10:00:00.000Z', 'outside-use-window'],
    ['an order of the required amount', uses('order.amount >= 5000'), NOON, 'granted'],
    ['an order of 1 less', uses('order.amount >= 5001'), NOON, 'use-rule'],
    ['an amount as a double', uses('order.amount == 5000.0'), NOON, 'granted'],
    [
      'an item that the rule asks for',
      uses("order.items.exists(item, item.sku == 'A')"),
      NOON,
      'granted',
      { order: { ...order, items: [{ sku: 'A', quantity: 1, amount: 5000 }] } },
    ],
    ['no items', uses("order.items.exists(item, item.sku == 'A')"), NOON, 'use-rule'],
    [
      '500 items',
      uses('order.items.size() > 0'),
      NOON,
      'granted',
      { order: { ...order, items: Array(500).fill({ sku: 'A', quantity: 1, amount: 1 }) } },
    ],
    [
      '501 items',
      uses('order.items.size() > 0'),
      NOON,
      'use-rule',
      { order: { ...order, items: Array(501).fill({ sku: 'A', quantity: 1, amount: 1 }) } },
    ],
    ['goods that match', uses('order.matchesGoods'), NOON, 'granted', { matchesGoods: true, goodsVersion: 1 }],
    ['goods that do not', uses('order.matchesGoods'), NOON, 'use-rule', { matchesGoods: false, goodsVersion: 1 }],
    ['goods unknown', uses('order.matchesGoods'), NOON, 'use-rule'],
    ['the claim’s user', uses("user.id == 'alice'"), NOON, 'granted', { attributes: { id: 'eve' } }],
    ['a claim held long enough', uses("now - claim.heldAt >= duration('24h')"), '2026-11-11T12:00:00.000Z', 'granted'],
    [
      'a claim held 1 ms too short',
      uses("now - claim.heldAt >= duration('24h')"),
      '2026-11-11T11:59:59.999Z',
      'use-rule',
    ],
  ])('%s', (_, spec, at, verdict, fields = {}) => {
    expect(claimed(spec).ask('redemption', at, fields)).toBe(verdict);
  });
});

describe('the user’s attributes at a redemption', () => {
  const spec = uses("user.tier == 'gold'");
  it.each([
    ['are those that it brings', { tier: 'tin' }, { tier: 'gold' }, 'granted'],
    ['are empty if it has empty ones', { tier: 'gold' }, {}, 'use-rule'],
    ['are the claim’s facts if it has none', { tier: 'gold' }, undefined, 'granted'],
  ])('%s', (_, atClaim, atUse, verdict) => {
    expect(claimed(spec, atClaim).ask('redemption', NOON, { attributes: atUse })).toBe(verdict);
  });
});

describe('how often a claim may be used', () => {
  it.each([
    ['once by default', undefined, ['granted', 'already-redeemed'], 'redeemed'],
    ['twice', 2, ['granted', 'granted', 'already-redeemed'], 'redeemed'],
    ['without limit', null, ['granted', 'granted', 'granted'], 'held'],
  ])('%s', (_, perClaim, verdicts, state) => {
    const story = claimed(perClaim === undefined ? {} : { nodes: { use: { perClaim } } });
    expect(verdicts.map((__, use) => story.ask('redemption', NOON, { redemptionId: `use-${use}` }))).toEqual(verdicts);
    expect(story.claim.state).toBe(state);
    expect(story.voucher!.counters).toMatchObject({ redeemed: verdicts.filter((one) => one === 'granted').length });
  });

  it('after a lower limit: a held claim with as many uses is refused', () => {
    const story = claimed({ nodes: { use: { perClaim: 3 } } });
    story.submit('redemption', NOON);
    story.define({ nodes: { use: { perClaim: 1 } } }, 'published', NOON);
    expect(story.ask('redemption', NOON, { redemptionId: 'second' })).toBe('already-redeemed');
    expect(story.verdict.checks!.at(-1)!.detail).toBe('used 1 times of 1');
    expect(story.claim.state).toBe('held');
  });
});

describe('a locked claim', () => {
  it.each([
    ['its order', 'order', 'granted'],
    ['another order', 'other', 'locked-by-other-order'],
  ])('with a redemption by %s', (_, id, verdict) => {
    const story = claimed({ nodes: { use: { perClaim: 2 } } });
    story.submit('lock', NOON);
    expect(story.ask('redemption', NOON, { order: { ...order, id } })).toBe(verdict);
    expect(story.claim.state).toBe(verdict === 'granted' ? 'held' : 'locked');
    expect(story.claim.lock === undefined).toBe(verdict === 'granted');
  });
});

it('the redeem quantity counts uses without those that were rolled back', () => {
  const story = claimed({ quantities: { redeem: 1 }, nodes: { use: { perClaim: null } } });
  story.submit('redemption', NOON);
  expect(story.ask('redemption', NOON, { redemptionId: 'second' })).toBe('redeem-quantity-reached');
  story.submit('rollback', NOON);
  expect(story.ask('redemption', NOON, { redemptionId: 'third' })).toBe('granted');
});

it('the failed check names the missing amount and the version of the goods', () => {
  const story = claimed(uses('order.matchesGoods && order.amount >= 8000'));
  story.submit('redemption', NOON, { matchesGoods: true, goodsVersion: 7 });
  expect(story.verdict.checks!.at(-1)).toEqual({
    check: 'use-rule',
    passed: false,
    detail: 'order.amount would have to be 3000 more (>= 8000); goods of version 7',
  });
});

describe('the checks of a granted use', () => {
  const twice = (use: string, more: Partial<RedemptionSubmission> = {}): object[] => {
    const story = new Story();
    story.define({ nodes: { use: { when: use, perClaim: null } } });
    story.submit('claim', NOON);
    return ['r1', 'r2'].map((redemptionId) => {
      story.submit('redemption', NOON, { order, redemptionId, ...more });
      return story.verdict.checks!;
    });
  };

  it('are one object without a note, so that its text is remembered', () => {
    const [first, second] = twice('true');
    expect(second).toBe(first);
  });

  it('are each its own where one has a note', () => {
    const [first, second] = twice('order.matchesGoods', { matchesGoods: true, goodsVersion: 1 });
    expect(second).not.toBe(first);
    expect(first).toContainEqual({ check: 'use-rule', passed: true, detail: 'goods of version 1' });
  });
});
