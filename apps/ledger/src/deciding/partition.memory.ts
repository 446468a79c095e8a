// What a partition's owner keeps in mind. It runs ahead of Postgres by the batches not yet committed, so any failure
// drops all of it. Bounded: vouchers used least lately are forgotten, large sets of users shrink to filters.
import type { RedemptionRecord, VoucherState } from '@vouchers/voucher';
import type { DueClaims } from './due.claims.ts';
import type { KnownClaim } from './known.claim.ts';
import { Recent } from './recent.ts';
import type { UserBudget, VoucherUsers } from './voucher.users.ts';

export interface KnownVoucher {
  readonly voucherId: string;
  /** undefined: never defined. */
  state: VoucherState | undefined;
  /** undefined: not loaded, for nobody asked yet. */
  users: VoucherUsers | undefined;
  due: DueClaims;
  /** While a termination takes back: held and locked claims by id; `complete`: Postgres has no others. */
  live?: { claims: Map<string, KnownClaim>; complete: boolean };
  /** Until when a tick judged its nodes in vain. */
  judgedAt?: number;
  /** The definition in Postgres is an older one. */
  definitionChanged: boolean;
  eventsSinceCheckpoint: number;
  /** Number of the batch that used it last. */
  usedIn: number;
}

/** Bounds a partition. A voucher's definition is at most 128 kB, most are 2. */
const MAX_VOUCHERS = 2_000;
const MAX_BYTES = 16_000_000;
const BYTES_A_VOUCHER = 8_000;
const BYTES_A_CLAIM = 700;

export class PartitionMemory {
  /** In order of use: the first was used least lately. */
  readonly vouchers = new Map<string, KnownVoucher>();
  readonly claims = new Recent<KnownClaim>();
  readonly redemptions = new Recent<RedemptionRecord>();
  /** Submissions decided lately. */
  readonly submissions = new Recent<true>();

  /** Number of the batch being decided. */
  batch = 0;

  constructor(readonly budget: UserBudget) {}

  use(voucher: KnownVoucher): void {
    if (voucher.usedIn === this.batch) return;
    voucher.usedIn = this.batch;
    this.vouchers.delete(voucher.voucherId);
    this.vouchers.set(voucher.voucherId, voucher);
  }

  /** A claim as it now is. */
  setClaim(voucher: KnownVoucher, claim: KnownClaim): void {
    const { claimId, state } = claim.record;
    this.claims.set(claimId, claim);
    voucher.due.update(claim);
    if (!voucher.live) return;
    if (state === 'held' || state === 'locked') voucher.live.claims.set(claimId, claim);
    else voucher.live.claims.delete(claimId);
  }

  /** Keeps within the bounds. What batches after `committed` used is not all in Postgres yet, so it stays. */
  trim(committed: number): void {
    let bytes = 0;
    for (const voucher of this.vouchers.values()) bytes += bytesOf(voucher);
    for (const voucher of this.vouchers.values()) {
      if (this.vouchers.size <= MAX_VOUCHERS && bytes <= MAX_BYTES) break;
      if (voucher.usedIn > committed) break;
      bytes -= bytesOf(voucher);
      voucher.users?.drop();
      this.vouchers.delete(voucher.voucherId);
    }
    if (this.budget.exact <= this.budget.limit) return;
    for (const { users, usedIn } of this.vouchers.values()) {
      if (this.budget.exact <= this.budget.limit) break;
      users?.shrink(usedIn > committed);
    }
  }

  drop(): void {
    for (const voucher of this.vouchers.values()) voucher.users?.drop();
    this.vouchers.clear();
  }
}

function bytesOf({ due, live, users }: KnownVoucher): number {
  const filtered = users && !users.isExact ? users.bytes : 0;
  return BYTES_A_VOUCHER + (due.size + (live?.claims.size ?? 0)) * BYTES_A_CLAIM + filtered;
}
