// The memory of a partition's owner: bounded caches of what was read and committed, and over them the changes of
// batches that are not written yet. Any failure drops all of it.
import type { RedemptionRecord, UserRecord } from '@vouchers/voucher';
import { Changes } from './changes.ts';
import type { KnownClaim } from './known.claim.ts';
import { KnownVoucher, type StoredVoucher, type VoucherKeeper } from './known.voucher.ts';
import type { KnowledgeBudget } from './knowledge.budget.ts';
import { Recent } from './recent.ts';

/** Claims, redemptions and submissions that a partition remembers: between this number and twice as many of each. */
const RECENT = 4_000;

export class PartitionKnowledge implements VoucherKeeper {
  private readonly vouchers = new Map<string, KnownVoucher>();
  private readonly claims = new Recent<KnownClaim | null>(RECENT);
  private readonly redemptions = new Recent<RedemptionRecord | null>(RECENT);
  private readonly submissions = new Recent<boolean>(RECENT);
  /** The changes of batches that are not written yet, oldest first. */
  private readonly unwritten: Changes[] = [];

  constructor(readonly budget: KnowledgeBudget) {}

  voucher(voucherId: string): KnownVoucher | undefined {
    return this.vouchers.get(voucherId);
  }

  /** undefined: not known; null: there is none. */
  claim(claimId: string): KnownClaim | null | undefined {
    for (let index = this.unwritten.length - 1; index >= 0; index -= 1) {
      const changed = this.unwritten[index]!.claims.get(claimId);
      if (changed) return changed.value;
    }
    return this.claims.get(claimId);
  }

  /** undefined: not known; null: there is none. */
  redemption(redemptionId: string): RedemptionRecord | null | undefined {
    for (let index = this.unwritten.length - 1; index >= 0; index -= 1) {
      const changed = this.unwritten[index]!.redemptions.get(redemptionId);
      if (changed) return changed.value;
    }
    return this.redemptions.get(redemptionId);
  }

  /** Whether a submission was decided; undefined: not known. */
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

  /** A batch begins. Its changes are visible at once. */
  begin(): Changes {
    const changes = new Changes();
    this.unwritten.push(changes);
    return changes;
  }

  /** The batch uses the voucher: it is not forgotten before the batch ends. */
  pin(voucher: KnownVoucher, { used }: Changes): void {
    if (used.has(voucher)) return;
    used.add(voucher);
    voucher.pins += 1;
  }

  /** The batch is written, or had nothing to write. */
  end(changes: Changes): void {
    this.unwritten.splice(this.unwritten.indexOf(changes), 1);
    // By `forEach`, since an iterator makes an array of each entry.
    changes.claims.forEach(({ value }, claimId) => this.claims.set(claimId, value));
    changes.redemptions.forEach(({ value }, redemptionId) => this.redemptions.set(redemptionId, value));
    changes.decided.forEach((submissionId) => this.submissions.set(submissionId, true));
    changes.users.forEach((users, voucher) => users.forEach(({ value }, userId) => voucher.users.wrote(userId, value)));
    for (const voucher of changes.used) {
      voucher.pins -= 1;
      voucher.users.trim();
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

  /** Forgets everything. */
  drop(): void {
    for (const voucher of this.vouchers.values()) this.forget(voucher);
  }
}
