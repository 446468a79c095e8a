import type { Claim, Entry, EventEntry, Redemption } from '@vouchers/contracts';
import type { ClaimRecord, EntryRecord, RedemptionRecord } from './state.ts';
import { rfc3339 } from './time/rfc3339.ts';

/** A claim as callers see it. */
export function claimShown(claim: ClaimRecord): Claim {
  return {
    id: claim.claimId,
    voucherId: claim.voucherId,
    voucherVersion: claim.voucherVersion,
    userId: claim.userId,
    state: claim.state,
    uses: claim.uses,
    heldAt: rfc3339(claim.heldAt),
    useFrom: rfc3339(claim.useFrom),
    useUntil: rfc3339(claim.useUntil),
    lock: claim.lock && lockShown(claim.lock),
    extensions: claim.extensions,
  };
}

function lockShown({ orderId, until, reservation }: NonNullable<ClaimRecord['lock']>): Claim['lock'] {
  const shown = { orderId, until: rfc3339(until) };
  if (!reservation) return shown;
  const { lockUntil } = reservation;
  return { ...shown, reserved: true, ...(lockUntil !== undefined && { lockUntil: rfc3339(lockUntil) }) };
}

/** An entry as events have it. */
export function eventEntry(entry: EntryRecord): EventEntry {
  return {
    id: entry.entryId,
    voucherId: entry.voucherId,
    voucherVersion: entry.voucherVersion,
    userId: entry.userId,
    state: entry.state,
    joinedAt: rfc3339(entry.joinedAt),
    offer: entry.offer && { at: rfc3339(entry.offer.at), until: rfc3339(entry.offer.until) },
    endedAt: entry.endedAt === undefined ? undefined : rfc3339(entry.endedAt),
    rank: entry.rank,
    number: entry.number,
  };
}

/** An entry as its user sees it. @param isClosed whether those who wait can no longer be offered a unit */
export function entryShown({ rank: _, number: __, ...entry }: EventEntry, isClosed: boolean): Entry {
  return isClosed && entry.state === 'waiting' ? { ...entry, state: 'closed' } : entry;
}

/** A redemption as callers see it. */
export function redemptionShown(redemption: RedemptionRecord): Redemption {
  return {
    id: redemption.redemptionId,
    claimId: redemption.claimId,
    voucherId: redemption.voucherId,
    userId: redemption.userId,
    order: redemption.order,
    at: rfc3339(redemption.at),
    rolledBackAt: redemption.rolledBackAt === undefined ? undefined : rfc3339(redemption.rolledBackAt),
    discount: redemption.discount,
  };
}
