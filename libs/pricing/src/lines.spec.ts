import { describe, expect, it } from '@jest/globals';
import { linesOf, split } from './lines.ts';

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
