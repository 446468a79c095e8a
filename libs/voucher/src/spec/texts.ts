// Texts that stand for something else: times, lengths of time, zones, addresses.
import { Temporal } from 'temporal-polyfill';
import { isZone } from '../time/zone.ts';
import { matching, value } from './shape.ts';

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** Unix milliseconds of an RFC 3339 time with offset; undefined where it is none. */
export function timeOf(given: unknown): number | undefined {
  const parts = typeof given === 'string' ? RFC3339.exec(given) : null;
  if (parts === null) return undefined;
  const [, year, month, day] = parts.map(Number) as [number, number, number, number];
  // Date rolls February 30 over: such a day is none.
  if (month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate())
    return undefined;
  const at = Date.parse((given as string).toUpperCase());
  return Number.isNaN(at) ? undefined : at;
}

export const time = value('an RFC 3339 time with offset', (given) => timeOf(given) !== undefined);

export const zone = value(
  'an IANA time zone',
  (given) => typeof given === 'string' && given.length <= 100 && isZone(given),
);

/** ISO 8601, without sign. */
export const length = value('an ISO 8601 duration', (given) => {
  if (typeof given !== 'string' || given.length > 100 || !given.toUpperCase().startsWith('P')) return false;
  try {
    return Temporal.Duration.from(given).sign >= 0;
  } catch {
    return false;
  }
});

export const hoursFrom = matching('a local time HH:MM', /^([01]\d|2[0-3]):[0-5]\d$/);
export const hoursTo = matching('a local time HH:MM, or 24:00', /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/);

export const currency = matching('an ISO 4217 code', /^[A-Z]{3}$/);

/** Unit: characters. */
const LONGEST_URL = 2_000;

export const url = value(`an https URL of at most ${LONGEST_URL} characters`, (given) => {
  if (typeof given !== 'string' || given.length > LONGEST_URL || !URL.canParse(given)) return false;
  return new URL(given).protocol === 'https:';
});
