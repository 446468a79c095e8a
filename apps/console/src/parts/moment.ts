// Formats times: ISO order, 24 hours, the same in both languages. The screen must name the time zone nearby.
export type Precision = 'day' | 'minute' | 'second' | 'millisecond' | 'clock';

const OPTIONS: Record<Precision, Intl.DateTimeFormatOptions> = {
  day: { dateStyle: 'short' },
  minute: { dateStyle: 'short', timeStyle: 'short' },
  second: { dateStyle: 'short', timeStyle: 'medium' },
  millisecond: {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  },
  clock: { timeStyle: 'medium' },
};
const formats = new Map<string, Intl.DateTimeFormat>();

/** The viewer's time zone. */
export const VIEWER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `2026-11-30 10:32` in a zone. The text itself if it is not a time or the zone is unknown. */
export function formatMoment(at: string | number, precision: Precision = 'minute', timeZone = VIEWER_ZONE): string {
  const time = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(time)) return String(at);
  const key = `${precision} ${timeZone}`;
  try {
    let format = formats.get(key);
    if (!format) formats.set(key, (format = new Intl.DateTimeFormat('sv-SE', { ...OPTIONS[precision], timeZone })));
    return format.format(time).replace(',', '.');
  } catch {
    return new Date(time).toISOString();
  }
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A relative time: `in 2 hr.`, `3 days ago`. */
export function formatDistance(at: number, now: number, language: string): string {
  const distance = at - now;
  const [unit, length] = UNITS.find(([, ms]) => Math.abs(distance) >= ms) ?? ['second', 1_000];
  const format = new Intl.RelativeTimeFormat(language, { style: 'short', numeric: 'auto' });
  return format.format(Math.trunc(distance / length), unit);
}

/** `7 days` for `P7D`. A text that is not a duration stays as it is. */
export function formatDuration(duration: string, language: string): string {
  const [, ...parts] =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration) ?? [];
  const units = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'];
  const shown = parts.flatMap((part, i) => {
    if (!part || Number(part) === 0) return [];
    return new Intl.NumberFormat(language, { style: 'unit', unit: units[i]!, unitDisplay: 'long' }).format(
      Number(part),
    );
  });
  return shown.length > 0 ? shown.join(' ') : duration;
}
