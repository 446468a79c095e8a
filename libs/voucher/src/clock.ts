import type { VoucherSpec } from '@vouchers/contracts';

/** How far a submission's own time, or a tick's, may lie from its broker time. Unit: ms. */
const TOLERANCE_MS = 5_000;

/**
 * The time that counts of a submission's `at` (or a tick's: clock `wall`), before it meets the voucher's time.
 * All Unix milliseconds. A definition has no time of its own: hand in its broker time for both.
 */
export function settledTime(at: number, brokerTime: number, clock: VoucherSpec['clock']): number {
  if (clock === 'submissions' && !Number.isNaN(at)) return at;
  return Math.abs(at - brokerTime) <= TOLERANCE_MS ? at : brokerTime;
}
