// Moving the edges of windows: claim and use stay inside valid, and what stood at valid's edge goes along with it.
import type { Range, Windows } from '@vouchers/contracts';
import { Temporal } from 'temporal-polyfill';
import { readWallTime, wallTimeOf } from './wall-time.ts';

export type Lane = 'valid' | 'claim' | 'use';
export type Edge = 'from' | 'to';

/** A window's range; undefined for a use window that follows from the claim. */
export function rangeOf(windows: Windows, lane: Lane): Range | undefined {
  const window = windows[lane];
  return 'from' in window ? { from: window.from, to: window.to } : undefined;
}

/** Puts an edge there. Valid takes along the edges of claim and use that stood with it or would be left outside. */
export function withEdge(windows: Windows, lane: Lane, edge: Edge, instant: string): Windows {
  const put = { ...windows, [lane]: { ...windows[lane], [edge]: instant } } as Windows;
  if (lane !== 'valid') return put;
  const before = windows.valid[edge];
  for (const inner of ['claim', 'use'] as const) {
    const range = rangeOf(windows, inner);
    if (!range) continue;
    const outside = edge === 'from' ? range.from < instant : range.to > instant;
    if (range[edge] === before || outside) Object.assign(put, { [inner]: { ...windows[inner], [edge]: instant } });
  }
  return put;
}

/** The nearest place where a handle may stand: not past its other edge, and inside of valid. Unit of the least length: one minute. */
export function boundsOf(windows: Windows, lane: Lane, edge: Edge): { from: number; to: number } {
  const range = rangeOf(windows, lane)!;
  const valid = { from: Date.parse(windows.valid.from), to: Date.parse(windows.valid.to) };
  const other = Date.parse(edge === 'from' ? range.to : range.from);
  const [least, most] = lane === 'valid' ? [-8.64e15, 8.64e15] : [valid.from, valid.to];
  return edge === 'from' ? { from: least, to: other - 60_000 } : { from: other + 60_000, to: most };
}

/** Another zone keeps what the clocks show; a wall time that the other zone skips or repeats keeps its moment. */
export function inOtherZone(windows: Windows, timeZone: string): Windows {
  return mapTimes({ ...windows, timeZone }, (instant) => {
    const reading = readWallTime(wallTimeOf(instant, windows.timeZone), timeZone);
    return reading.is === 'one' ? reading.instant : instant;
  });
}

/** The same windows beginning at another time: every edge by the same stretch of wall time, as the platform adds lengths. */
export function beginningAt(windows: Windows, from: string): Windows {
  const { timeZone, valid } = windows;
  const wall = (instant: string) => Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDateTime();
  const stretch = wall(valid.from).until(wall(from), { largestUnit: 'day' });
  return mapTimes(windows, (instant) =>
    instant === valid.from
      ? from
      : new Date(wall(instant).add(stretch).toZonedDateTime(timeZone).epochMilliseconds).toISOString(),
  );
}

function mapTimes(windows: Windows, map: (instant: string) => string): Windows {
  const ranged = <T extends object>(window: T): T =>
    'from' in window && 'to' in window
      ? { ...window, from: map(window.from as string), to: map(window.to as string) }
      : window;
  return { ...windows, valid: ranged(windows.valid), claim: ranged(windows.claim), use: ranged(windows.use) };
}
