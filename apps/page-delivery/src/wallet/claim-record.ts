import type { Claim } from '@vouchers/contracts';
import type { ClaimRecord } from '@vouchers/voucher';

/** The claim in the form that the domain judges. Its facts are not published, so the caller sends the attributes. */
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
