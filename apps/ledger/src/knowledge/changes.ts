// The changes of one batch by key. Until the batch is written, look-ups find these changes before older values.
import type { EntryRecord, RedemptionRecord, UserRecord } from '@vouchers/voucher';
import type { KnownClaim } from './known.claim.ts';
import type { KnownVoucher } from './known.voucher.ts';

/** An entry with the seq of its joining, which only a new row needs. */
export interface ChangedEntry {
  record: EntryRecord;
  joinedSeq: number;
}

/** A row after the batch. `isNew` means that Postgres does not have it yet. */
export interface ChangedRow<T> {
  value: T;
  isNew: boolean;
}

export class BatchChanges {
  /** Vouchers that the batch uses. They are kept in memory until it is written. */
  readonly used = new Set<KnownVoucher>();
  /** Vouchers whose rows it writes. */
  readonly vouchers = new Set<KnownVoucher>();
  readonly claims = new Map<string, ChangedRow<KnownClaim>>();
  readonly redemptions = new Map<string, ChangedRow<RedemptionRecord>>();
  readonly entries = new Map<string, ChangedRow<ChangedEntry>>();
  readonly users = new Map<KnownVoucher, Map<string, ChangedRow<UserRecord>>>();
  /** Submissions that it decides. */
  readonly decided = new Set<string>();

  setClaim(claim: KnownClaim, isNew: boolean): void {
    set(this.claims, claim.record.claimId, claim, isNew);
  }

  setRedemption(redemption: RedemptionRecord, isNew: boolean): void {
    set(this.redemptions, redemption.redemptionId, redemption, isNew);
  }

  setEntry(record: EntryRecord, seq: number, isNew: boolean): void {
    const before = this.entries.get(record.entryId);
    set(this.entries, record.entryId, { record, joinedSeq: before?.value.joinedSeq ?? seq }, isNew);
  }

  setUser(voucher: KnownVoucher, userId: string, user: UserRecord, isNew: boolean): void {
    let users = this.users.get(voucher);
    if (!users) this.users.set(voucher, (users = new Map()));
    set(users, userId, user, isNew);
  }
}

/** A row that is new in a batch stays new, however often the batch changes it. */
function set<T>(changed: Map<string, ChangedRow<T>>, key: string, value: T, isNew: boolean): void {
  // Most rows are new and need no look-up.
  const before = isNew ? undefined : changed.get(key);
  if (before) before.value = value;
  else changed.set(key, { value, isNew });
}
