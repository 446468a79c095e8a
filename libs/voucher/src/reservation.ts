// The end of a reservation: a claim whose lock an order call made to keep its use and its discount.
import { ended, revokesClaims } from './pool.ts';
import type { Proceedings } from './proceedings.ts';
import type { ClaimRecord } from './state.ts';

/** The claim after its reservation has ended without a use. A lock that the order had before stands until its end. */
export function unreserved({ lock, ...claim }: ClaimRecord, at: number): ClaimRecord {
  const until = lock?.reservation?.lockUntil;
  if (until === undefined || until <= at) return { ...claim, state: 'held' };
  return { ...claim, state: 'locked', lock: { orderId: lock!.orderId, until } };
}

/**
 * Ends a claim that would have ended while it was reserved: its time is over, or its voucher was terminated with
 * `revoke`. Call it after the event that ended the reservation.
 * @param at the time of that event
 * @returns the claim after it
 */
export function endOverdue(proceedings: Proceedings, claim: ClaimRecord, at: number): ClaimRecord {
  const { state: before, userId, useUntil } = claim;
  if (before !== 'held' && before !== 'locked') return claim;
  const ending = useUntil <= at ? 'expired' : revokesClaims(proceedings.voucher) ? 'revoked' : undefined;
  if (ending === undefined) return claim;
  const over = ended(claim, ending);
  proceedings.record({ type: `voucher.claim-${ending}.v1`, at, userId, claim: over, before });
  return over;
}
