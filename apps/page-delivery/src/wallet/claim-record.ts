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
    lock: lock && lockOf(lock),
    facts: {},
  };
}

function lockOf({ orderId, until, reserved, lockUntil }: NonNullable<Claim['lock']>): ClaimRecord['lock'] {
  const lock = { orderId, until: Date.parse(until) };
  if (!reserved) return lock;
  // The call is not shown, and nothing that is predicted here is of that call.
  const reservation = { orderCall: '', ...(lockUntil !== undefined && { lockUntil: Date.parse(lockUntil) }) };
  return { ...lock, reservation };
}
