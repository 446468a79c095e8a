// ISO 8601 durations. Years to days follow the calendar of the voucher's zone; hours and smaller units are exact.
import { Temporal } from 'temporal-polyfill';
import { type Zone, zonedAt } from './zone.ts';

const DAY_MS = 86_400_000;

/** A parsed duration. */
export interface Span {
  /** The number of days, or undefined if the duration has months or years. */
  days: number | undefined;
  exactMs: number;
  duration: Temporal.Duration;
}

/**
 * Parses a duration. Fractions of a millisecond are ignored.
 * @throws RangeError if the text is no duration
 */
export function spanOf(text: string): Span {
  const duration = Temporal.Duration.from(text);
  const { years, months, weeks, days, hours, minutes, seconds, milliseconds } = duration;
  return {
    days: years === 0 && months === 0 ? weeks * 7 + days : undefined,
    exactMs: ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds,
    duration,
  };
}

/**
 * Moves the wall time on by the calendar part, then adds the exact part. A skipped wall time moves forward by the gap;
 * of a repeated one, the first counts.
 */
export function plus(at: number, span: Span, zone: Zone): number {
  if (span.days === 0) return at + span.exactMs;
  if (span.days !== undefined) {
    const moved = at + span.days * DAY_MS;
    const { from, to } = zone.stretchAt(at);
    // More than a day from any change of the clocks, no wall time is skipped or repeated.
    if (moved - DAY_MS >= from && moved + DAY_MS < to) return moved + span.exactMs;
  }
  return zonedAt(at, zone.name).add(span.duration).epochMilliseconds;
}

/** Moves the wall time back by the calendar part, as `plus` moves it on, then subtracts the exact part. */
export function minus(at: number, span: Span, zone: Zone): number {
  if (span.days === 0) return at - span.exactMs;
  return zonedAt(at, zone.name).subtract(span.duration).epochMilliseconds;
}
