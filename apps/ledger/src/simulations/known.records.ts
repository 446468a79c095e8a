// The claims, redemptions, entries and users of one world that are in memory. It answers the questions of a decision.
import {
  dueAt,
  isRevocable,
  NotGiven,
  SLICE,
  type ClaimRecord,
  type EntryRecord,
  type Knowledge,
  type RedemptionRecord,
  type TakenOff,
  type UserRecord,
  type VoucherEvent,
} from '@vouchers/voucher';
import { Dues } from '../knowledge/dues.ts';
import { Recent } from '../knowledge/recent.ts';
import { VoucherUsers } from '../knowledge/voucher.users.ts';
import { WaitingList } from '../knowledge/waiting.list.ts';
import { UnwrittenRecords } from './unwritten.records.ts';

class DueClaims extends Dues<ClaimRecord> {
  protected dueOf(claim: ClaimRecord): number | undefined {
    return dueAt(claim);
  }

  protected idOf({ claimId }: ClaimRecord): string {
    return claimId;
  }
}

export class KnownRecords implements Knowledge {
  protected readonly claims = new Recent<ClaimRecord | null>(1);
  protected readonly redemptions = new Recent<RedemptionRecord | null>(1);
  protected readonly users = new VoucherUsers(true);
  protected readonly dues = new DueClaims(null);
  protected readonly list = new WaitingList(true);
  /** The changes that are not yet on their way to the table, by kind and id. */
  protected unwritten = new UnwrittenRecords();
  /** Claims that a termination revokes, by id. `complete`: the table has no others. */
  protected revocable: { claims: Map<string, ClaimRecord>; complete: boolean } | undefined;
  protected counted: (TakenOff & { count: number }) | undefined;

  claim(claimId: string): ClaimRecord | null | undefined {
    return this.claims.get(claimId);
  }

  redemption(redemptionId: string): RedemptionRecord | null | undefined {
    return this.redemptions.get(redemptionId);
  }

  user(userId: string): UserRecord | undefined {
    return this.users.get(userId);
  }

  knowsUser(userId: string): boolean {
    return this.users.knowsAll || this.users.get(userId) !== undefined;
  }

  due(time: number): readonly ClaimRecord[] | undefined {
    return this.dues.until(time);
  }

  live(): readonly ClaimRecord[] | undefined {
    const { revocable } = this;
    if (!revocable || (revocable.claims.size < SLICE && !revocable.complete)) return undefined;
    return [...revocable.claims.values().take(SLICE)];
  }

  entryOf(userId: string): EntryRecord | null | undefined {
    return this.list.entryOf(userId);
  }

  waiting(count: number): readonly EntryRecord[] | undefined {
    return this.list.waiting(count);
  }

  dueOffers(time: number): readonly EntryRecord[] | undefined {
    return this.list.offers.until(time);
  }

  offered(): readonly EntryRecord[] | undefined {
    return this.list.offered();
  }

  takenOff({ after, spared }: TakenOff): number | undefined {
    const { counted } = this;
    return counted?.after.entryId === after.entryId && counted.spared === spared ? counted.count : undefined;
  }

  nextDue(): number | null | undefined {
    const claim = this.dues.first;
    const offer = this.list.offers.first;
    if (claim === undefined || offer === undefined) return undefined;
    const first = Math.min(claim, offer);
    return first === Infinity ? null : first;
  }

  take(events: readonly VoucherEvent[]): void {
    this.counted = undefined;
    for (const event of events) if (event.reason === undefined) this.takeOne(event);
  }

  private takeOne({ type, claim, before, redemption, entry, userId }: VoucherEvent): void {
    if (claim) {
      this.setClaim(claim);
      if (type === 'voucher.claimed.v1') this.count(claim.userId, { claims: 1 });
      else if (claim.state === 'released' && before !== 'released') this.count(claim.userId, { claims: -1 });
    }
    if (entry) {
      this.list.update(entry);
      this.unwritten.entries.set(entry.entryId, entry);
    }
    if (redemption) {
      const whole = { ...this.redemptions.get(redemption.redemptionId), ...redemption };
      this.redemptions.set(redemption.redemptionId, whole);
      this.unwritten.redemptions.set(redemption.redemptionId, whole);
    }
    if (type === 'voucher.pushed.v1') this.count(userId!, { pushed: true });
  }

  private setClaim(claim: ClaimRecord): void {
    const { claimId } = claim;
    this.claims.set(claimId, claim);
    this.unwritten.claims.set(claimId, claim);
    this.dues.update(claim);
    if (!this.revocable) return;
    if (isRevocable(claim)) this.revocable.claims.set(claimId, claim);
    else this.revocable.claims.delete(claimId);
  }

  private count(userId: string, change: { claims?: number; pushed?: true }): void {
    const before = this.users.get(userId);
    if (!before) throw new NotGiven(`user ${userId}`);
    const user = { pushed: change.pushed ?? before.pushed, claims: before.claims + (change.claims ?? 0) };
    this.users.wrote(userId, user);
    if (!this.users.knowsAll) this.unwritten.users.set(userId, user);
  }
}
