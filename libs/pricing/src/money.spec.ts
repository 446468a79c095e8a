import { describe, expect, it } from '@jest/globals';
import { hundredthsOf, productOver, shareOf } from './money.ts';

describe('a percent in hundredths', () => {
  it.each([
    [12.5, 1_250],
    [100, 10_000],
    [0.01, 1],
    [0.005, 1],
    [0.0049, 0],
    [0.0000001, 0],
    [1.005, 101],
    [1.0049999, 100],
    [33.335, 3_334],
    [99.995, 10_000],
  ])('of %d is %d', (percent, hundredths) => expect(hundredthsOf(percent)).toBe(hundredths));
});

describe('a share', () => {
  it.each([
    [100, 1_250, 13],
    [99, 5_000, 50],
    [1, 4_999, 0],
    [1, 5_000, 1],
    [0, 10_000, 0],
    [Number.MAX_SAFE_INTEGER, 10_000, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER, 3_333, 3_002_099_511_605_172],
  ])('of %d by %d hundredths is %d, half up', (amount, hundredths, share) =>
    expect(shareOf(amount, hundredths)).toBe(share),
  );
});

describe('a product over a divisor', () => {
  it.each([
    [7, 3, 2, { quotient: 10, remainder: 1 }],
    [
      Number.MAX_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER,
      { quotient: Number.MAX_SAFE_INTEGER, remainder: 0 },
    ],
    [2 ** 52 - 1, 2 ** 52 + 1, 2 ** 52, { quotient: 2 ** 52 - 1, remainder: 2 ** 52 - 1 }],
  ])('%d × %d ÷ %d is exact', (a, b, divisor, result) => expect(productOver(a, b, divisor)).toEqual(result));
});
