import type { Claim, Redemption } from '@vouchers/contracts';
import type { ClaimRecord, RedemptionRecord } from './state.ts';
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
    lock: claim.lock && { orderId: claim.lock.orderId, until: rfc3339(claim.lock.until) },
  };
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
  };
}
