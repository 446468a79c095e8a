import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linesOf, scaledLinesOf, split } from './lines.ts';

const item = (sku: string, amount: number) => ({ sku, quantity: 1, amount });

describe('the lines of an order', () => {
  it.each([
    ['without items are one line', { amount: 500 }, [{ amount: 500 }]],
    ['with an empty list of items are one line', { amount: 0, items: [] }, [{ amount: 0 }]],
    [
      'are its items',
      { amount: 3, items: [item('A', 1), item('B', 2)] },
      [
        { sku: 'A', amount: 1 },
        { sku: 'B', amount: 2 },
      ],
    ],
    ['end with what it adds to them', { amount: 5, items: [item('A', 1)] }, [{ sku: 'A', amount: 1 }, { amount: 4 }]],
    [
      'may be two of one sku',
      { amount: 2, items: [item('A', 1), item('A', 1)] },
      [
        { sku: 'A', amount: 1 },
        { sku: 'A', amount: 1 },
      ],
    ],
    ['do not exist if the items sum to more', { amount: 2, items: [item('A', 1), item('B', 2)] }, undefined],
  ])('%s', (_what, order, lines) => expect(linesOf(order)).toEqual(lines));
});

it('scales the items of an order down to its amount', () => {
  const order = { amount: 10, items: [item('A', 10), item('B', 20)] };
  expect(scaledLinesOf(order)).toEqual([
    { sku: 'A', amount: 3 },
    { sku: 'B', amount: 7 },
  ]);
  expect(scaledLinesOf({ amount: 4, items: [item('A', 1)] })).toEqual([{ sku: 'A', amount: 1 }, { amount: 3 }]);
});

describe('amounts of items that sum to more than 2⁵³', () => {
  const most = Number.MAX_SAFE_INTEGER;

  it('are more than any order’s amount', () => {
    expect(linesOf({ amount: most, items: [item('A', most), item('B', 1)] })).toBeUndefined();
    expect(linesOf({ amount: most, items: Array.from({ length: 500 }, () => item('A', most)) })).toBeUndefined();
  });

  it('are scaled exactly: the parts sum to the order, and none is above its item', () => {
    const amount = fc.oneof(fc.maxSafeNat(), fc.integer({ min: most - 9, max: most }), fc.nat(9));
    fc.assert(
      fc.property(amount, fc.array(amount, { minLength: 1, maxLength: 500 }), (whole, amounts) => {
        const lines = scaledLinesOf({ amount: whole, items: amounts.map((each) => item('A', each)) });
        expect(lines.reduce((sum, line) => sum + BigInt(line.amount), 0n)).toBe(BigInt(whole));
        const sum = amounts.reduce((total, each) => total + BigInt(each), 0n);
        if (sum >= BigInt(whole))
          expect(amounts.every((each, place) => lines[place]!.amount >= 0 && lines[place]!.amount <= each)).toBe(true);
      }),
      { numRuns: Number(process.env.CASES ?? 200), seed: Number(process.env.SEED ?? Date.now() % 0x7fff_ffff) },
    );
  });
});

describe('a split', () => {
  it.each([
    [3, [1, 1, 1], [1, 1, 1]],
    [2, [1, 1, 1], [1, 1, 0]],
    [100, [300, 500, 200], [30, 50, 20]],
    [5, [10, 20, 40], [1, 1, 3]],
    [1, [0, 5, 5], [0, 1, 0]],
    [0, [3, 4], [0, 0]],
    [0, [0, 0], [0, 0]],
    [7, [7], [7]],
    [
      9_007_199_254_740_990,
      [4_503_599_627_370_496, 4_503_599_627_370_495],
      [4_503_599_627_370_495, 4_503_599_627_370_495],
    ],
  ])('of %d over %j is %j', (amount, weights, parts) => expect(split(amount, weights)).toEqual(parts));
});
