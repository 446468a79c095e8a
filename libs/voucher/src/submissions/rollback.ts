// Decides a rollback: one use of a claim is undone.
import type { RollbackSubmission } from '@vouchers/contracts';
import { rolledBack } from '../pool.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy } from '../rules.ts';
import type { RedemptionRecord } from '../state.ts';
import { rfc3339 } from '../time/rfc3339.ts';
import type { JudgedSubmission } from './judged-submission.ts';

const judge = judgeBy<RedemptionRecord>([
  {
    check: 'already-rolled-back',
    holds: ({ rolledBackAt }) => rolledBackAt === undefined,
    why: ({ rolledBackAt }) => `rolled back at ${rfc3339(rolledBackAt!)}`,
  },
]);

export function rollback(
  proceedings: Proceedings,
  { redemptionId, claimId, reason, hold }: RollbackSubmission,
): JudgedSubmission | undefined {
  const { voucher, at } = proceedings;
  const redemption = proceedings.redemption(redemptionId);
  const claim = proceedings.claimOf(claimId);
  if (claim === undefined || redemption === undefined || redemption.claimId !== claimId) return undefined;
  const { userId } = claim;
  const judgement = judge(redemption);
  if (judgement.verdict === 'refused') return { judgement, userId, claim, redemption, comment: reason };
  const taken = { ...redemption, rolledBackAt: at };
  return {
    judgement,
    userId,
    claim: rolledBack(claim, voucher, at, hold ? 'hold' : voucher.definition.spec.pool.rolledBack),
    before: claim.state,
    redemption: taken,
    comment: reason,
    ...(hold && { hold }),
  };
}
