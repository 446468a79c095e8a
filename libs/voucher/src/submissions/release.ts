// Decides a release: the user gives the claim back.
import type { ReleaseSubmission } from '@vouchers/contracts';
import { ended } from '../pool.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy } from '../rules.ts';
import { rfc3339 } from '../time/rfc3339.ts';
import { type ClaimContext, HAS_NOT_ENDED, unlessReserved } from './claim-rules.ts';
import type { JudgedSubmission } from './judged-submission.ts';

const judgeReleasing = judgeBy<ClaimContext>([
  ...HAS_NOT_ENDED,
  {
    check: 'locked',
    holds: ({ claim }) => claim.state !== 'locked',
    why: ({ claim }) => claim.lock && `locked until ${rfc3339(claim.lock.until)}`,
  },
]);
const judge = unlessReserved(judgeReleasing);

export function release(
  proceedings: Proceedings,
  { claimId, userId }: ReleaseSubmission,
): JudgedSubmission | undefined {
  const { voucher, terms, at } = proceedings;
  const claim = proceedings.claimOf(claimId, userId);
  if (claim === undefined) return undefined;
  const judgement = judge({ voucher, terms, at, claim });
  if (judgement.verdict === 'refused') return { judgement, userId, claim };
  return { judgement, userId, claim: ended(claim, 'released'), before: claim.state };
}
