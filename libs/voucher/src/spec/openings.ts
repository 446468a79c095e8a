// Refuses a spec whose hours are never open within a window, because nobody could use the window.
import { fault, type AfterClaim, type Fault, type Windows } from '@vouchers/contracts';
import { plus, spanOf } from '../time/duration.ts';
import { openingHours } from '../time/hours.ts';
import { type Zone, zoneOf } from '../time/zone.ts';

/** Checks windows that have no other fault. */
export function openingFaults({ timeZone, valid, claim, use }: Windows): Fault[] {
  const zone = zoneOf(timeZone);
  const usable = 'afterClaim' in use ? usableSpan(use.afterClaim, claim, valid, zone) : spanOfRange(use);
  return [
    ...hoursFaults('claim', claim.hours, spanOfRange(claim), zone),
    ...hoursFaults('use', use.hours, usable, zone),
  ];
}

/** A half-open span of time. Unit: Unix ms. */
type TimeSpan = [from: number, to: number];

const spanOfRange = ({ from, to }: Windows['valid']): TimeSpan => [Date.parse(from), Date.parse(to)];

/** The span from the first possible use of the first claim to the last possible use of the last claim. */
function usableSpan(
  { delay, length }: AfterClaim,
  claim: Windows['claim'],
  valid: Windows['valid'],
  zone: Zone,
): TimeSpan {
  const [[firstClaim, lastClaim], [from, to]] = [spanOfRange(claim), spanOfRange(valid)];
  const delayed = (at: number): number => plus(at, spanOf(delay), zone);
  return [Math.max(delayed(firstClaim), from), Math.min(plus(delayed(lastClaim), spanOf(length), zone), to)];
}

function hoursFaults(
  window: 'claim' | 'use',
  hours: Windows['claim']['hours'],
  [from, to]: TimeSpan,
  zone: Zone,
): Fault[] {
  if (!hours || openingHours(hours, zone).isOpenWithin(from, to)) return [];
  return [fault(`/windows/${window}/hours`, 'never-open')];
}
