import type { Claim } from '@vouchers/contracts';
import type { ClaimRecord } from '@vouchers/voucher';

/** A claim as the domain judges it. Facts are not published: attributes come with who asks. */
export function claimRecordOf({ id, heldAt, useFrom, useUntil, lock, ...claim }: Claim): ClaimRecord {
  return {
    ...claim,
    claimId: id,
    heldAt: Date.parse(heldAt),
    useFrom: Date.parse(useFrom),
    useUntil: Date.parse(useUntil),
    lock: lock && { orderId: lock.orderId, until: Date.parse(lock.until) },
    facts: {},
  };
}
