// Converts between the value of a `datetime-local` field (wall time without a zone) and instants.
import { Temporal } from 'temporal-polyfill';

/** The wall time in a zone: `2026-11-30T10:32:05`. */
export function wallTimeOf(at: string, timeZone: string): string {
  try {
    return Temporal.Instant.from(at)
      .toZonedDateTimeISO(timeZone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'second' });
  } catch {
    return '';
  }
}

/** The instant of a wall time in a zone; undefined if the clock skips it. If it occurs twice, the earlier instant. */
export function instantOf(wallTime: string, timeZone: string): string | undefined {
  try {
    const plain = Temporal.PlainDateTime.from(wallTime);
    const zoned = plain.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
    return zoned.toPlainDateTime().equals(plain) ? zoned.toInstant().toString() : undefined;
  } catch {
    return undefined;
  }
}
