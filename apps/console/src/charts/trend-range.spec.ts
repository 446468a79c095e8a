import { expect, it } from '@jest/globals';
import { TREND_RANGES, trendRange, trendTimes } from './trend-range.ts';

it.each(TREND_RANGES)('the last step of a %s is now', (range) => {
  const now = Date.parse('2026-11-30T12:34:56.789Z');
  const { from, to, step } = trendRange(range, now);
  const stepMs = Number(/\d+/.exec(step)![0]) * 3_600_000;
  expect((now - Date.parse(from)) % stepMs).toBe(0);
  expect(Date.parse(to)).toBe(now + 1);
  const times = trendTimes(range, now);
  expect([times[0], times.at(-1)]).toEqual([Date.parse(from), now]);
  expect(times[1]! - times[0]!).toBe(stepMs);
});
