// Decides a lock: it reserves a claim for one order for a limited time. The same order may renew it.
import type { LockSubmission } from '@vouchers/contracts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy } from '../rules.ts';
import { type OrderContext, HAS_NOT_ENDED, NOT_LOCKED_BY_OTHER_ORDER, WITHIN_USE_WINDOW } from './claim-rules.ts';
import type { JudgedSubmission } from './judged-submission.ts';

const judge = judgeBy<OrderContext>([...HAS_NOT_ENDED, NOT_LOCKED_BY_OTHER_ORDER, WITHIN_USE_WINDOW]);

export function lock(
  proceedings: Proceedings,
  { claimId, userId, orderId, ttlSeconds }: LockSubmission,
): JudgedSubmission | undefined {
  const { voucher, terms, at } = proceedings;
  const claim = proceedings.claimOf(claimId, userId);
  if (claim === undefined) return undefined;
  const judgement = judge({ voucher, terms, at, claim, orderId });
  if (judgement.verdict === 'refused') return { judgement, userId, claim };
  const until = Math.min(at + ttlSeconds * 1000, claim.useUntil);
  return { judgement, userId, claim: { ...claim, state: 'locked', lock: { orderId, until } }, before: claim.state };
}
