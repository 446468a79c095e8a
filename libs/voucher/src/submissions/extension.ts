// Decides an extension: the user of a claim moves its end.
import type { ExtensionSubmission } from '@vouchers/contracts';
import { othersWait } from '../offers.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy } from '../rules.ts';
import type { ClaimRecord } from '../state.ts';
import { noticesOf, type Terms } from '../terms.ts';
import { plus } from '../time/duration.ts';
import { rfc3339 } from '../time/rfc3339.ts';
import { type ClaimContext, HAS_NOT_ENDED } from './claim-rules.ts';
import type { JudgedSubmission } from './judged-submission.ts';

interface ExtensionContext extends ClaimContext {
  othersWait: () => boolean;
}

export const judgeExtending = judgeBy<ExtensionContext>([
  { ...HAS_NOT_ENDED[0]!, holds: ({ claim, at }) => claim.state !== 'expired' && !isOverdue(claim, at) },
  ...HAS_NOT_ENDED.slice(1),
  { check: 'terminated', holds: ({ voucher }) => voucher.status !== 'terminated' },
  { check: 'no-extension', holds: ({ terms }) => terms.extension !== undefined },
  {
    check: 'extension-limit',
    holds: ({ claim, terms }) => (claim.extensions ?? 0) < terms.extension!.times,
    why: ({ terms }) => `at most ${terms.extension!.times}`,
  },
  { check: 'others-wait', holds: (context) => !context.othersWait() },
  {
    check: 'nothing-to-extend',
    holds: ({ claim, terms }) => extendedEnd(claim, terms) > claim.useUntil,
    why: ({ claim }) => `it ends at ${rfc3339(claim.useUntil)} anyway`,
  },
]);

/** A reserved claim may outlive its end, but its end does not move any more. */
const isOverdue = ({ state, useUntil }: ClaimRecord, at: number): boolean => state === 'locked' && useUntil <= at;

/** The end of a claim after one more extension. */
function extendedEnd({ useUntil }: ClaimRecord, { use, valid, zone, extension }: Terms): number {
  return Math.min(plus(useUntil, extension!.length, zone), 'from' in use ? use.to : valid.to);
}

export function extension(
  proceedings: Proceedings,
  { claimId, userId }: ExtensionSubmission,
): JudgedSubmission | undefined {
  const { voucher, terms, at } = proceedings;
  const claim = proceedings.claimOf(claimId, userId);
  if (claim === undefined) return undefined;
  const judgement = judgeExtending({ voucher, terms, at, claim, othersWait: () => othersWait(proceedings, userId) });
  if (judgement.verdict === 'refused') return { judgement, userId, claim };
  const { noticesAt: _, ...rest } = claim;
  const useUntil = extendedEnd(claim, terms);
  const noticesAt = noticesOf(terms, useUntil, at);
  const extensions = (claim.extensions ?? 0) + 1;
  const extended: ClaimRecord = { ...rest, useUntil, ...(noticesAt && { noticesAt }), extensions };
  return { judgement, userId, claim: extended, before: claim.state };
}
