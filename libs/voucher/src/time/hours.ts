// Recurring hours of a window: local wall time, half-open, several entries are a union.
import type { Day, Hours } from '@vouchers/contracts';
import { type Reading, type Zone, zonedAt } from './zone.ts';

export const DAYS: readonly Day[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

interface Opening {
  /** By weekday, Monday first: does it begin on this day? */
  begins: boolean[];
  fromMinute: number;
  /** Up to 1440; not after `fromMinute`: it ends on the next day. */
  toMinute: number;
}

/** A window's hours, ready to be asked. */
export interface OpeningHours {
  isOpenAt(at: number): boolean;
  /** The next moment from `at` on at which they are open, or undefined within the next week. */
  opensAt(at: number): number | undefined;
}

/** Minutes since midnight of `HH:MM`. */
export function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

export function openingHours(hours: Hours[], zone: Zone): OpeningHours {
  const openings = hours.map(openingOf);
  const isOpenAt = (at: number): boolean => {
    const reading = zone.readingAt(at);
    return openings.some((opening) => isIn(opening, reading));
  };
  let asked = { from: 0, opens: 0 };
  return {
    isOpenAt,
    opensAt(at) {
      if (isOpenAt(at)) return at;
      if (at >= asked.from && at < asked.opens) return asked.opens;
      const opens = beginnings(openings, zone, at).find((moment) => moment > at && isOpenAt(moment));
      if (opens !== undefined) asked = { from: at, opens };
      return opens;
    },
  };
}

function openingOf({ days, from, to }: Hours): Opening {
  return { begins: DAYS.map((day) => days.includes(day)), fromMinute: minuteOf(from), toMinute: minuteOf(to) };
}

function isIn({ begins, fromMinute, toMinute }: Opening, { weekday, weekdayBefore, minute }: Reading): boolean {
  if (fromMinute < toMinute) return begins[weekday]! && minute >= fromMinute && minute < toMinute;
  return (begins[weekday]! && minute >= fromMinute) || (begins[weekdayBefore]! && minute < toMinute);
}

/** Moments of the coming eight days at which an opening may begin, in order: by the clock (twice where it is put back), or as it is put forward into one. */
function beginnings(openings: Opening[], zone: Zone, at: number): number[] {
  const today = zonedAt(at, zone.name).toPlainDate();
  const moments = [zone.stretchAt(at).to];
  for (let day = 0; day <= 8; day++) {
    const date = today.add({ days: day });
    for (const opening of openings) {
      if (opening.begins[date.dayOfWeek - 1]) {
        const time = date.toPlainDateTime().add({ minutes: opening.fromMinute });
        for (const disambiguation of ['compatible', 'later'] as const)
          moments.push(time.toZonedDateTime(zone.name, { disambiguation }).epochMilliseconds);
      }
    }
  }
  return moments.filter(Number.isFinite).sort((a, b) => a - b);
}
