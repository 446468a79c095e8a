// Decides a submission and records the verdict event. Only this event has the submission's id.
import { GRANTED_TYPES, REFUSED_TYPES, type RefusedKind, type Submission } from '@vouchers/contracts';
import type { Proceedings } from '../proceedings.ts';
import { endOverdue } from '../reservation.ts';
import type { Judgement } from '../rules.ts';
import { claim } from './claim.ts';
import { extension } from './extension.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { lock } from './lock.ts';
import { push } from './push.ts';
import { recordedOf } from './recorded.ts';
import { redemption } from './redemption.ts';
import { release } from './release.ts';
import { revoke } from './revoke.ts';
import { rollback } from './rollback.ts';
import { unlock } from './unlock.ts';
import type { JudgedSubmission, Judging } from './judged-submission.ts';

const UNREADABLE: Judgement = {
  verdict: 'refused',
  reason: 'unreadable',
  checks: [{ check: 'unreadable', passed: false, detail: 'of a claim or redemption that does not exist' }],
};

export function giveVerdict(proceedings: Proceedings, submission: Submission, judging?: Judging): void {
  const judged = verdictOn(proceedings, submission, judging);
  const verdict = judged ?? unreadable(submission);
  const { judgement, userId, pageSlug, claim, before, redemption, comment, facts, entry, entryBefore } = verdict;
  const { discount, endedReservation, hold } = verdict;
  const { kind, submissionId, at } = submission;
  const granted = verdict.judgement.verdict === 'granted';
  const occurredAt = Date.parse(at);
  proceedings.record({
    type: granted ? GRANTED_TYPES[kind] : REFUSED_TYPES[kind as RefusedKind],
    occurredAt: Number.isNaN(occurredAt) ? undefined : occurredAt,
    submissionId,
    kind,
    userId,
    pageSlug,
    claim,
    before,
    redemption,
    comment,
    facts,
    ...(entry && { entry, entryBefore }),
    ...(discount && { discount }),
    ...(endedReservation && { endedReservation }),
    ...(hold && { hold }),
    submission: judged && recordedOf(submission, proceedings.voucher.definition.version, granted),
    reason: judgement.reason,
    checks: judgement.checks,
    bodyHash: 'bodyHash' in submission ? submission.bodyHash : undefined,
    asker: 'asker' in submission ? submission.asker : undefined,
    by: 'by' in submission ? submission.by : undefined,
  });
  if (endedReservation && claim!.lock?.reservation === undefined) endOverdue(proceedings, claim!, proceedings.at);
}

function unreadable(submission: Submission): JudgedSubmission {
  return { judgement: UNREADABLE, userId: 'userId' in submission ? submission.userId : undefined };
}

/** Undefined if the claim or redemption does not exist. */
function verdictOn(proceedings: Proceedings, submission: Submission, judging?: Judging): JudgedSubmission | undefined {
  switch (submission.kind) {
    case 'push':
      return push(proceedings, submission);
    case 'claim':
      return claim(proceedings, submission, judging);
    case 'lock':
      return lock(proceedings, submission, judging);
    case 'unlock':
      return unlock(proceedings, submission);
    case 'release':
      return release(proceedings, submission);
    case 'revoke':
      return revoke(proceedings, submission);
    case 'redemption':
      return redemption(proceedings, submission, judging);
    case 'rollback':
      return rollback(proceedings, submission);
    case 'join':
      return join(proceedings, submission, judging);
    case 'leave':
      return leave(proceedings, submission);
    case 'extension':
      return extension(proceedings, submission);
    default:
      return submission satisfies never;
  }
}
