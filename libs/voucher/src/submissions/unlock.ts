// Decides an unlock: the order that locked the claim gives the lock up.
import type { UnlockSubmission } from '@vouchers/contracts';
import type { Proceedings } from '../proceedings.ts';
import { unreserved } from '../reservation.ts';
import { judgeBy } from '../rules.ts';
import type { ClaimRecord } from '../state.ts';
import { type OrderContext, HAS_NOT_ENDED, NOT_LOCKED_BY_OTHER_ORDER } from './claim-rules.ts';
import type { JudgedSubmission } from './judged-submission.ts';

const judge = judgeBy<OrderContext>([
  ...HAS_NOT_ENDED,
  {
    check: 'not-locked',
    // A call ends its reservation alone, never a lock that the order had before.
    holds: ({ claim, orderCall }) => claim.lock !== undefined && (orderCall === undefined || isReserved(claim)),
  },
  NOT_LOCKED_BY_OTHER_ORDER,
]);

export function unlock(
  proceedings: Proceedings,
  { claimId, userId, orderId, orderCall }: UnlockSubmission,
): JudgedSubmission | undefined {
  const { voucher, terms, at } = proceedings;
  const claim = proceedings.claimOf(claimId, userId);
  if (claim === undefined) return undefined;
  const judgement = judge({ voucher, terms, at, claim, orderId, orderCall });
  if (judgement.verdict === 'refused') return { judgement, userId, claim };
  const endedReservation = claim.lock!.reservation;
  const after = { judgement, userId, claim: unreserved(claim, at), before: claim.state };
  return endedReservation === undefined ? after : { ...after, endedReservation };
}

const isReserved = ({ lock }: ClaimRecord): boolean => lock?.reservation !== undefined;
