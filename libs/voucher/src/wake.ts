import type { VoucherState } from './state.ts';

/**
 * The next moment at which time alone may turn a node of this voucher, or undefined; dues of its claims are not in it.
 * @param judgedAt until when a tick has already judged it in vain, else nothing is taken as judged.
 */
export function nextWake(_voucher: VoucherState, _judgedAt?: number): number | undefined {
  throw new Error('to be written');
}
