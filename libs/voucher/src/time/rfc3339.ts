// Times as text. An event has half a dozen of them, mostly of one day: the day is written once.

const DAY_MS = 86_400_000;
const TWO = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
const THREE = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));

const dates = new Map<number, string>();

function dateOf(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  if (dates.size >= 1_000) dates.clear();
  const date = new Date(day * DAY_MS).toISOString().slice(0, -14);
  dates.set(day, date);
  return date;
}

/** RFC 3339 in UTC with milliseconds; the same text as `Date.prototype.toISOString`. */
export function rfc3339(at: number): string {
  const day = Math.floor(at / DAY_MS);
  const ms = at - day * DAY_MS;
  const second = Math.floor(ms / 1000);
  const minute = Math.floor(second / 60);
  return `${dateOf(day)}T${TWO[Math.floor(minute / 60)]}:${TWO[minute % 60]}:${TWO[second % 60]}.${THREE[ms - second * 1000]}Z`;
}
