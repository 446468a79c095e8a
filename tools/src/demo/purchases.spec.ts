import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { bestSet, linesOf, priceOf, type BestSet, type Candidate, type Line } from '@vouchers/pricing';
import { readJourney } from './journey.ts';
import { purchasesOf, readBaskets, type Purchase } from './purchases.ts';

const folder = fileURLToPath(new URL('../../complete-journey', import.meta.url));
const journey = readJourney(folder);
const baskets = readBaskets(folder);
const purchases = purchasesOf(journey, baskets);

describe('the baskets of the year', () => {
  it('are one order for each of 1,107 days of households, 480 of them with several coupons, at most 19', () => {
    expect(purchases).toHaveLength(1_107);
    const several = purchases.map(({ uses }) => uses.length).filter((count) => count > 1);
    expect([several.length, several.reduce((sum, count) => sum + count, 0), Math.max(...several)]).toEqual([
      480, 1_475, 19,
    ]);
  });

  it('have each use once, in order of time, and no coupon twice on an order', () => {
    expect(new Set(purchases.flatMap(({ uses }) => uses))).toEqual(new Set(journey.uses));
    expect(purchases.map(({ at }) => at)).toEqual(purchases.map(({ at }) => at).sort());
    for (const { uses } of purchases) expect(new Set(uses.map(({ key }) => key)).size).toBe(uses.length);
  });

  it('have priced lines that sum to the order, at most 500', () => {
    const priced = purchases.filter(({ order }) => order.amount > 0);
    // On two days, a household bought only products that the study has no price for.
    expect(priced.length).toBe(1_105);
    for (const { order } of priced) {
      expect([linesOf(order)!.length, order.items!.length <= 500]).toEqual([order.items!.length, true]);
      expect(order.items!.every(({ amount }) => amount > 0)).toBe(true);
    }
  });

  it('lack no household that used a coupon', () =>
    expect(() => purchasesOf(journey, new Map())).toThrow(`baskets.csv has no basket of ${purchases[0]!.order.id}`));
});

const reachOf = new Map(journey.coupons.map(({ key, products }) => [key, new Set(products)]));

/** Each used coupon takes off its goods the amount that coupons took off them on that day. A line counts for one coupon. */
function couponsOn({ userId, order, uses }: Purchase, lines: readonly Line[]): Candidate[] {
  const spent = new Set<unknown>();
  return uses.map(({ key }): Candidate => {
    const goods = reachOf.get(key)!;
    const discounted = baskets.get(order.id)!.filter((line) => goods.has(line.product) && !spent.has(line));
    for (const line of discounted) spent.add(line);
    const amount = discounted.reduce((sum, line) => sum + line.couponDiscount, 0);
    return {
      claimId: key,
      voucherId: key,
      userId,
      until: 1,
      benefit: { type: 'amount-off', amount, currency: 'USD' },
      reach: [...lines.keys()].filter((place) => goods.has(lines[place]!.sku!)),
    };
  });
}

function searched(lines: readonly Line[], candidates: readonly Candidate[]): BestSet {
  const search = bestSet(lines, candidates);
  for (;;) {
    const step = search.next();
    if (step.done) return step.value;
  }
}

describe('the coupons of the year, priced', () => {
  it('take off what the study says, no line falls below 0, and the parts sum to the whole', () => {
    const seen = { study: 0, priced: 0, best: 0, inexact: 0, lowest: 0, wrongSums: 0 };
    for (const purchase of purchases) {
      const lines = linesOf(purchase.order)!;
      const candidates = couponsOn(purchase, lines);
      const { discount, discounts } = priceOf(lines, candidates);
      const left = lines.map(({ amount }, place) =>
        discounts.reduce((rest, { parts }) => rest - parts[place]!, amount),
      );
      seen.lowest = Math.min(seen.lowest, ...left);
      for (const { amount, parts } of discounts)
        if (parts.reduce((sum, part) => sum + part, 0) !== amount) seen.wrongSums += 1;
      const { candidates: set, exact } = searched(lines, candidates);
      seen.study += candidates.reduce((sum, { benefit }) => sum + (benefit as { amount: number }).amount, 0);
      seen.priced += discount;
      seen.best += priceOf(lines, set).discount;
      if (!exact) seen.inexact += 1;
    }
    // In cents. One dollar was taken off a product that has no price on that day.
    expect(seen).toEqual({ study: 133_044, priced: 132_944, best: 132_944, inexact: 0, lowest: 0, wrongSums: 0 });
  });
});
