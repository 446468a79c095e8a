import type { Fault } from '@vouchers/contracts';

/** Everything wrong with what a caller sent as a spec, whatever it is. Empty: `completeSpec` takes it. */
export function specFaults(_input: unknown): Fault[] {
  throw new Error('to be written');
}
