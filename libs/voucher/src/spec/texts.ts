// Shapes of texts with a format: times, durations, zones, currencies, URLs, teams.
import { codePointsOf, fault, isCurrency, isParty, LONGEST_PARTY, timeOf } from '@vouchers/contracts';
import { Temporal } from 'temporal-polyfill';
import { isZone } from '../time/zone.ts';
import { list, matching, type Shape, value } from './shape.ts';

export const time = value('time', (given) => timeOf(given) !== undefined);

export const zone = value('time-zone', (given) => typeof given === 'string' && given.length <= 100 && isZone(given));

/** An ISO 8601 duration without sign. */
export const length = value('duration', (given) => {
  if (typeof given !== 'string' || given.length > 100 || !given.toUpperCase().startsWith('P')) return false;
  try {
    return Temporal.Duration.from(given).sign >= 0;
  } catch {
    return false;
  }
});

export const hoursFrom = matching('clock-time', /^([01]\d|2[0-3]):[0-5]\d$/);
export const hoursTo = matching('clock-time-or-midnight', /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/);

export const currency = value('currency', isCurrency);

/** Unit: characters. */
const LONGEST_URL = 2_000;

function isHttps(given: unknown): boolean {
  if (typeof given !== 'string' || codePointsOf(given) > LONGEST_URL || !URL.canParse(given)) return false;
  return new URL(given).protocol === 'https:';
}
export const url = value('url', isHttps, { most: LONGEST_URL });

const team = value('team', isParty, { most: LONGEST_PARTY });
const MOST_TEAMS = 20;
const listOfTeams = list(team, MOST_TEAMS, 1);

/** `any`, or a list of different teams. */
export const teams: Shape = (given, pointer, faults) => {
  if (given === 'any') return;
  if (!Array.isArray(given)) faults.push(fault(pointer, 'teams', { most: MOST_TEAMS }));
  else if (new Set(given).size < given.length) faults.push(fault(pointer, 'teams-once'));
  else listOfTeams(given, pointer, faults);
};
