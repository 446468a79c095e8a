// Converts between instants and wall time without a zone, which pickers use. Only Temporal knows the time zones.
import { Temporal } from 'temporal-polyfill';

/** The instants of a wall time in a zone. A skipped wall time has none, a repeated one has two. */
export type WallTimeResolution =
  | { is: 'one'; instant: string }
  | { is: 'skipped' }
  | { is: 'repeated'; earlier: string; later: string }
  | { is: 'unreadable' };

const rfc3339 = (moment: Temporal.ZonedDateTime): string => new Date(moment.epochMilliseconds).toISOString();

/** @param wall a wall time without a zone, such as `2026-11-01T00:00` */
export function resolveWallTime(wall: string, zone: string): WallTimeResolution {
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

/** The wall time of an instant in a zone, in the format of pickers: with seconds only if they are not 0. */
export function wallTimeOf(instant: string, zone: string): string {
  const time = inZone(instant, zone).toPlainDateTime();
  return time.second === 0 && time.millisecond === 0 ? time.toString({ smallestUnit: 'minute' }) : time.toString();
}

/** The offset of the zone from UTC at that instant: `+08:00`. */
export const offsetOf = (instant: string, zone: string): string => inZone(instant, zone).offset;

/** Moves an instant. Days follow the calendar of the zone; hours and minutes are exact. */
export function moved(instant: string, zone: string, by: { days?: number; hours?: number; minutes?: number }): string {
  return rfc3339(inZone(instant, zone).add(by));
}

/** The nearest full minute, hour or day in the zone. */
export function rounded(instant: string, zone: string, to: 'day' | 'hour' | 'minute'): string {
  return rfc3339(inZone(instant, zone).round({ smallestUnit: to, roundingMode: 'halfExpand' }));
}

/** Adds an ISO 8601 duration like the platform: calendar units first, then exact ones. Undefined if it is not valid. */
export function after(instant: string, zone: string, duration: string): string | undefined {
  try {
    return rfc3339(inZone(instant, zone).add(Temporal.Duration.from(duration)));
  } catch {
    return undefined;
  }
}

/** The clock changes of a zone between two instants. */
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

/** True if the platform knows a zone of this name. */
export function isZone(zone: string): boolean {
  try {
    return /^[A-Za-z]/.test(zone) && inZone('2000-01-01T00:00:00Z', zone) !== undefined;
  } catch {
    return false;
  }
}
