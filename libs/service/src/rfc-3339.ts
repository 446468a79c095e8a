const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** A time with an offset, as callers send it; undefined where it is none, or names a day that is none. */
export function parseTime(text: unknown): Date | undefined {
  const [, year, month, day] = (typeof text === 'string' && RFC_3339.exec(text)) || [];
  if (!year || new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day))
    return undefined;
  const time = new Date((text as string).toUpperCase());
  return Number.isNaN(time.getTime()) ? undefined : time;
}
