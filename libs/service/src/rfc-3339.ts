import { timeOf } from '@vouchers/contracts';

/** A time with an offset, as callers send it; undefined where it is none, or lies outside the years 0001 to 9999. */
export function parseTime(text: unknown): Date | undefined {
  const at = timeOf(text);
  return at === undefined ? undefined : new Date(at);
}
