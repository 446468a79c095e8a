// Where a unit goes when its claim ends, and what becomes of a claim whose use is rolled back.
import type { ClaimState, PoolPolicy } from '@vouchers/contracts';
import type { ClaimRecord, VoucherState } from './state.ts';

/** How a claim ends by something else than its uses. */
export type Ending = 'expired' | 'released' | 'revoked';

const ENDED_BY = { expired: 'expiry', released: 'release', revoked: 'revocation' } as const;

/** The claim after it ended so: one that was used before has spent its unit. */
export function ended(claim: ClaimRecord, ending: Ending): ClaimRecord {
  const { lock: _, endedBy: __, ...rest } = claim;
  return claim.uses > 0 ? { ...rest, state: 'redeemed', endedBy: ENDED_BY[ending] } : { ...rest, state: ending };
}

/** Was the unit of a claim taken out when it came into this state? Else, unless it is spent, it is free. */
export function retires(pool: PoolPolicy, state: ClaimState, rolledBack: boolean): boolean {
  if (state !== 'expired' && state !== 'released' && state !== 'revoked') return false;
  return rolledBack && pool.rolledBack !== 'hold' ? pool.rolledBack === 'retire' : pool[state] === 'retire';
}

/** Terminated, by its node or by staff, so that nothing of it is held any more. */
export function revokesClaims(voucher: VoucherState): boolean {
  return voucher.status === 'terminated' && voucher.definition.spec.nodes.terminate.claims === 'revoke';
}

/** The claim after one of its uses was rolled back at `at`. */
export function rolledBack(claim: ClaimRecord, voucher: VoucherState, at: number): ClaimRecord {
  const uses = claim.uses - 1;
  if (claim.state !== 'redeemed') return { ...claim, uses };
  const state = stateAfterRollback(claim, voucher, at);
  if (state === 'redeemed') return { ...claim, uses };
  const { endedBy: _, ...rest } = claim;
  return { ...rest, uses, state };
}

/** Of a claim that is `redeemed`; the first that applies. */
function stateAfterRollback(claim: ClaimRecord, voucher: VoucherState, at: number): ClaimState {
  const policy = voucher.definition.spec.pool.rolledBack;
  const past = at >= claim.useUntil;
  if (claim.uses > 1) {
    const heldAgain = policy === 'hold' && claim.endedBy === 'uses' && !past && !revokesClaims(voucher);
    return heldAgain ? 'held' : 'redeemed';
  }
  if (policy === 'return') return 'released';
  if (policy === 'retire') return 'revoked';
  if (past) return 'expired';
  return revokesClaims(voucher) ? 'revoked' : 'held';
}
