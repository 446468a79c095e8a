// Between what a `datetime-local` field holds (wall time without a zone) and instants.
import { Temporal } from 'temporal-polyfill';

/** `2026-11-30T10:32:05` in a zone. */
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

/** The instant of a wall time in a zone; of one that comes twice, the earlier; undefined where the clock skips it. */
export function instantOf(wallTime: string, timeZone: string): string | undefined {
  try {
    const plain = Temporal.PlainDateTime.from(wallTime);
    const zoned = plain.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
    return zoned.toPlainDateTime().equals(plain) ? zoned.toInstant().toString() : undefined;
  } catch {
    return undefined;
  }
}
