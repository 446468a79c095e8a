// ISO 8601 durations: years to days are calendar in the voucher's zone, the rest exact.
import { Temporal } from 'temporal-polyfill';
import { type Zone, zonedAt } from './zone.ts';

const DAY_MS = 86_400_000;

/** A length of time, ready to be added to a moment. */
export interface Span {
  /** Days only (weeks too), or undefined where months or years come in. */
  days: number | undefined;
  exactMs: number;
  duration: Temporal.Duration;
}

/** Throws RangeError where it is no duration. Fractions finer than a millisecond do not count. */
export function spanOf(text: string): Span {
  const duration = Temporal.Duration.from(text);
  const { years, months, weeks, days, hours, minutes, seconds, milliseconds } = duration;
  return {
    days: years === 0 && months === 0 ? weeks * 7 + days : undefined,
    exactMs: ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds,
    duration,
  };
}

/** The same wall time some calendar days on (a skipped one moves forward by the gap, of a repeated one the first), then the exact part. */
export function plus(at: number, span: Span, zone: Zone): number {
  if (span.days === 0) return at + span.exactMs;
  if (span.days !== undefined) {
    const moved = at + span.days * DAY_MS;
    const { from, to } = zone.stretchAt(at);
    // Well inside one stretch of equal offset no wall time is skipped or repeated.
    if (moved - DAY_MS >= from && moved + DAY_MS < to) return moved + span.exactMs;
  }
  return zonedAt(at, zone.name).add(span.duration).epochMilliseconds;
}
