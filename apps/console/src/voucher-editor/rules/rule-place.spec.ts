import { expect, it } from '@jest/globals';
import { offsetIn } from './rule-place.ts';

it.each([
  ['user.tire == 1', 1, 1, 'user.tire'],
  ['true &&\norder.amount > 1', 2, 1, 'order.amount'],
  ['a == ', 1, 6, ' '],
  ['a', 9, 9, 'a'],
  ['', 1, 1, ''],
])('%j %d:%d is %j', (text, line, column, marked) => {
  const { from, to } = offsetIn(text, line, column);
  expect(text.slice(from, to)).toBe(marked);
});
