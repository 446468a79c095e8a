// What the domain knows of a voucher, a claim and a redemption. Times are Unix milliseconds; all of it plain JSON.
import type { ClaimState, CounterValues, Definition, Facts, Order } from '@vouchers/contracts';

/** Small and bounded: a voucher's state never grows with its users. */
export interface VoucherState {
  voucherId: string;
  /** The version in force: once terminated it stays, whatever is defined later. */
  definition: Definition;
  /** Newest version read (≥ definition.version). */
  lastVersion: number;
  status: 'draft' | 'published' | 'paused' | 'terminated';
  /** The enable node has been true: published then reads as enabled. */
  enabled: boolean;
  /** Terminated with `revoke`: what is held or locked must go before anything else is decided. */
  revoking: boolean;
  /** The voucher's time; it never goes back. 0 before the first input that moves it. */
  time: number;
  /** The submission decided last: with `more`, its verdict stands while the slices that follow from it are written. */
  lastVerdict?: string;
  /** Last event: seq within the partition and its `at`. */
  head: { seq: number; at: number };
  /** `free` is derived: see `freeUnits`. */
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
  /** How a `redeemed` claim came to be so: only one that spent its uses can be held again. */
  endedBy?: 'uses' | 'expiry' | 'release' | 'revocation';
  /** Attributes that its claim and use conditions named when it was granted, flat: `{"user.tier": "gold"}`. */
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

/** When something falls due for a claim by itself: its lock's end, else its own; undefined once it ended. */
export function dueAt(claim: ClaimRecord): number | undefined {
  if (claim.state === 'locked') return Math.min(claim.lock!.until, claim.useUntil);
  return claim.state === 'held' ? claim.useUntil : undefined;
}
