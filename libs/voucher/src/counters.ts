import type { CounterValues, VoucherStatus } from '@vouchers/contracts';
import type { VoucherState } from './state.ts';

/** Units that are in nobody's hands, or null without a claim quantity. */
export function freeUnits(_voucher: VoucherState): number | null {
  throw new Error('to be written');
}

/** The claim quantity in force: lowering it takes no unit from anyone. */
export function claimQuantity(_voucher: VoucherState): number | null {
  throw new Error('to be written');
}

export function countersOf(_voucher: VoucherState): CounterValues {
  throw new Error('to be written');
}

/** What a voucher is, node rules applied. */
export function statusOf(voucher: VoucherState): VoucherStatus {
  return voucher.status === 'published' && voucher.enabled ? 'enabled' : voucher.status;
}
