// Decides a revocation: staff take a claim back.
import type { RevokeSubmission } from '@vouchers/contracts';
import { ended } from '../pool.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy } from '../rules.ts';
import { HAS_NOT_ENDED, unlessReserved } from './claim-rules.ts';
import type { JudgedSubmission } from './judged-submission.ts';

const judge = unlessReserved(judgeBy(HAS_NOT_ENDED));

export function revoke(proceedings: Proceedings, { claimId, reason }: RevokeSubmission): JudgedSubmission | undefined {
  const { voucher, terms, at } = proceedings;
  const claim = proceedings.claimOf(claimId);
  if (claim === undefined) return undefined;
  const { userId, state } = claim;
  const judgement = judge({ voucher, terms, at, claim });
  if (judgement.verdict === 'refused') return { judgement, userId, claim, comment: reason };
  return { judgement, userId, claim: ended(claim, 'revoked'), before: state, comment: reason };
}
