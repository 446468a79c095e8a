import type { Fault, VoucherSpec, VoucherSpecInput } from '@vouchers/contracts';
import { badRequest } from '@vouchers/service';
import { completeSpec, specFaults } from '@vouchers/voucher';

/** The body as a spec with every default. 400 with the JSON pointer of each fault. */
export function specOf(body: unknown): VoucherSpec {
  return specsOf([body], () => '')[0]!;
}

/** Several specs. @param pointerOf returns the JSON pointer of the n-th spec in the body */
export function specsOf(bodies: unknown[], pointerOf: (index: number) => string): VoucherSpec[] {
  const faults = bodies.flatMap((body, index) =>
    specFaults(body).map((found): Fault => ({ ...found, pointer: pointerOf(index) + found.pointer })),
  );
  if (faults.length > 0) throw badRequest(faults);
  return bodies.map((body) => completeSpec(body as VoucherSpecInput));
}
