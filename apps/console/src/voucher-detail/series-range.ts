import type { Voucher } from '@vouchers/contracts';
import type { SeriesItem } from '../api/answers.ts';

export const RANGES = ['day', 'week', 'month', 'all'] as const;
export type Range = (typeof RANGES)[number];

const DAY_MS = 86_400_000;
const LENGTH_DAYS = { day: 1, week: 7, month: 30 };
const STEPS = { day: 'PT30M', week: 'PT4H', month: 'P1D' };
/** The approximate number of points for the whole valid range. */
const POINTS = 120;

/** The start, end and step of the series to request: at most 1,000 points. */
export function seriesRange(
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

/**
 * The shortest range that contains the voucher's whole life. Its valid range if that is long over or the voucher has
 * the clock of submissions.
 */
export function firstRange({ createdAt, clock }: Voucher, now: number): Range {
  if (clock === 'submissions') return 'all';
  const days = (now - Date.parse(createdAt)) / DAY_MS;
  return (['day', 'week', 'month'] as const).find((range) => days <= LENGTH_DAYS[range]) ?? 'all';
}

export interface SeriesPoint {
  /** Unix milliseconds. */
  time: number;
  pushed: number;
  claimed: number;
  redeemed: number;
  /** This and the next are 0 without a waiting list. */
  claimedFromOffer: number;
  waiting: number;
}

/**
 * The points to draw: the series up to the newest counts. If the voucher was created within the range, the line begins
 * there with zero; nothing outside the range is drawn.
 * @param from the start of the range, in Unix milliseconds
 */
export function pointsOf(
  items: readonly SeriesItem[],
  voucher: Voucher,
  from: number,
  newest?: SeriesPoint,
): SeriesPoint[] {
  const { createdAt, clock, windows } = voucher;
  const points = items.map(({ at, pushed, claimed, redeemed, claimedFromOffer, waiting }) => ({
    time: Date.parse(at),
    pushed,
    claimed,
    redeemed,
    claimedFromOffer,
    waiting,
  }));
  if (newest && newest.time > (points.at(-1)?.time ?? 0)) points.push(newest);
  const begin = Date.parse(clock === 'submissions' ? windows.valid.from : createdAt);
  const [first] = points;
  if (!first || first.time <= begin || begin < from) return points;
  return [{ time: begin, pushed: 0, claimed: 0, redeemed: 0, claimedFromOffer: 0, waiting: 0 }, ...points];
}
