// Adds up the counters of several vouchers over time.
import type { SeriesItem } from '../api/answers.ts';

export interface TrendPoint {
  /** Unix milliseconds. */
  time: number;
  pushed: number;
  claimed: number;
  redeemed: number;
}

/**
 * The sums at each time. A voucher without an event up to a time counts 0 there.
 * @param times Unix milliseconds, as they were asked for
 */
export function summed(times: readonly number[], series: readonly (readonly SeriesItem[])[]): TrendPoint[] {
  const sums = new Map(times.map((time): [number, TrendPoint] => [time, { time, pushed: 0, claimed: 0, redeemed: 0 }]));
  for (const { at, pushed, claimed, redeemed } of series.flat()) {
    const time = Date.parse(at);
    const sum = sums.get(time) ?? { time, pushed: 0, claimed: 0, redeemed: 0 };
    sums.set(time, {
      time,
      pushed: sum.pushed + pushed,
      claimed: sum.claimed + claimed,
      redeemed: sum.redeemed + redeemed,
    });
  }
  return [...sums.values()].sort((one, other) => one.time - other.time);
}
