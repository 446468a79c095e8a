// Ranges of time whose last step is now.
export const TREND_RANGES = ['day', 'week', 'month'] as const;
export type TrendRange = (typeof TREND_RANGES)[number];

const HOUR_MS = 3_600_000;
const STEPS: Record<TrendRange, { stepMs: number; step: string; count: number }> = {
  day: { stepMs: HOUR_MS, step: 'PT1H', count: 24 },
  week: { stepMs: 4 * HOUR_MS, step: 'PT4H', count: 42 },
  // In hours, since a calendar day begins at another time in each zone.
  month: { stepMs: 24 * HOUR_MS, step: 'PT24H', count: 30 },
};

/** The Unix milliseconds of each step of a range that ends now. */
export const trendTimes = (range: TrendRange, now: number): number[] =>
  Array.from({ length: STEPS[range].count + 1 }, (_, step) => now - (STEPS[range].count - step) * STEPS[range].stepMs);

/** The range to request. Its last step is now, so that the line ends with the present counters. */
export function trendRange(range: TrendRange, now: number): { from: string; to: string; step: string } {
  const { stepMs, step, count } = STEPS[range];
  const time = (ms: number): string => new Date(ms).toISOString();
  return { from: time(now - count * stepMs), to: time(now + 1), step };
}
