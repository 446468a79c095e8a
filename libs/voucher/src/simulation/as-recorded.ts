// Verdicts that are taken as they were recorded, because not all of their submission was kept.
import type { Submission } from '@vouchers/contracts';
import type { Recorded, VoucherEvent } from '../decision.ts';
import { attributesOf } from '../facts.ts';
import type { Proceedings } from '../proceedings.ts';
import type { ClaimRecord } from '../state.ts';
import { giveVerdict } from '../submissions/give-verdict.ts';
import { submissionOf } from '../submissions/recorded.ts';
import type { RecordedEvent } from './question.ts';

/** Whether the ledger refused it without judging it. Then nothing else was decided with it. */
export const isUnjudged = ({ reason, checks }: VoucherEvent): boolean => reason === 'unreadable' && !checks?.length;

/** The claim about which a submission asks, if it asks about one. */
export function claimAskedFor({ kind, claim, submission }: VoucherEvent): string | undefined {
  if (kind === 'push' || kind === 'claim' || kind === 'join' || kind === 'leave') return undefined;
  return submission?.claimId ?? claim?.claimId;
}

/** As far as the event tells, the submission of a grant. */
function grantedSubmission(event: RecordedEvent, claim: ClaimRecord | undefined): Submission {
  const lock = event.claim?.lock;
  const orderCall = lock?.reservation?.orderCall ?? event.endedReservation?.orderCall;
  const told: Recorded = {
    ...(event.kind === 'lock' && { orderId: lock!.orderId, ttlSeconds: (lock!.until - event.at) / 1000 }),
    ...(event.kind === 'unlock' && { orderId: claim?.lock?.orderId ?? '' }),
    ...(orderCall !== undefined && { orderCall }),
    ...(Object.keys(event.facts ?? {}).length > 0 && { attributesGiven: true as const }),
    ...event.submission,
  };
  return submissionOf({ ...event, submission: told })!;
}

/**
 * Gives the recorded verdict again in a world where it may not be possible. A refusal stays. A grant stays unless no unit
 * or use is left, or its claim is not in a state for it.
 * @param submission the whole submission, if it is known
 */
export function giveStaying(proceedings: Proceedings, event: RecordedEvent, submission?: Submission): void {
  const { kind, submissionId, userId, pageSlug, reason, checks = [], occurredAt } = event;
  const claimId = claimAskedFor(event);
  const claim = claimId === undefined ? undefined : proceedings.claimOf(claimId);
  if (reason !== undefined || kind === 'push') {
    const same = { submissionId, kind, userId, pageSlug, reason, checks, occurredAt };
    proceedings.record({ ...same, type: event.type, ...(claim && { claim }) });
    return;
  }
  giveVerdict(proceedings, submission ?? grantedSubmission(event, claim), { stays: true });
}

/** Records the verdict as it is, in the world in which it was given. */
export function giveRecorded(proceedings: Proceedings, { seq: _, whole: __, ...event }: RecordedEvent): void {
  const { claim } = event;
  const known = claim && event.type !== 'voucher.claimed.v1' ? proceedings.claimOf(claim.claimId) : undefined;
  proceedings.record({ ...event, ...(claim && known && { claim: { ...claim, facts: known.facts } }) });
}

/** The attributes that are known of a submission's user. */
export const factsKnown = (event: RecordedEvent) => attributesOf(event.facts ?? {});
