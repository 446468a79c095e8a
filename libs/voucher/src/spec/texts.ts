// Shapes of texts with a format: times, durations, zones, currencies, URLs.
import { codePointsOf, isCurrency, timeOf } from '@vouchers/contracts';
import { Temporal } from 'temporal-polyfill';
import { isZone } from '../time/zone.ts';
import { matching, value } from './shape.ts';

export const time = value(
  'an RFC 3339 time with offset, in the years 0001 to 9999 in UTC',
  (given) => timeOf(given) !== undefined,
);

export const zone = value(
  'an IANA time zone',
  (given) => typeof given === 'string' && given.length <= 100 && isZone(given),
);

/** An ISO 8601 duration without sign. */
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

export const currency = value('a currency in use, by its ISO 4217 code', isCurrency);

/** Unit: characters. */
const LONGEST_URL = 2_000;

export const url = value(`an https URL of at most ${LONGEST_URL} characters`, (given) => {
  if (typeof given !== 'string' || codePointsOf(given) > LONGEST_URL || !URL.canParse(given)) return false;
  return new URL(given).protocol === 'https:';
});
