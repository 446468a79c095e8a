// Moves the edges of windows. Claim and use stay inside valid. An edge that equals valid's edge moves with it.
import type { Range, Windows } from '@vouchers/contracts';
import { Temporal } from 'temporal-polyfill';
import { resolveWallTime, wallTimeOf } from './wall-time.ts';

export type Lane = 'valid' | 'claim' | 'use';
export type Edge = 'from' | 'to';

/** A window's range; undefined if the use window follows from the claim. */
export function rangeOf(windows: Windows, lane: Lane): Range | undefined {
  const window = windows[lane];
  return 'from' in window ? { from: window.from, to: window.to } : undefined;
}

/** Moves an edge. With an edge of valid, those of claim and use move that were equal to it or would be outside. */
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

/** The range in which an edge may be: inside of valid, and at least one minute from the window's other edge. */
export function boundsOf(windows: Windows, lane: Lane, edge: Edge): { from: number; to: number } {
  const range = rangeOf(windows, lane)!;
  const valid = { from: Date.parse(windows.valid.from), to: Date.parse(windows.valid.to) };
  const other = Date.parse(edge === 'from' ? range.to : range.from);
  const [least, most] = lane === 'valid' ? [-8.64e15, 8.64e15] : [valid.from, valid.to];
  return edge === 'from' ? { from: least, to: other - 60_000 } : { from: other + 60_000, to: most };
}

/** Changes the zone and keeps wall times. A wall time that the new zone skips or repeats keeps its instant. */
export function inOtherZone(windows: Windows, timeZone: string): Windows {
  return mapTimes({ ...windows, timeZone }, (instant) => {
    const resolved = resolveWallTime(wallTimeOf(instant, windows.timeZone), timeZone);
    return resolved.is === 'one' ? resolved.instant : instant;
  });
}

/** Moves all windows to another start. Every edge moves by the same wall time. */
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
