// Everything that one batch changes, by key. Until the batch is written, look-ups find these changes before older
// values.
import type { RedemptionRecord, UserRecord } from '@vouchers/voucher';
import type { KnownClaim } from './known.claim.ts';
import type { KnownVoucher } from './known.voucher.ts';

/** A row as the batch leaves it. `isNew`: Postgres does not have it yet. */
export interface Changed<T> {
  value: T;
  isNew: boolean;
}

export class Changes {
  /** Vouchers that the batch uses. They are kept in memory until it is written. */
  readonly used = new Set<KnownVoucher>();
  /** Vouchers whose rows it writes. */
  readonly vouchers = new Set<KnownVoucher>();
  readonly claims = new Map<string, Changed<KnownClaim>>();
  readonly redemptions = new Map<string, Changed<RedemptionRecord>>();
  readonly users = new Map<KnownVoucher, Map<string, Changed<UserRecord>>>();
  /** Submissions that it decides. */
  readonly decided = new Set<string>();

  setClaim(claim: KnownClaim, isNew: boolean): void {
    set(this.claims, claim.record.claimId, claim, isNew);
  }

  setRedemption(redemption: RedemptionRecord, isNew: boolean): void {
    set(this.redemptions, redemption.redemptionId, redemption, isNew);
  }

  setUser(voucher: KnownVoucher, userId: string, user: UserRecord, isNew: boolean): void {
    let users = this.users.get(voucher);
    if (!users) this.users.set(voucher, (users = new Map()));
    set(users, userId, user, isNew);
  }
}

/** A row that is new in a batch stays new, however often the batch changes it. */
function set<T>(changed: Map<string, Changed<T>>, key: string, value: T, isNew: boolean): void {
  // Most rows are new, and are not looked for.
  const before = isNew ? undefined : changed.get(key);
  if (before) before.value = value;
  else changed.set(key, { value, isNew });
}
