import { expect, it } from '@jest/globals';
import type { SeriesItem } from '../api/answers.ts';
import { summed } from './trend-sums.ts';

const item = (at: string, pushed: number, claimed: number, redeemed: number): SeriesItem =>
  ({ at, pushed, claimed, redeemed }) as SeriesItem;

it('counters of the same time are added, and 0 is where nothing had happened yet', () => {
  const times = ['2026-10-31', '2026-11-01', '2026-11-02'].map((day) => Date.parse(day));
  const one = [item('2026-11-01T00:00:00.000Z', 5, 3, 1), item('2026-11-02T00:00:00.000Z', 9, 4, 2)];
  const other = [item('2026-11-02T00:00:00.000Z', 1, 1, 0)];
  expect(summed(times, [other, one])).toEqual([
    { time: times[0], pushed: 0, claimed: 0, redeemed: 0 },
    { time: Date.parse('2026-11-01T00:00:00Z'), pushed: 5, claimed: 3, redeemed: 1 },
    { time: Date.parse('2026-11-02T00:00:00Z'), pushed: 10, claimed: 5, redeemed: 2 },
  ]);
});
