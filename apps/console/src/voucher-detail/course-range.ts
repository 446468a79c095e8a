import type { Voucher } from '@vouchers/contracts';

export const RANGES = ['day', 'week', 'month', 'all'] as const;
export type Range = (typeof RANGES)[number];

const DAY_MS = 86_400_000;
const LENGTH_DAYS = { day: 1, week: 7, month: 30 };
const STEPS = { day: 'PT30M', week: 'PT4H', month: 'P1D' };
/** Of the whole valid range: about so many points. */
const POINTS = 120;

/** From when to when and in which steps the course of a voucher is asked for. At most 1,000 points. */
export function courseRange(
  range: Range,
  { windows }: Voucher,
  now: number,
): { from: string; to: string; step: string } {
  const time = (ms: number): string => new Date(ms).toISOString();
  if (range !== 'all') return { from: time(now - LENGTH_DAYS[range] * DAY_MS), to: time(now), step: STEPS[range] };
  const from = Date.parse(windows.valid.from);
  const to = Math.max(Math.min(Date.parse(windows.valid.to), now), from + DAY_MS);
  const days = (to - from) / DAY_MS / POINTS;
  return {
    from: time(from),
    to: time(to),
    step: days >= 1 ? `P${Math.ceil(days)}D` : `PT${Math.max(1, Math.ceil(days * 24))}H`,
  };
}
