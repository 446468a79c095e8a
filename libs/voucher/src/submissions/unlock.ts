// Decides an unlock: the order that locked the claim gives the lock up.
import type { UnlockSubmission } from '@vouchers/contracts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy } from '../rules.ts';
import { type OrderContext, HAS_NOT_ENDED, NOT_LOCKED_BY_OTHER_ORDER } from './claim-rules.ts';
import type { JudgedSubmission } from './judged-submission.ts';

const judge = judgeBy<OrderContext>([
  ...HAS_NOT_ENDED,
  { check: 'not-locked', holds: ({ claim }) => claim.state === 'locked' },
  NOT_LOCKED_BY_OTHER_ORDER,
]);

export function unlock(
  proceedings: Proceedings,
  { claimId, userId, orderId }: UnlockSubmission,
): JudgedSubmission | undefined {
  const { voucher, terms, at } = proceedings;
  const claim = proceedings.claimOf(claimId, userId);
  if (claim === undefined) return undefined;
  const judgement = judge({ voucher, terms, at, claim, orderId });
  if (judgement.verdict === 'refused') return { judgement, userId, claim };
  const { lock: _, ...rest } = claim;
  return { judgement, userId, claim: { ...rest, state: 'held' }, before: claim.state };
}
