import { expect, it } from '@jest/globals';
import { settledTime } from './clock.ts';

it.each([
  ['5 s before its broker time', 95_000, 'wall', 95_000],
  ['1 ms more before it', 94_999, 'wall', 100_000],
  ['5 s after it', 105_000, 'wall', 105_000],
  ['1 ms more after it', 105_001, 'wall', 100_000],
  ['no time at all', NaN, 'wall', 100_000],
  ['years before it, on the clock of submissions', 1, 'submissions', 1],
  ['no time at all, on the clock of submissions', NaN, 'submissions', 100_000],
] as const)('a submission %s', (_, at, clock, settled) => {
  expect(settledTime(at, 100_000, clock)).toBe(settled);
});
