// The changes that the model's granted submissions make.
import type { Submission, SubmissionOf } from '@vouchers/contracts';
import { rankOf } from './conditions.ts';
import { afterRollback, end } from './endings.ts';
import {
  claimOf,
  factsAt,
  redemptionOf,
  sightOf,
  useWindowAt,
  type Life,
  type ModelEntry,
  type ModelRedemption,
} from './life.ts';
import { reserve, unlock } from './reserving.ts';
import { extendedEnd, noticesAt } from './waiting.ts';

/** Puts a user on the waiting list. */
export function joined(
  life: Life,
  { entryId, userId, attributes, pageSlug }: SubmissionOf<'join'>,
  t: number,
): ModelEntry {
  const sight = { ...sightOf(life, t), user: { ...attributes, id: userId }, page: { slug: pageSlug ?? '' } };
  const rank = rankOf(life.inForce!.spec.waitingList!.rank, sight);
  const version = life.inForce!.version;
  const entry: ModelEntry = { id: entryId, userId, version, state: 'waiting', rank, joinedAt: t };
  life.entries.push(entry);
  return entry;
}

/** Changes the claim as the submission asks. Returns the redemption that it makes or rolls back. */
export function granted(
  life: Life,
  submission: Exclude<Submission, { kind: 'push' | 'join' | 'leave' }>,
  t: number,
): ModelRedemption | undefined {
  const { spec, version } = life.inForce!;
  if (submission.kind === 'claim') {
    const facts = factsAt(life, submission)!;
    const { claimId, userId } = submission;
    const window = useWindowAt(life, t);
    life.claims.push({
      id: claimId,
      userId,
      version,
      state: 'held',
      uses: 0,
      heldAt: t,
      ...window,
      spent: false,
      retired: false,
      facts,
      notices: noticesAt(life, window.useUntil, t),
      extensions: 0,
    });
    return undefined;
  }
  const claim = claimOf(life, submission.claimId);
  switch (submission.kind) {
    case 'lock':
      if (submission.orderCall) return void reserve(life, claim, submission, t);
      claim.state = 'locked';
      claim.lock = { orderId: submission.orderId, until: Math.min(t + submission.ttlSeconds * 1000, claim.useUntil) };
      return undefined;
    case 'unlock':
      unlock(claim, t);
      return undefined;
    case 'release':
      end(life, claim, 'released');
      return undefined;
    case 'revoke':
      end(life, claim, 'revoked');
      return undefined;
    case 'extension':
      claim.useUntil = extendedEnd(life, claim.useUntil);
      claim.notices = noticesAt(life, claim.useUntil, t);
      claim.extensions += 1;
      life.extended += 1;
      return undefined;
    case 'redemption': {
      const { redemptionId: id, order, discount } = submission;
      const redemption: ModelRedemption = { id, claimId: claim.id, order, at: t };
      if (discount)
        redemption.discount = { amount: discount.amount, currency: discount.currency, lines: discount.lines };
      life.redemptions.push(redemption);
      claim.uses += 1;
      delete claim.lock;
      // A reserved use may be one more than a limit that was lowered since.
      claim.spent = claim.uses >= (spec.nodes.use.perClaim ?? Infinity);
      claim.state = claim.spent ? 'redeemed' : 'held';
      return redemption;
    }
    case 'rollback': {
      const redemption = redemptionOf(life, submission.redemptionId);
      redemption.rolledBackAt = t;
      claim.uses -= 1;
      if (claim.state === 'redeemed') afterRollback(life, claim, t, submission.hold);
      return redemption;
    }
    default:
      return submission satisfies never;
  }
}
