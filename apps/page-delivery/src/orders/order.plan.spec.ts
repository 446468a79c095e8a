import { describe, expect, it } from '@jest/globals';
import type { Benefit, Redemption } from '@vouchers/contracts';
import type { Candidate } from '@vouchers/pricing';
import { added, type Standing } from './order.plan.ts';
import { orderUse } from './order.view.ts';

const CONTENT = {
  amount: 10_000,
  currency: 'EUR',
  items: [
    { sku: 'A', quantity: 1, amount: 6_000 },
    { sku: 'B', quantity: 1, amount: 3_000 },
  ],
};
const off = (amount: number): Benefit => ({ type: 'amount-off', amount, currency: 'EUR' });
const percent = (percent: number): Benefit => ({ type: 'percent-off', percent });
const candidate = (claimId: string, more: Partial<Candidate> = {}): Candidate => ({
  claimId,
  voucherId: `voucher of ${claimId}`,
  userId: 'ann',
  until: 1,
  ...more,
});
const standing = (claimId: string, discount?: Redemption['discount'], more: Partial<Candidate> = {}): Standing => {
  const known = candidate(claimId, more);
  const { voucherId, userId } = known;
  const order = { id: 'order-1', ...CONTENT };
  return {
    candidate: known,
    redemption: { id: `r-${claimId}`, claimId, voucherId, userId, order, at: '', ...(discount && { discount }) },
  };
};
const parts = (...amounts: number[]): NonNullable<Redemption['discount']> => ({
  amount: amounts.reduce((sum, amount) => sum + amount, 0),
  currency: 'EUR',
  lines: amounts.map((amount, place) => ({ ...(place < 2 && { sku: 'AB'[place] }), amount })),
});

describe('claims that are added to an order', () => {
  it('work on what the recorded discounts have left, in the order of application', () => {
    const result = added(
      CONTENT,
      [standing('old', parts(6_000, 0, 0))],
      [candidate('cut', { benefit: off(500) }), candidate('half', { benefit: percent(50), reach: [0, 1] })],
    );
    expect(result).toEqual({
      applied: ['half', 'cut'],
      discounts: new Map([
        ['half', parts(0, 1_500, 0)],
        ['cut', parts(0, 300, 200)],
      ]),
    });
  });

  it.each<[string, Standing[], Candidate[], object]>([
    [
      'used on it already',
      [standing('a')],
      [candidate('b'), candidate('a')],
      { reason: 'already-redeemed', claimId: 'a' },
    ],
    [
      'of two users',
      [],
      [candidate('a'), candidate('b', { userId: 'bob' })],
      { reason: 'not-combinable', claimId: 'b' },
    ],
    [
      'of another user than those before',
      [standing('a')],
      [candidate('b', { userId: 'bob' })],
      { reason: 'not-combinable', claimId: 'b' },
    ],
    [
      'two of a voucher that allows one',
      [standing('a', undefined, { voucherId: 'v' })],
      [candidate('b', { voucherId: 'v' })],
      { reason: 'not-combinable', claimId: 'b' },
    ],
    [
      'beside one that is alone on its order',
      [standing('a', undefined, { combine: { group: 'g', with: 'none', perOrder: 1, priority: 0 } })],
      [candidate('b')],
      { reason: 'not-combinable', claimId: 'b' },
    ],
    [
      'more than 30 in all',
      Array.from({ length: 30 }, (_, index) => standing(`s-${index}`)),
      [candidate('b')],
      { reason: 'not-combinable', claimId: 'b' },
    ],
  ])('are refused if %s', (_what, before, asked, refusal) => expect(added(CONTENT, before, asked)).toEqual(refusal));

  it('count a single redemption of another order body by its amount', () => {
    const single = standing('s', { amount: 5_000, currency: 'EUR', lines: [{ amount: 5_000 }] });
    expect(added(CONTENT, [single], [candidate('rest', { benefit: off(99_999) })])).toMatchObject({
      discounts: new Map([['rest', parts(3_000, 1_500, 500)]]),
    });
  });
});

describe('an order', () => {
  const redeemed = (claimId: string, discount?: Redemption['discount'], benefit?: Benefit, stands = true) => ({
    redemption: standing(claimId, discount).redemption,
    stands,
    benefit,
  });

  it('has the price of the uses that stand, as they were recorded', () => {
    const gift: Benefit = { type: 'gift', sku: 'G', name: 'A cup' };
    const { state, redemptions, quote } = orderUse(
      'order-1',
      CONTENT,
      [],
      [
        redeemed('a', parts(600, 300, 100), percent(10)),
        redeemed('back', parts(5_000, 0, 0), off(5_000), false),
        redeemed('g', undefined, gift),
      ],
    );
    expect([state, redemptions.length]).toEqual(['redeemed', 3]);
    expect(quote).toEqual({
      claimIds: ['a', 'g'],
      discount: 1_000,
      currency: 'EUR',
      total: 9_000,
      lines: [
        { sku: 'A', amount: 6_000, discount: 600, by: [{ claimId: 'a', amount: 600 }] },
        { sku: 'B', amount: 3_000, discount: 300, by: [{ claimId: 'a', amount: 300 }] },
        { amount: 1_000, discount: 100, by: [{ claimId: 'a', amount: 100 }] },
      ],
      entitlements: [{ claimId: 'g', benefit: gift }],
    });
  });

  it.each([
    ['rolled-back', [redeemed('a', undefined, undefined, false)]],
    ['refused', []],
  ])('is %s if no use stands', (state, redemptions) =>
    expect(orderUse('order-1', CONTENT, [], redemptions)).toMatchObject({ state }),
  );
});
