import type { VoucherEvent } from './decision.ts';
import type { VoucherState } from './state.ts';

/** The state after an event; never judges. `head.seq` is kept: whoever numbers the events writes it (the `head` object is new each time). */
export function evolve(_voucher: VoucherState | undefined, _event: VoucherEvent): VoucherState {
  throw new Error('to be written');
}
