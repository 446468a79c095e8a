// Wall time and instants. Pickers hold zone-less wall time; Temporal alone knows the zones.
import { Temporal } from 'temporal-polyfill';

/** What a wall time in a zone stands for. A skipped one stands for nothing, a repeated one for either. */
export type Reading =
  | { is: 'one'; instant: string }
  | { is: 'skipped' }
  | { is: 'repeated'; earlier: string; later: string }
  | { is: 'unreadable' };

const rfc3339 = (moment: Temporal.ZonedDateTime): string => new Date(moment.epochMilliseconds).toISOString();

/** @param wall zone-less, such as `2026-11-01T00:00` */
export function readWallTime(wall: string, zone: string): Reading {
  let time: Temporal.PlainDateTime;
  try {
    time = Temporal.PlainDateTime.from(wall);
  } catch {
    return { is: 'unreadable' };
  }
  try {
    return { is: 'one', instant: rfc3339(time.toZonedDateTime(zone, { disambiguation: 'reject' })) };
  } catch {
    const earlier = time.toZonedDateTime(zone, { disambiguation: 'earlier' });
    const later = time.toZonedDateTime(zone, { disambiguation: 'later' });
    if (!earlier.toPlainDateTime().equals(time)) return { is: 'skipped' };
    return { is: 'repeated', earlier: rfc3339(earlier), later: rfc3339(later) };
  }
}

const inZone = (instant: string, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(zone);

/** What a clock in that zone shows, as a picker wants it: seconds only where there are some. */
export function wallTimeOf(instant: string, zone: string): string {
  const time = inZone(instant, zone).toPlainDateTime();
  return time.second === 0 && time.millisecond === 0 ? time.toString({ smallestUnit: 'minute' }) : time.toString();
}

/** The offset from UTC there and then: `+08:00`. */
export const offsetOf = (instant: string, zone: string): string => inZone(instant, zone).offset;

/** A moment further on (or back): days by the calendar of the zone, hours and minutes exact. */
export function moved(instant: string, zone: string, by: { days?: number; hours?: number; minutes?: number }): string {
  return rfc3339(inZone(instant, zone).add(by));
}

/** The nearest full hour or day of the zone's clock. */
export function rounded(instant: string, zone: string, to: 'day' | 'hour' | 'minute'): string {
  return rfc3339(inZone(instant, zone).round({ smallestUnit: to, roundingMode: 'halfExpand' }));
}

/** A moment and a length of time, as the platform adds them: calendar first, then exact. Undefined: no length of time. */
export function after(instant: string, zone: string, duration: string): string | undefined {
  try {
    return rfc3339(inZone(instant, zone).add(Temporal.Duration.from(duration)));
  } catch {
    return undefined;
  }
}

/** Where clocks are put forward or back between two moments. Unit of `byMinutes`: minutes. */
export function clockChanges(from: string, to: string, zone: string): { at: string; byMinutes: number }[] {
  const changes: { at: string; byMinutes: number }[] = [];
  const end = Date.parse(to);
  let moment: Temporal.ZonedDateTime | null = inZone(from, zone);
  while (changes.length < 20) {
    const before: number = moment.offsetNanoseconds;
    moment = moment.getTimeZoneTransition('next');
    if (!moment || moment.epochMilliseconds >= end) break;
    changes.push({ at: rfc3339(moment), byMinutes: (moment.offsetNanoseconds - before) / 60e9 });
  }
  return changes;
}

/** Does the platform know this name of a zone? */
export function isZone(zone: string): boolean {
  try {
    return /^[A-Za-z]/.test(zone) && inZone('2000-01-01T00:00:00Z', zone) !== undefined;
  } catch {
    return false;
  }
}
