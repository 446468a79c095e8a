// What decisions need to know beside the voucher, of one voucher, kept from its events alone.
import { type Context, SLICE, type VoucherEvent } from '../src/decision.ts';
import { type ClaimRecord, dueAt, type RedemptionRecord } from '../src/state.ts';

export class MemoryContext implements Context {
  claims = new Map<string, ClaimRecord>();
  redemptions = new Map<string, RedemptionRecord>();
  pushed = new Set<string>();
  /** A slice is as long as that. */
  most = SLICE;

  record(events: readonly VoucherEvent[]): void {
    for (const { type, userId, claim, redemption } of events) {
      if (type === 'voucher.pushed.v1') this.pushed.add(userId!);
      if (claim) this.claims.set(claim.claimId, claim);
      if (redemption) this.redemptions.set(redemption.redemptionId, redemption);
    }
  }

  claim(claimId: string): ClaimRecord | undefined {
    return this.claims.get(claimId);
  }

  redemption(redemptionId: string): RedemptionRecord | undefined {
    return this.redemptions.get(redemptionId);
  }

  user(userId: string): { pushed: boolean; claims: number } {
    const claims = [...this.claims.values()].filter(
      (claim) => claim.userId === userId && claim.state !== 'released',
    ).length;
    return { pushed: this.pushed.has(userId), claims };
  }

  due(time: number): ClaimRecord[] {
    const due = [...this.claims.values()].filter((claim) => (dueAt(claim) ?? Infinity) <= time);
    return due.sort((a, b) => dueAt(a)! - dueAt(b)! || byId(a, b)).slice(0, this.most);
  }

  live(): ClaimRecord[] {
    const live = [...this.claims.values()].filter(({ state }) => state === 'held' || state === 'locked');
    return live.sort(byId).slice(0, this.most);
  }
}

function byId(a: ClaimRecord, b: ClaimRecord): number {
  return a.claimId < b.claimId ? -1 : 1;
}
