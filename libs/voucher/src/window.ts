import type { Window } from './terms.ts';
import { rfc3339 } from './time/rfc3339.ts';

/** Whether the window is open at `at`. */
export function isOpen({ from, to, hours }: Window, at: number): boolean {
  return at >= from && at < to && (hours === undefined || hours.isOpenAt(at));
}

/** Says when a window that is closed at `at` opens next. */
export function opening({ from, to, hours }: Window, at: number): string {
  const earliest = Math.max(at, from);
  const opens = hours ? hours.opensAt(earliest) : earliest;
  if (at >= to) return `closed since ${rfc3339(to)}`;
  return opens !== undefined && opens < to
    ? `opens at ${rfc3339(opens)}`
    : `does not open again before its end at ${rfc3339(to)}`;
}
