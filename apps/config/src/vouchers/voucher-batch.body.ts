import type { Fault, VoucherSpec } from '@vouchers/contracts';
import { VoucherBatchBody } from '@vouchers/contracts/bodies';
import { badRequest, faultsOf } from '@vouchers/service';
import { specsOf } from './voucher.spec-body.ts';

/** The JSON pointer of the n-th spec in the body. */
export const itemPointer = (index: number): string => `/items/${index}`;

/** The specs of a batch. 400 with pointers like `/items/3/windows/valid/to`. */
export function batchOf(body: unknown = {}): VoucherSpec[] {
  const faults: Fault[] = faultsOf(VoucherBatchBody, body);
  if (faults.length > 0) throw badRequest(faults);
  return specsOf((body as VoucherBatchBody).items, itemPointer);
}
