// Shapes of texts with a format: times, durations, zones, currencies, URLs, teams.
import { codePointsOf, fault, isCurrency, isParty, LONGEST_PARTY, timeOf, type FaultCode } from '@vouchers/contracts';
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
/** `any`, or a list of different teams. */
export const teams = wordOrList(['any'], team, { notList: 'teams', notOnce: 'teams-once' });

/** The group in which a voucher combines with others. */
export const group = matching('group', /^[a-z0-9-]{1,63}$/);

/** `any`, `none`, or a list of different groups. */
export const groups = wordOrList(['any', 'none'], group, { notList: 'groups', notOnce: 'groups-once' });

/** One of these words, or a list of 1 to 20 different names. */
function wordOrList(words: string[], name: Shape, codes: { notList: FaultCode; notOnce: FaultCode }): Shape {
  const most = 20;
  const names = list(name, most, 1);
  return (given, pointer, faults) => {
    if (typeof given === 'string' && words.includes(given)) return;
    if (!Array.isArray(given)) faults.push(fault(pointer, codes.notList, { most }));
    else if (new Set(given).size < given.length) faults.push(fault(pointer, codes.notOnce));
    else names(given, pointer, faults);
  };
}
