// Stores the fields of a submission that its verdict event and facts lack, in a column of their own. All three together
// give the submission back with its named attributes. Deciding it again then has the same result.
import type { LockSubmission, RedemptionSubmission, Submission } from '@vouchers/contracts';
import type { Recorded, VoucherEvent } from '../decision.ts';
import { attributesOf } from '../facts.ts';
import { rfc3339 } from '../time/rfc3339.ts';

/** The event lacks nothing. This is the case for most claims. Events of release 0.1.0 have null instead. */
const NOTHING_MORE: Recorded = Object.freeze({});

/** The part of a submission that is stored with its verdict. `version`: the version in force. */
export function recordedOf(submission: Submission, version: number, granted: boolean): Recorded {
  switch (submission.kind) {
    case 'claim': {
      const { claimId, strippedBy } = submission;
      if (granted && (strippedBy === undefined || strippedBy === version)) return NOTHING_MORE;
      return { ...(!granted && { claimId }), ...otherVersion(strippedBy, version) };
    }
    case 'join': {
      const { entryId, strippedBy } = submission;
      return { ...(!granted && { entryId }), ...otherVersion(strippedBy, version) };
    }
    case 'lock': {
      const { orderId, ttlSeconds, order, discount } = submission;
      return {
        orderId,
        ttlSeconds,
        ...(order && { order }),
        ...(!granted && discount && { discount }),
        ...recordedUse(submission, version),
      };
    }
    case 'unlock':
      return { orderId: submission.orderId, ...ofCall(submission) };
    case 'redemption': {
      const { redemptionId, order, discount } = submission;
      return {
        ...(!granted && { redemptionId, order, ...(discount && { discount }) }),
        ...recordedUse(submission, version),
      };
    }
    case 'rollback':
      return submission.hold ? { hold: true } : NOTHING_MORE;
    case 'push':
    case 'release':
    case 'revoke':
    case 'leave':
    case 'extension':
      return NOTHING_MORE;
    default:
      return submission satisfies never;
  }
}

type UseSubmission = LockSubmission | RedemptionSubmission;

/** The fields that a redemption and a reserving lock share. */
function recordedUse(submission: UseSubmission, version: number): Recorded {
  const { attributes, strippedBy } = submission;
  return {
    ...goodsIn(submission),
    ...(attributes !== undefined && { attributesGiven: true as const }),
    ...ofCall(submission),
    ...otherVersion(strippedBy, version),
  };
}

function goodsIn({ matchesGoods, goodsVersion }: Pick<UseSubmission, 'matchesGoods' | 'goodsVersion'>) {
  return { ...(matchesGoods !== undefined && { matchesGoods }), ...(goodsVersion !== undefined && { goodsVersion }) };
}

const ofCall = ({ orderCall }: { orderCall?: string }): { orderCall?: string } => (orderCall ? { orderCall } : {});

function otherVersion(strippedBy: number | undefined, version: number): Pick<Recorded, 'strippedBy'> {
  return strippedBy === undefined || strippedBy === version ? {} : { strippedBy };
}

/**
 * The submission of a verdict event. It was judged at `event.at`. Undefined if an earlier release did not record it,
 * if it was blanked, or if it was unreadable.
 */
export function submissionOf(event: VoucherEvent): Submission | undefined {
  const { submissionId, kind, voucherId, userId, claim, redemption, pageSlug, submission: kept } = event;
  if (submissionId === undefined || kind === undefined || kept === undefined) return undefined;
  const at = rfc3339(event.occurredAt);
  if (kind === 'push') return { kind, submissionId, voucherId, at, userId: userId!, pageSlug: pageSlug! };
  const attributes = attributesOf(event.facts ?? {});
  const base = { submissionId, voucherId, at, asker: event.asker ?? '', bodyHash: event.bodyHash ?? '' };
  const by = event.by && { by: event.by };
  const stripped = kept.strippedBy === undefined ? {} : { strippedBy: kept.strippedBy };
  const claimId = (kept.claimId ?? claim?.claimId)!;
  const discount = kept.discount ?? event.discount;
  const use = { ...(kept.attributesGiven && { attributes }), ...goodsIn(kept), ...ofCall(kept), ...stripped };
  const redemptionId = (kept.redemptionId ?? redemption?.redemptionId)!;
  switch (kind) {
    case 'claim':
      return {
        ...base,
        kind,
        claimId,
        userId: userId!,
        ...(pageSlug !== undefined && { pageSlug }),
        attributes,
        ...stripped,
      };
    case 'lock':
      return {
        ...base,
        kind,
        claimId,
        userId: userId!,
        orderId: kept.orderId!,
        ttlSeconds: kept.ttlSeconds!,
        ...(kept.order && { order: kept.order }),
        ...(discount && { discount: discount as LockSubmission['discount'] }),
        ...use,
      };
    case 'unlock':
      return { ...base, kind, claimId, userId: userId!, orderId: kept.orderId!, ...ofCall(kept) };
    case 'release':
      return { ...base, kind, claimId, userId: userId! };
    case 'join':
      return {
        ...base,
        kind,
        entryId: (kept.entryId ?? event.entry?.entryId)!,
        userId: userId!,
        ...(pageSlug !== undefined && { pageSlug }),
        attributes,
        ...stripped,
      };
    case 'leave':
      return { ...base, kind, userId: userId! };
    case 'extension':
      return { ...base, kind, claimId, userId: userId! };
    case 'revoke':
      return { ...base, kind, claimId, reason: event.comment!, ...by };
    case 'redemption': {
      const lines = redemption?.discount && { lines: redemption.discount.lines };
      return {
        ...base,
        kind,
        redemptionId,
        claimId,
        order: (kept.order ?? redemption?.order)!,
        ...(discount && { discount: { ...discount, ...lines } as RedemptionSubmission['discount'] }),
        ...use,
        ...by,
      };
    }
    case 'rollback':
      return { ...base, kind, redemptionId, claimId, reason: event.comment!, ...by, ...(kept.hold && { hold: true }) };
    default:
      return kind satisfies never;
  }
}
