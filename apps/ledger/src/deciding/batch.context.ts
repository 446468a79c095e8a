// What the decider may ask, answered from memory. Where memory does not reach, the answer is a blank and the lack is
// noted: the decision is thrown away and made again once Postgres told.
import { SLICE, type ClaimRecord, type Context, type RedemptionRecord } from '@vouchers/voucher';
import type { KnownVoucher, PartitionMemory } from './partition.memory.ts';
import { NEW_USER } from './voucher.users.ts';

/** What Postgres must be asked before a decision can be made. */
export interface Lack {
  claimIds: Set<string>;
  redemptionIds: Set<string>;
  /** Submissions of which it must be sure whether they were decided. */
  submissions: Set<string>;
  users: { voucherId: string; userId: string }[];
  /** Vouchers whose next due claims are wanted, with nothing unwritten. */
  due: Set<KnownVoucher>;
  /** Vouchers whose held and locked claims are wanted, with nothing unwritten. */
  live: Set<KnownVoucher>;
}

export const noLack = (): Lack => ({
  claimIds: new Set(),
  redemptionIds: new Set(),
  submissions: new Set(),
  users: [],
  due: new Set(),
  live: new Set(),
});

export const isLack = (lack: Lack): boolean =>
  lack.users.length > 0 ||
  lack.claimIds.size + lack.redemptionIds.size + lack.submissions.size + lack.due.size + lack.live.size > 0;

export class BatchContext implements Context {
  voucher!: KnownVoucher;
  lack = noLack();
  /** Claims and redemptions that Postgres does not have either. */
  readonly absent = new Set<string>();
  /** Whether submissions were decided, as Postgres said when it was asked. */
  readonly decided = new Map<string, boolean>();

  constructor(private readonly memory: PartitionMemory) {}

  claim(claimId: string): ClaimRecord | undefined {
    const known = this.memory.claims.get(claimId);
    if (known) return known.record.voucherId === this.voucher.voucherId ? known.record : undefined;
    if (!this.absent.has(claimId)) this.lack.claimIds.add(claimId);
    return undefined;
  }

  redemption(redemptionId: string): RedemptionRecord | undefined {
    const known = this.memory.redemptions.get(redemptionId);
    if (known) return known.voucherId === this.voucher.voucherId ? known : undefined;
    if (!this.absent.has(redemptionId)) this.lack.redemptionIds.add(redemptionId);
    return undefined;
  }

  user(userId: string): { pushed: boolean; claims: number } {
    const known = this.voucher.users?.get(userId);
    if (!known) this.lack.users.push({ voucherId: this.voucher.voucherId, userId });
    return known ?? NEW_USER;
  }

  due(time: number): ClaimRecord[] {
    const due = this.voucher.due.until(time);
    if (!due) this.lack.due.add(this.voucher);
    return due?.map((claim) => claim.record) ?? [];
  }

  live(): ClaimRecord[] {
    const { live } = this.voucher;
    if (!live || (live.claims.size < SLICE && !live.complete)) {
      this.lack.live.add(this.voucher);
      return [];
    }
    return live.claims
      .values()
      .take(SLICE)
      .map((claim) => claim.record)
      .toArray();
  }
}
