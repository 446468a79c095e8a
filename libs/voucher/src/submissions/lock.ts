// Decides a lock: it keeps a claim for one order for a limited time. The same order may renew it. The lock of an order
// call also reserves the use and its discount.
import { TIME_END, type LockSubmission, type Order } from '@vouchers/contracts';
import { withReserved } from '../amounts.ts';
import { factsOf } from '../facts.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy } from '../rules.ts';
import type { ClaimRecord, Reservation, VoucherState } from '../state.ts';
import { type OrderContext, HAS_NOT_ENDED, NOT_LOCKED_BY_OTHER_ORDER, WITHIN_USE_WINDOW } from './claim-rules.ts';
import { isPriced, judgePriced, judgeStayingUse, redemptionContext, UNPRICED } from './redemption.ts';
import type { JudgedSubmission, Judging } from './judged-submission.ts';

const judge = judgeBy<OrderContext>([...HAS_NOT_ENDED, NOT_LOCKED_BY_OTHER_ORDER, WITHIN_USE_WINDOW]);

const judgeStaying = judgeBy<OrderContext>([...HAS_NOT_ENDED, NOT_LOCKED_BY_OTHER_ORDER]);

export function lock(
  proceedings: Proceedings,
  submission: LockSubmission,
  judging: Judging = {},
): JudgedSubmission | undefined {
  const { claimId, userId, orderId, ttlSeconds, orderCall, order } = submission;
  const { voucher, terms, at } = proceedings;
  const claim = proceedings.claimOf(claimId, userId);
  if (claim === undefined) return undefined;
  if (orderCall !== undefined) {
    const isWhole = order?.id === orderId && (judging.stays || isPriced(voucher, { ...submission, order }));
    return isWhole
      ? reservation(proceedings, { ...submission, order, orderCall }, claim, judging)
      : { judgement: UNPRICED, userId, claim };
  }
  const judgement = (judging.stays ? judgeStaying : judge)({ voucher, terms, at, claim, orderId });
  if (judgement.verdict === 'refused') return { judgement, userId, claim };
  const until = Math.min(at + ttlSeconds * 1000, claim.useUntil);
  return { judgement, userId, claim: { ...claim, state: 'locked', lock: { orderId, until } }, before: claim.state };
}

type Reserving = LockSubmission & { order: Order; orderCall: string };

/** Judges a lock as its redemption. It stands its full time; with `clock: "submissions"`, until its call ends it. */
function reservation(
  proceedings: Proceedings,
  submission: Reserving,
  claim: ClaimRecord,
  { stays }: Judging,
): JudgedSubmission {
  const { userId, orderId, orderCall, ttlSeconds, discount } = submission;
  const { voucher, terms, at } = proceedings;
  const before = claim.lock?.reservation;
  // A call that locks its claim again does not compete with its own lock.
  const judged = before?.orderCall === orderCall ? without(voucher, before) : voucher;
  const context = redemptionContext({ voucher: judged, terms, at }, claim, submission);
  const judgement = (stays ? judgeStayingUse : judgePriced)(context);
  const facts = factsOf(context.attributes, terms.useFacts);
  if (judgement.verdict === 'refused') return { judgement, userId, claim, facts };
  const lockUntil = before ? before.lockUntil : claim.lock?.until;
  const made: Reservation = {
    orderCall,
    ...(discount && { discount: { amount: discount.amount, currency: discount.currency } }),
    ...(lockUntil !== undefined && { lockUntil }),
  };
  const until = voucher.definition.spec.clock === 'submissions' ? TIME_END - 1 : at + ttlSeconds * 1000;
  const locked: ClaimRecord = { ...claim, state: 'locked', lock: { orderId, until, reservation: made } };
  const result = { judgement, userId, claim: locked, before: claim.state, facts, discount };
  return before ? { ...result, endedReservation: before } : result;
}

function without(voucher: VoucherState, reservation: Reservation): VoucherState {
  const { counters } = voucher;
  return { ...voucher, counters: { ...counters, reserved: withReserved(counters.reserved, reservation, -1) } };
}
