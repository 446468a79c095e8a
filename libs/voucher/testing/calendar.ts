// The model's hours and durations, by Intl alone. Times are Unix milliseconds.
import type { Day, Hours } from '@vouchers/contracts';

const DAY_MS = 86_400_000;
const DAYS: readonly Day[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const formats = new Map<string, Intl.DateTimeFormat>();

/** The wall time at `t`, as the Unix time at which UTC shows it. */
export function wallTime(t: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const shown: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(t)) shown[type] = Number(value);
  const second = Date.UTC(shown.year!, shown.month! - 1, shown.day, shown.hour, shown.minute, shown.second);
  return second + (((t % 1000) + 1000) % 1000);
}

/** The instant of a wall time: the first of two, or later by the gap if it is skipped. */
export function instantOf(wall: number, timeZone: string): number {
  const offsetBefore = wallTime(wall - DAY_MS, timeZone) - (wall - DAY_MS);
  const offsetAfter = wallTime(wall + DAY_MS, timeZone) - (wall + DAY_MS);
  const shown = [wall - offsetBefore, wall - offsetAfter].filter((t) => wallTime(t, timeZone) === wall);
  return shown.length > 0 ? Math.min(...shown) : wall - offsetBefore;
}

const dayOf = (wall: number): Day => DAYS[new Date(wall).getUTCDay()]!;

function minutesOf(clock: string): number {
  const [hour, minute] = clock.split(':');
  return Number(hour) * 60 + Number(minute);
}

/** Whether `t` is within one of the entries. Without hours, it always is. */
export function withinHours(t: number, hours: Hours[] | undefined, timeZone: string): boolean {
  if (!hours) return true;
  const wall = wallTime(t, timeZone);
  const midnight = Math.floor(wall / DAY_MS) * DAY_MS;
  const minutes = (wall - midnight) / 60_000;
  const today = dayOf(wall);
  // The last day before this one. It is not always yesterday's date: Apia had no 30 December 2011.
  const dayBefore = dayOf(wallTime(instantOf(midnight, timeZone) - 1, timeZone));
  for (const entry of hours) {
    const from = minutesOf(entry.from);
    const to = minutesOf(entry.to);
    if (from < to) {
      if (entry.days.includes(today) && from <= minutes && minutes < to) return true;
    } else {
      if (entry.days.includes(today) && from <= minutes) return true;
      if (entry.days.includes(dayBefore) && minutes < to) return true;
    }
  }
  return false;
}

const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** `t` later by an ISO 8601 duration: years to days by the calendar of the zone, then the rest exactly. */
export function later(t: number, duration: string, timeZone: string): number {
  return moved(t, duration, timeZone, 1);
}

/** `t` earlier by an ISO 8601 duration. */
export function earlier(t: number, duration: string, timeZone: string): number {
  return moved(t, duration, timeZone, -1);
}

function moved(t: number, duration: string, timeZone: string, sign: 1 | -1): number {
  const parts = DURATION.exec(duration);
  if (!parts) throw new Error(`not a duration: ${duration}`);
  const [years, months, weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => sign * Number(part ?? 0));
  let at = t;
  if (years || months || weeks || days) {
    const wall = new Date(wallTime(t, timeZone));
    const dayOfMonth = wall.getUTCDate();
    wall.setUTCDate(1);
    wall.setUTCMonth(wall.getUTCMonth() + years! * 12 + months!);
    const lastOfMonth = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();
    wall.setUTCDate(Math.min(dayOfMonth, lastOfMonth) + weeks! * 7 + days!);
    at = instantOf(wall.getTime(), timeZone);
  }
  return at + hours! * 3_600_000 + minutes! * 60_000 + Math.round(seconds! * 1000);
}
