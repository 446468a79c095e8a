import type { Window } from './terms.ts';
import { rfc3339 } from './time/rfc3339.ts';

/** Half-open, and within its hours where it has some. */
export function isOpen({ from, to, hours }: Window, at: number): boolean {
  return at >= from && at < to && (hours === undefined || hours.isOpenAt(at));
}

/** When a window that is closed at `at` opens next, or that it does not. */
export function opening({ from, to, hours }: Window, at: number): string {
  const earliest = Math.max(at, from);
  const opens = hours ? hours.opensAt(earliest) : earliest;
  if (at >= to) return `closed since ${rfc3339(to)}`;
  return opens !== undefined && opens < to
    ? `opens at ${rfc3339(opens)}`
    : `does not open again before its end at ${rfc3339(to)}`;
}
