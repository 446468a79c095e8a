import type { VoucherSpec } from '@vouchers/contracts';
import { VOUCHER_BATCH } from '@vouchers/contracts/schemas';
import { CompiledBody } from '@vouchers/service';
import { specsOf } from './voucher.spec-body.ts';

const batchBody = new CompiledBody(VOUCHER_BATCH);

/** The JSON pointer of the n-th spec in the body. */
export const itemPointer = (index: number): string => `/items/${index}`;

/** The specs of a batch. 400 with pointers like `/items/3/windows/valid/to`. */
export const batchOf = (body: unknown): VoucherSpec[] => specsOf(batchBody.transform(body).items, itemPointer);
