// Wall times in a zone. Temporal's answers are cached, because a decision may take only microseconds.
import { Temporal } from 'temporal-polyfill';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday; weeks begin on Monday. */
const EPOCH_WEEKDAY = 3;

/** A half-open stretch of time with one offset from UTC. Unit: Unix ms. */
export interface Stretch {
  from: number;
  to: number;
  offsetMs: number;
}

/** The time on a wall clock: weekday 0 (Monday) to 6, and minute of the day. */
export interface WallTime {
  weekday: number;
  /** The day before, unless the zone skipped that day (Apia, 30 December 2011). Then it is the last day that was. */
  weekdayBefore: number;
  minute: number;
}

export interface Zone {
  name: string;
  stretchAt(at: number): Stretch;
  wallTimeAt(at: number): WallTime;
}

const zones = new Map<string, Zone>();

/**
 * The zone with this IANA name.
 * @throws RangeError if there is none
 */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  zonedAt(0, name);
  const zone = makeZone(name);
  zones.set(name, zone);
  return zone;
}

/**
 * A zone's name as IANA writes it: `Asia/Shanghai` for `asia/shanghai`. Links are kept.
 * @throws RangeError for an unknown zone
 */
export function zoneNamed(name: string): string {
  return zonedAt(0, name).timeZoneId;
}

/** Whether this is the name of an IANA zone or UTC. A bare offset is no zone. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return false;
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

export function zonedAt(at: number, zoneName: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zoneName);
}

function makeZone(name: string): Zone {
  const stretches: Stretch[] = [];
  let latest: Stretch = { from: 0, to: 0, offsetMs: 0 };

  function stretchAt(at: number): Stretch {
    if (at >= latest.from && at < latest.to) return latest;
    latest = stretches.find((one) => at >= one.from && at < one.to) ?? remember(stretchFromTemporal(at, name));
    return latest;
  }

  function remember(stretch: Stretch): Stretch {
    if (stretches.length >= 64) stretches.shift();
    stretches.push(stretch);
    return stretch;
  }

  function dayAt(at: number): number {
    return Math.floor((at + stretchAt(at).offsetMs) / DAY_MS);
  }

  function wallTimeAt(at: number): WallTime {
    const { from, offsetMs } = stretchAt(at);
    const day = Math.floor((at + offsetMs) / DAY_MS);
    const sinceMidnight = at + offsetMs - day * DAY_MS;
    const dayBefore = at - sinceMidnight > from ? day - 1 : Math.min(dayAt(from - 1), day - 1);
    return {
      weekday: weekdayOf(day),
      weekdayBefore: weekdayOf(dayBefore),
      minute: Math.floor(sinceMidnight / MINUTE_MS),
    };
  }

  return { name, stretchAt, wallTimeAt };
}

function weekdayOf(day: number): number {
  return (((day + EPOCH_WEEKDAY) % 7) + 7) % 7;
}

function stretchFromTemporal(at: number, zoneName: string): Stretch {
  const moment = zonedAt(at, zoneName);
  // 'previous' excludes a transition at this very moment, but it counts here. So the search begins 1 ms later.
  const previous = moment.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  const next = moment.getTimeZoneTransition('next');
  return {
    from: previous?.epochMilliseconds ?? -Infinity,
    to: next?.epochMilliseconds ?? Infinity,
    offsetMs: moment.offsetNanoseconds / 1e6,
  };
}
