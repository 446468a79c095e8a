import type { Fault, VoucherSpec } from '@vouchers/contracts';

/** JSON pointers to what differs between two specs: whole fields of objects, lists as one. */
export function changedPointers(_before: VoucherSpec, _after: VoucherSpec): string[] {
  throw new Error('to be written');
}

/** What publication froze and this change touches: `clock` and `windows.timeZone`. */
export function frozenFaults(_before: VoucherSpec, _after: VoucherSpec): Fault[] {
  throw new Error('to be written');
}
