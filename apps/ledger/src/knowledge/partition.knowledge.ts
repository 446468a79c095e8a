// The memory of a partition's owner: caches of limited size for read and committed rows, and above them the changes of
// unwritten batches. Any failure drops all of it.
import type { EntryRecord, RedemptionRecord, UserRecord } from '@vouchers/voucher';
import { BatchChanges } from './changes.ts';
import type { KnownClaim } from './known.claim.ts';
import { KnownVoucher, type StoredVoucher, type VoucherKeeper } from './known.voucher.ts';
import type { KnowledgeBudget } from './knowledge.budget.ts';
import { Recent } from './recent.ts';

/** The claims, redemptions and submissions that a partition remembers: this number of each, or up to twice as many. */
const RECENT = 4_000;

export class PartitionKnowledge implements VoucherKeeper {
  private readonly vouchers = new Map<string, KnownVoucher>();
  private claims = new Recent<KnownClaim | null>(RECENT);
  private redemptions = new Recent<RedemptionRecord | null>(RECENT);
  private readonly submissions = new Recent<boolean>(RECENT);
  /** The changes of unwritten batches, oldest first. */
  private readonly unwritten: BatchChanges[] = [];

  constructor(readonly budget: KnowledgeBudget) {}

  voucher(voucherId: string): KnownVoucher | undefined {
    return this.vouchers.get(voucherId);
  }

  /** Undefined: not known. Null: there is no such claim. */
  claim(claimId: string): KnownClaim | null | undefined {
    for (let index = this.unwritten.length - 1; index >= 0; index -= 1) {
      const changed = this.unwritten[index]!.claims.get(claimId);
      if (changed) return changed.value;
    }
    return this.claims.get(claimId);
  }

  /** Undefined: not known. Null: there is no such redemption. */
  redemption(redemptionId: string): RedemptionRecord | null | undefined {
    for (let index = this.unwritten.length - 1; index >= 0; index -= 1) {
      const changed = this.unwritten[index]!.redemptions.get(redemptionId);
      if (changed) return changed.value;
    }
    return this.redemptions.get(redemptionId);
  }

  /** Whether a submission was decided. Undefined: not known. */
  wasDecided(submissionId: string): boolean | undefined {
    for (let index = this.unwritten.length - 1; index >= 0; index -= 1)
      if (this.unwritten[index]!.decided.has(submissionId)) return true;
    return this.submissions.get(submissionId);
  }

  unwrittenUser(voucher: KnownVoucher, userId: string): UserRecord | undefined {
    for (let index = this.unwritten.length - 1; index >= 0; index -= 1) {
      const changed = this.unwritten[index]!.users.get(voucher)?.get(userId);
      if (changed) return changed.value;
    }
    return undefined;
  }

  /** Remembers a voucher's row. */
  learnVoucher(voucherId: string, stored: StoredVoucher | undefined): void {
    const voucher = new KnownVoucher(voucherId, this, stored);
    this.vouchers.set(voucherId, voucher);
    this.budget.use(voucher, voucher.count());
  }

  learnClaim(claimId: string, claim: KnownClaim | null): void {
    this.claims.set(claimId, claim);
  }

  learnRedemption(redemptionId: string, redemption: RedemptionRecord | null): void {
    this.redemptions.set(redemptionId, redemption);
  }

  learnDecided(submissionId: string, wasDecided: boolean): void {
    this.submissions.set(submissionId, wasDecided);
  }

  /** The voucher's claims that unwritten batches have changed. */
  unwrittenClaims({ voucherId }: KnownVoucher): Map<string, KnownClaim> {
    const claims = new Map<string, KnownClaim>();
    for (const changes of this.unwritten)
      for (const [claimId, { value }] of changes.claims)
        if (value.record.voucherId === voucherId) claims.set(claimId, value);
    return claims;
  }

  /** The voucher's entries that unwritten batches have changed. */
  unwrittenEntries({ voucherId }: KnownVoucher): Map<string, EntryRecord> {
    const entries = new Map<string, EntryRecord>();
    for (const changes of this.unwritten)
      for (const [entryId, { value }] of changes.entries)
        if (value.record.voucherId === voucherId) entries.set(entryId, value.record);
    return entries;
  }

  /** Whether an unwritten batch has an entry with this id. */
  hasUnwrittenEntry(entryId: string): boolean {
    return this.unwritten.some(({ entries }) => entries.has(entryId));
  }

  /** Begins a batch. Its changes are visible at once. */
  begin(): BatchChanges {
    const changes = new BatchChanges();
    this.unwritten.push(changes);
    return changes;
  }

  /** Keeps a voucher in memory until the batch ends. */
  pin(voucher: KnownVoucher, { used }: BatchChanges): void {
    if (used.has(voucher)) return;
    used.add(voucher);
    voucher.pins += 1;
  }

  /** Ends a batch that is written or had nothing to write. */
  end(changes: BatchChanges): void {
    this.unwritten.splice(this.unwritten.indexOf(changes), 1);
    // `forEach` is faster, because an iterator makes an array per entry.
    changes.claims.forEach(({ value }, claimId) => this.claims.set(claimId, value));
    changes.redemptions.forEach(({ value }, redemptionId) => this.redemptions.set(redemptionId, value));
    changes.decided.forEach((submissionId) => this.submissions.set(submissionId, true));
    changes.users.forEach((users, voucher) => users.forEach(({ value }, userId) => voucher.users.wrote(userId, value)));
    for (const voucher of changes.used) {
      voucher.pins -= 1;
      voucher.trim();
      this.budget.use(voucher, voucher.count());
    }
    for (const recent of [this.claims, this.redemptions, this.submissions]) recent.trim();
    this.budget.trim();
  }

  forget(voucher: KnownVoucher): void {
    voucher.isForgotten = true;
    this.vouchers.delete(voucher.voucherId);
    this.budget.drop(voucher);
  }

  /** Forgets everything but which submissions were decided. */
  drop(): void {
    for (const voucher of this.vouchers.values()) this.forget(voucher);
    this.claims = new Recent(RECENT);
    this.redemptions = new Recent(RECENT);
  }
}
