// The weekly hours of a window, in local wall time. Entries are half-open, and their union counts.
import type { Day, Hours } from '@vouchers/contracts';
import { Temporal } from 'temporal-polyfill';
import { type WallTime, type Zone, zonedAt } from './zone.ts';

export const DAYS: readonly Day[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

interface Opening {
  /** Whether it begins on this weekday, Monday first. */
  begins: boolean[];
  fromMinute: number;
  /** At most 1440. If it is not after `fromMinute`, the opening ends on the next day. */
  toMinute: number;
}

/** The parsed hours of a window. */
export interface OpeningHours {
  isOpenAt(at: number): boolean;
  /** The first moment from `at` on at which they are open. Undefined if there is none within a week. */
  opensAt(at: number): number | undefined;
  /** The first moment after `at` at which they open or close. Undefined if there is none within eight days. */
  changesAfter(at: number): number | undefined;
  /** Whether they are open at some moment of [from, to). */
  isOpenWithin(from: number, to: number): boolean;
}

const DAY_MS = 86_400_000;
/** Each opening begins once per week. A change of the clocks may skip one, but never two in a row. */
const SURE_TO_OPEN_MS = 15 * DAY_MS;

/** The minutes from midnight to `HH:MM`. */
export function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

export function openingHours(hours: Hours[], zone: Zone): OpeningHours {
  const openings = hours.map(openingOf);
  const isOpenAt = (at: number): boolean => {
    const wallTime = zone.wallTimeAt(at);
    return openings.some((opening) => isIn(opening, wallTime));
  };
  const closings = openings.map(closingOf);
  let searched = { from: 0, opens: 0 };
  let changing = { from: 0, at: 0 };
  return {
    isOpenAt,
    opensAt(at) {
      if (isOpenAt(at)) return at;
      if (at >= searched.from && at < searched.opens) return searched.opens;
      const moments = [...beginnings(openings, zone, at, at + 8 * DAY_MS)].sort((a, b) => a - b);
      const opens = moments.find((moment) => moment > at && isOpenAt(moment));
      if (opens !== undefined) searched = { from: at, opens };
      return opens;
    },
    changesAfter(at) {
      if (at >= changing.from && at < changing.at) return changing.at;
      const until = at + 8 * DAY_MS;
      const ends = [
        ...beginnings(openings, zone, at - DAY_MS, until),
        ...beginnings(closings, zone, at - DAY_MS, until),
      ];
      const moments = ends.filter((moment) => moment > at).sort((a, b) => a - b);
      const change = moments.find((moment) => isOpenAt(moment) !== isOpenAt(moment - 1));
      if (change !== undefined) changing = { from: at, at: change };
      return change;
    },
    isOpenWithin(from, to) {
      if (openings.length === 0 || from >= to) return false;
      if (to - from >= SURE_TO_OPEN_MS || isOpenAt(from)) return true;
      for (const moment of beginnings(openings, zone, from, to))
        if (moment > from && moment < to && isOpenAt(moment)) return true;
      return false;
    },
  };
}

function openingOf({ days, from, to }: Hours): Opening {
  return { begins: DAYS.map((day) => days.includes(day)), fromMinute: minuteOf(from), toMinute: minuteOf(to) };
}

/** The times at which an opening ends, as if another began then. It may end on the next day. */
function closingOf({ begins, fromMinute, toMinute }: Opening): Opening {
  const isNextDay = toMinute <= fromMinute || toMinute === 1440;
  const day = isNextDay ? begins.map((_, weekday) => begins[(weekday + 6) % 7]!) : begins;
  return { begins: day, fromMinute: toMinute % 1440, toMinute: 1440 };
}

function isIn({ begins, fromMinute, toMinute }: Opening, { weekday, weekdayBefore, minute }: WallTime): boolean {
  if (fromMinute < toMinute) return begins[weekday]! && minute >= fromMinute && minute < toMinute;
  return (begins[weekday]! && minute >= fromMinute) || (begins[weekdayBefore]! && minute < toMinute);
}

/**
 * The moments from `at` to the end of the day of `until` at which an opening may begin, in no order. It begins at its
 * wall time (twice if the clocks are put back), or when a change of the clocks jumps into it.
 */
function* beginnings(openings: Opening[], zone: Zone, at: number, until: number): Generator<number> {
  for (let turn = zone.stretchAt(at).to; turn <= until; turn = zone.stretchAt(turn).to) yield turn;
  const last = zonedAt(until, zone.name).toPlainDate();
  for (let date = zonedAt(at, zone.name).toPlainDate(); Temporal.PlainDate.compare(date, last) <= 0;) {
    for (const opening of openings) {
      if (opening.begins[date.dayOfWeek - 1]) {
        const time = date.toPlainDateTime().add({ minutes: opening.fromMinute });
        for (const disambiguation of ['compatible', 'later'] as const)
          yield time.toZonedDateTime(zone.name, { disambiguation }).epochMilliseconds;
      }
    }
    date = date.add({ days: 1 });
  }
}
