// Ends claims, rolls uses back, and decides whether a unit then returns to the pool.
import type { ClaimState, PoolPolicy } from '@vouchers/contracts';
import type { ClaimRecord, VoucherState } from './state.ts';

/** The state of an unused claim that has ended. */
export type Ending = 'expired' | 'released' | 'revoked';

const ENDED_BY = { expired: 'expiry', released: 'release', revoked: 'revocation' } as const;

/** The claim after this ending. If it was used before, its unit is spent and it becomes `redeemed`. */
export function ended(claim: ClaimRecord, ending: Ending): ClaimRecord {
  const { lock: _, endedBy: __, ...rest } = claim;
  return claim.uses > 0
    ? { ...rest, state: 'redeemed', endedBy: ENDED_BY[ending] }
    : { ...withoutNotices(rest), state: ending };
}

/**
 * Whether the unit of a claim is retired when the claim comes into this state. If not, it is spent or free again.
 * @param rolledBack whether a roll back brought it there, as the pool says
 */
export function retires(pool: PoolPolicy, state: ClaimState, rolledBack: boolean): boolean {
  if (state !== 'expired' && state !== 'released' && state !== 'revoked') return false;
  return rolledBack && pool.rolledBack !== 'hold' ? pool.rolledBack === 'retire' : pool[state] === 'retire';
}

/** Whether the voucher is terminated and its held claims are revoked. */
export function revokesClaims(voucher: VoucherState): boolean {
  return voucher.status === 'terminated' && voucher.definition.spec.nodes.terminate.claims === 'revoke';
}

/**
 * The claim after one of its uses was rolled back at `at`.
 * @param policy the voucher's `pool.rolledBack`, or `hold` if the roll back was told so
 */
export function rolledBack(
  claim: ClaimRecord,
  voucher: VoucherState,
  at: number,
  policy: PoolPolicy['rolledBack'],
): ClaimRecord {
  const uses = claim.uses - 1;
  if (claim.state !== 'redeemed') return { ...claim, uses };
  const state = stateAfterRollback(claim, voucher, at, policy);
  if (state === 'redeemed') return { ...claim, uses };
  const { endedBy: _, ...rest } = claim;
  return { ...(state === 'held' ? withoutNotices(rest, at) : withoutNotices(rest)), uses, state };
}

/** The claim without the notices whose time has passed at `at`. */
function withoutNotices<T extends Partial<ClaimRecord>>(claim: T, at = Infinity): T {
  if (claim.noticesAt === undefined) return claim;
  const { noticesAt, ...rest } = claim;
  const left = noticesAt.filter((time) => time > at);
  return (left.length > 0 ? { ...rest, noticesAt: left } : rest) as T;
}

/** The new state of a claim that was `redeemed`. */
function stateAfterRollback(
  claim: ClaimRecord,
  voucher: VoucherState,
  at: number,
  policy: PoolPolicy['rolledBack'],
): ClaimState {
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
