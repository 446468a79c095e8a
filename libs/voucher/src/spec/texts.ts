// Shapes of texts with a format: times, durations, zones, currencies, URLs, teams.
import { codePointsOf, isCurrency, isParty, LONGEST_PARTY, timeOf } from '@vouchers/contracts';
import { Temporal } from 'temporal-polyfill';
import { isZone } from '../time/zone.ts';
import { list, matching, type Shape, value } from './shape.ts';

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

const team = value(`a team: 1 to ${LONGEST_PARTY} characters, none of them a control character`, isParty);
const MOST_TEAMS = 20;
const listOfTeams = list(team, MOST_TEAMS, 1);

/** `any`, or a list of different teams. */
export const teams: Shape = (given, pointer, faults) => {
  if (given === 'any') return;
  if (!Array.isArray(given)) faults.push({ pointer, message: `any, or a list of 1 to ${MOST_TEAMS} teams` });
  else if (new Set(given).size < given.length) faults.push({ pointer, message: 'each team once' });
  else listOfTeams(given, pointer, faults);
};
