import type { Language } from './words.ts';

const MINUTE_MS = 60_000;
const CLOCK: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/**
 * Formats a moment in the voucher's time zone. It names the zone if the viewer's clock shows another time.
 * @param isEnd true for the exclusive end of an interval: midnight is shown as the day before it
 */
export function momentText(time: number, timeZone: string, language: Language, now: number, isEnd = false): string {
  const wall = (at: number, options: Intl.DateTimeFormatOptions, zone: string | undefined = timeZone) =>
    formatOf(language, { ...options, timeZone: zone }).format(at);
  const isWholeDay = isEnd && wall(time, CLOCK) === '00:00';
  const shown = isWholeDay ? time - MINUTE_MS : time;
  const year: Intl.DateTimeFormatOptions = { year: 'numeric' };
  const here = { ...CLOCK, day: 'numeric' } as const;
  return wall(shown, {
    ...(wall(shown, year) !== wall(now, year) && year),
    month: language === 'en' ? 'short' : 'long',
    day: 'numeric',
    ...(!isWholeDay && CLOCK),
    ...(wall(shown, here) !== formatOf(language, here).format(shown) && { timeZoneName: 'short' }),
  });
}

/** Formats a time as `2:03:45` or `3:45`. */
export function countdownText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return (parts[0] ? parts : parts.slice(1)).map((part, i) => String(part).padStart(i && 2, '0')).join(':');
}

// Creating a format is far more expensive than using it, and a page may have 200 modules.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = JSON.stringify([language, options]);
  let format = formats.get(name);
  if (!format) {
    const tag = language === 'en' ? 'en-GB' : language;
    try {
      format = new Intl.DateTimeFormat(tag, options);
    } catch {
      format = new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' }); // this browser does not know the zone
    }
    formats.set(name, format);
  }
  return format;
}
