// Computes the range of the time axis, and the position of a moment on it.
import type { Windows } from '@vouchers/contracts';
import { Temporal } from 'temporal-polyfill';
import { after } from './wall-time.ts';

export interface Scale {
  from: number;
  to: number;
}

const DAY_MS = 86_400_000;
const MARGIN = 0.08;

/** The range of all windows with a margin on both sides, so that handles can be moved outward. */
export function scaleOf({ valid, claim, use }: Windows): Scale {
  const ranges = [valid, claim, ...('from' in use ? [use] : [])];
  const from = Math.min(...ranges.map((range) => Date.parse(range.from)));
  const to = Math.max(...ranges.map((range) => Date.parse(range.to)), from + DAY_MS / 24);
  const margin = (to - from) * MARGIN;
  return { from: from - margin, to: to + margin };
}

/** The position of a moment in percent of the axis, from 0 to 100. */
export const positionOf = ({ from, to }: Scale, at: number): number =>
  Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100));

export const momentAt = ({ from, to }: Scale, share: number): number =>
  from + (to - from) * Math.min(1, Math.max(0, share));

/** The unit that a drag snaps to. A short axis has a fine one. */
export const grainOf = ({ from, to }: Scale): 'day' | 'hour' | 'minute' => {
  const days = (to - from) / DAY_MS;
  return days > 14 ? 'day' : days > 0.5 ? 'hour' : 'minute';
};

/** Up to eight midnights of the zone to show below the axis; full hours on a short one. */
export function ticksOf({ from, to }: Scale, timeZone: string): number[] {
  const most = 7;
  const days = (to - from) / DAY_MS;
  const unit = days > 3 ? 'day' : 'hour';
  const step = Math.max(1, Math.ceil(unit === 'day' ? days / most : (days * 24) / most));
  let moment = Temporal.Instant.fromEpochMilliseconds(Math.ceil(from))
    .toZonedDateTimeISO(timeZone)
    .round({ smallestUnit: unit, roundingMode: 'ceil' });
  const ticks: number[] = [];
  while (moment.epochMilliseconds < to && ticks.length <= most) {
    ticks.push(moment.epochMilliseconds);
    moment = moment.add(unit === 'day' ? { days: step } : { hours: step });
  }
  return ticks;
}

/** A sample claim with the end of its use, if the use window follows from the claim. */
export function sampleOf({
  use,
  claim,
  valid,
  timeZone,
}: Windows): { at: number; from: number; to: number } | undefined {
  if ('from' in use) return undefined;
  const start = after(claim.from, timeZone, use.afterClaim.delay);
  const end = start && after(start, timeZone, use.afterClaim.length);
  if (!start || !end) return undefined;
  return {
    at: Date.parse(claim.from),
    from: Math.max(Date.parse(start), Date.parse(valid.from)),
    to: Math.min(Date.parse(end), Date.parse(valid.to)),
  };
}
