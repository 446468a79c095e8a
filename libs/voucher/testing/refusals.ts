// The model's refusals. The first check that fails gives the reason.
import type { ClaimState, PushReason, Reason, Submission, SubmissionOf } from '@vouchers/contracts';
import { withinHours } from './calendar.ts';
import { holds } from './conditions.ts';
import {
  claimOf,
  countersOf,
  entryOf,
  freeUnits,
  hasAll,
  mayUse,
  redemptionOf,
  sightOf,
  statusOf,
  within,
  type Life,
  type ModelClaim,
} from './life.ts';
import { isKept, isOthers, isPriced, useRefusal } from './reserving.ts';
import { extendedEnd, othersWait } from './waiting.ts';

const ENDED: Partial<Record<ClaimState, Reason>> = {
  redeemed: 'already-redeemed',
  expired: 'claim-expired',
  released: 'claim-released',
  revoked: 'claim-revoked',
};

/** Whether the named claim or redemption exists and belongs to the user. */
function exists(life: Life, submission: Submission): boolean {
  switch (submission.kind) {
    case 'push':
    case 'claim':
    case 'join':
    case 'leave':
      return true;
    case 'rollback':
      return life.redemptions.some(
        ({ id, claimId }) => id === submission.redemptionId && claimId === submission.claimId,
      );
    case 'revoke':
    case 'redemption':
      return life.claims.some(({ id }) => id === submission.claimId);
    default:
      return life.claims.some(({ id, userId }) => id === submission.claimId && userId === submission.userId);
  }
}

/** Whether a use has the order and the discount that it needs. One that is reserved had them before. */
function isWhole(life: Life, submission: Submission): boolean {
  if (submission.kind === 'redemption')
    return isKept(claimOf(life, submission.claimId), submission) || isPriced(life, submission);
  if (submission.kind !== 'lock' || submission.orderCall === undefined) return true;
  return submission.order?.id === submission.orderId && isPriced(life, submission);
}

/** The first check that fails, if one does. */
export function refusal(life: Life, submission: Exclude<Submission, { kind: 'push' }>, t: number): Reason | undefined {
  if (!exists(life, submission) || !isWhole(life, submission)) return 'unreadable';
  if (submission.kind === 'claim') return claimRefusal(life, submission, t);
  if (submission.kind === 'join') return joinRefusal(life, submission, t);
  if (submission.kind === 'leave') return entryOf(life, submission.userId) ? undefined : 'not-waiting';
  if (submission.kind === 'rollback') {
    return redemptionOf(life, submission.redemptionId).rolledBackAt === undefined ? undefined : 'already-rolled-back';
  }
  const claim = claimOf(life, submission.claimId);
  const ended = ENDED[claim.state];
  if (ended) return ended;
  switch (submission.kind) {
    case 'lock':
      if (isOthers(claim, submission.orderId, submission.orderCall)) return 'locked-by-other-order';
      if (submission.orderCall) return useRefusal(life, claim, { ...submission, order: submission.order! }, t);
      return mayUse(life, claim, t) ? undefined : 'outside-use-window';
    case 'unlock':
      if (!claim.lock || (submission.orderCall && !claim.lock.reserved)) return 'not-locked';
      return isOthers(claim, submission.orderId, submission.orderCall) ? 'locked-by-other-order' : undefined;
    case 'release':
      if (claim.lock?.reserved) return 'locked-by-other-order';
      return claim.lock ? 'locked' : undefined;
    case 'revoke':
      return claim.lock?.reserved ? 'locked-by-other-order' : undefined;
    case 'redemption':
      if (isKept(claim, submission)) return undefined;
      if (claim.lock?.reserved || isOthers(claim, submission.order.id, submission.orderCall))
        return 'locked-by-other-order';
      return useRefusal(life, claim, submission, t);
    case 'extension':
      return extensionRefusal(life, claim, t);
    default:
      return submission satisfies never;
  }
}

/** The checks that stand before every claim and every joining. */
function lifeRefusal(life: Life, t: number): Reason | undefined {
  const { windows } = life.inForce!.spec;
  const status = statusOf(life);
  if (status === 'draft') return 'not-published';
  if (status === 'terminated') return 'terminated';
  if (status === 'paused') return 'paused';
  if (!within(windows.valid, t)) return 'outside-valid-window';
  return status === 'enabled' ? undefined : 'not-enabled';
}

/** The checks of the user. */
function userRefusal(
  life: Life,
  { userId, attributes, pageSlug }: SubmissionOf<'claim'> | SubmissionOf<'join'>,
  t: number,
): Reason | undefined {
  const { nodes } = life.inForce!.spec;
  const sight = { ...sightOf(life, t), user: { ...attributes, id: userId }, page: { slug: pageSlug ?? '' } };
  if (!holds(nodes.claim.when, sight)) return 'claim-rule';
  return hasAll(life, userId) ? 'per-user-limit' : undefined;
}

function claimRefusal(life: Life, submission: SubmissionOf<'claim'>, t: number): Reason | undefined {
  const { claim, timeZone } = life.inForce!.spec.windows;
  const isOffered = entryOf(life, submission.userId)?.state === 'offered';
  const early = lifeRefusal(life, t);
  if (early) return early;
  if (!within(claim, t) || !(isOffered || withinHours(t, claim.hours, timeZone))) return 'outside-claim-window';
  const ofUser = userRefusal(life, submission, t);
  if (ofUser) return ofUser;
  return !isOffered && freeUnits(life) === 0 ? 'sold-out' : undefined;
}

function joinRefusal(life: Life, submission: SubmissionOf<'join'>, t: number): Reason | undefined {
  const { waitingList, windows } = life.inForce!.spec;
  const early = lifeRefusal(life, t);
  if (early) return early;
  if (!waitingList) return 'no-waiting-list';
  if (!within(windows.claim, t)) return 'outside-claim-window';
  const ofUser = userRefusal(life, submission, t);
  if (ofUser) return ofUser;
  if (entryOf(life, submission.userId)) return 'already-waiting';
  if (freeUnits(life)! > 0) return 'units-free';
  const { waiting, offered } = countersOf(life);
  return waitingList.limit !== null && waiting + offered >= waitingList.limit ? 'waiting-list-full' : undefined;
}

function extensionRefusal(life: Life, claim: ModelClaim, t: number): Reason | undefined {
  const { extension } = life.inForce!.spec;
  // A reserved claim may outlive its end.
  if (claim.useUntil <= t) return 'claim-expired';
  if (statusOf(life) === 'terminated') return 'terminated';
  if (!extension) return 'no-extension';
  if (claim.extensions >= extension.times) return 'extension-limit';
  if (othersWait(life, claim.userId, t)) return 'others-wait';
  return extendedEnd(life, claim.useUntil) > claim.useUntil ? undefined : 'nothing-to-extend';
}

/** The reason why a first push to a user is refused, if it is. */
export function pushRefusal(life: Life, t: number): PushReason | undefined {
  const { windows, quantities } = life.inForce!.spec;
  const status = statusOf(life);
  if (status === 'draft') return 'not-published';
  if (status === 'terminated') return 'terminated';
  if (status === 'paused') return 'paused';
  if (!within(windows.valid, t)) return 'outside-valid-window';
  if (status !== 'enabled') return 'not-enabled';
  return quantities.push !== null && life.pushed.length >= quantities.push ? 'push-quantity-reached' : undefined;
}
