import { timeOf } from '@vouchers/contracts';

/** A caller's time with offset; undefined if it is none, or outside the years 0001 to 9999. */
export function parseTime(text: unknown): Date | undefined {
  const at = timeOf(text);
  return at === undefined ? undefined : new Date(at);
}
