import type { VoucherSpec } from '@vouchers/contracts';
import type { Input } from './decision.ts';
import { startsAnew } from './evolve.ts';
import type { VoucherState } from './state.ts';
import { termsOf } from './terms.ts';

/** The last moment that a date can have (ECMA-262, 21.4.1.1). */
const END_OF_TIME = 8.64e15;

/** The largest accepted difference between the time in a submission or tick and its broker time. Unit: ms. */
const TOLERANCE_MS = 5_000;

/**
 * The time that counts for a submission with this `at`, before it is compared with the voucher's time. Ticks go by
 * the clock `wall`. A definition has no time of its own, so its broker time is passed for both. Unit: Unix ms.
 */
export function settledTime(at: number, brokerTime: number, clock: VoucherSpec['clock']): number {
  if (clock === 'submissions' && !Number.isNaN(at)) return at;
  return Math.abs(at - brokerTime) <= TOLERANCE_MS ? at : brokerTime;
}

/** The time at which an input is judged. The voucher's time never goes back. */
export function judgingTime(voucher: VoucherState, input: Input): number {
  if (input.type !== 'definition') return notBefore(voucher.time, input.at);
  const time = startsAnew(voucher, input.value) ? 0 : voucher.time;
  return input.value.spec.clock === 'wall' ? notBefore(time, input.at) : time || ownTime(input);
}

/** The time of a voucher's first definition. With `clock: "submissions"` there is no other time yet. */
export function ownTime({ at, value: { spec } }: Extract<Input, { type: 'definition' }>): number {
  return spec.clock === 'wall' ? at : termsOf(spec).valid.from;
}

function notBefore(time: number, at: number): number {
  return at > time && at <= END_OF_TIME ? at : time;
}
