// The states of a voucher, a claim and a redemption as plain JSON. Times are Unix milliseconds.
import type { ClaimState, CounterValues, Definition, Facts, Order } from '@vouchers/contracts';

/** The state of a voucher. Its size does not depend on the number of users. */
export interface VoucherState {
  voucherId: string;
  /** The version in force. It does not change after termination, even if later versions arrive. */
  definition: Definition;
  /** The newest version that was decided (≥ definition.version). */
  lastVersion: number;
  status: 'draft' | 'published' | 'paused' | 'terminated';
  /** Whether the enable node has turned. A published voucher then has the status `enabled`. */
  enabled: boolean;
  /** True while a termination revokes the held and locked claims. Nothing else is decided before it is done. */
  revoking: boolean;
  /** The voucher's time. It never goes back. It is 0 before the first input that moves it. */
  time: number;
  /** The submission that was decided last. Its verdict is final while the slices that follow from it are written. */
  lastVerdict?: string;
  /** The last event's seq within the partition, and its `at`. */
  head: { seq: number; at: number };
  /** The stored counters. `freeUnits` computes `free` from them. */
  counters: Omit<CounterValues, 'free'>;
}

export interface ClaimRecord {
  claimId: string;
  voucherId: string;
  voucherVersion: number;
  userId: string;
  state: ClaimState;
  uses: number;
  heldAt: number;
  useFrom: number;
  useUntil: number;
  lock?: { orderId: string; until: number };
  /** How a `redeemed` claim ended. It can be held again only if it was ended by its uses. */
  endedBy?: 'uses' | 'expiry' | 'release' | 'revocation';
  /** The attributes that were kept when it was granted. They are flat: `{"user.tier": "gold"}`. */
  facts: Facts;
}

export interface RedemptionRecord {
  redemptionId: string;
  claimId: string;
  voucherId: string;
  userId: string;
  order: Order;
  at: number;
  rolledBackAt?: number;
}

/** The time at which a claim unlocks or expires. Undefined if it has ended. */
export function dueAt(claim: ClaimRecord): number | undefined {
  if (claim.state === 'locked') return Math.min(claim.lock!.until, claim.useUntil);
  return claim.state === 'held' ? claim.useUntil : undefined;
}
