import { expect, it } from '@jest/globals';
import { BloomFilter } from './bloom.filter.ts';

const KEYS = 100_000;
const key = (number: number): string => `user-${(Math.imul(number, 2_654_435_761) >>> 0).toString(16)}`;

it('never misses a key and has few false positives, even if it has grown a lot', () => {
  const filter = new BloomFilter();
  for (let number = 0; number < KEYS; number += 1) filter.add(key(number));
  const mayHave = (from: number): number =>
    Array.from({ length: KEYS }, (_, index) => key(from + index)).filter((one) => filter.mayHave(one)).length;
  expect(mayHave(0)).toBe(KEYS);
  expect(mayHave(KEYS)).toBeLessThan(KEYS / 5_000);
  expect(filter.bytes).toBeLessThan(KEYS * 8);
});
