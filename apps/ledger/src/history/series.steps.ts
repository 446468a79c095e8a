// Computes the times of a series.
import { TIME_END, type FaultCode, type FaultParameters } from '@vouchers/contracts';
import { Temporal } from 'temporal-polyfill';

export const MAX_ITEMS = 1_000;

/**
 * The times from `from` to before `to`. Calendar steps follow the zone.
 * @returns the fault if the step cannot be used
 */
export function stepsOf(
  from: number,
  to: number,
  step: string,
  timeZone: string,
): number[] | { fault: [FaultCode, FaultParameters?] } {
  let duration: Temporal.Duration;
  try {
    duration = Temporal.Duration.from(step);
  } catch {
    return { fault: ['duration'] };
  }
  if (duration.sign <= 0) return { fault: ['above-zero'] };
  const start = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone);
  if (endOf(start, duration) >= TIME_END) return { fault: ['too-long'] };
  const times: number[] = [];
  for (let at = start, count = 1; at.epochMilliseconds < to; count += 1) {
    if (times.length === MAX_ITEMS) return { fault: ['items-most', { most: MAX_ITEMS }] };
    times.push(at.epochMilliseconds);
    at = start.add(multiplied(duration, count));
    if (at.epochMilliseconds <= times.at(-1)!) return { fault: ['too-short'] };
  }
  return times;
}

/** The end in Unix milliseconds. Infinity if Temporal cannot represent it. */
function endOf(start: Temporal.ZonedDateTime, duration: Temporal.Duration): number {
  try {
    return start.add(duration).epochMilliseconds;
  } catch {
    return Infinity;
  }
}

/** A multiple of the duration. Each step is added to the start: 31 January, 28 February, 31 March. */
function multiplied(duration: Temporal.Duration, count: number): Temporal.Duration {
  const { years, months, weeks, days, hours, minutes, seconds, milliseconds } = duration;
  const times = (value: number): number => value * count;
  return Temporal.Duration.from({
    years: times(years),
    months: times(months),
    weeks: times(weeks),
    days: times(days),
    hours: times(hours),
    minutes: times(minutes),
    seconds: times(seconds),
    milliseconds: times(milliseconds),
  });
}
