import type { Context, Decision, Input } from './decision.ts';
import type { VoucherState } from './state.ts';

/**
 * What happens, and why. A submission for a voucher that was never defined gives no events: it is to be quarantined;
 * one whose claim is unknown is refused as `unreadable`.
 */
export function decide(_voucher: VoucherState | undefined, _context: Context, _input: Input): Decision {
  throw new Error('to be written');
}
