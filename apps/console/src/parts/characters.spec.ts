import { expect, it } from '@jest/globals';
import { atMost } from './characters.ts';

it.each([
  [3, 'abc', 'abc'],
  [3, 'abcd', 'abc'],
  [2, '😀😀', '😀😀'],
  [2, '😀😀😀', '😀😀'],
  [1, '', ''],
])('at most %i characters of %j are %j', (most, text, kept) => {
  expect(atMost(most, text)).toBe(kept);
});
