// The decider run as the ledger runs it, with everything in plain maps: record by record, slice by slice.
import {
  countersOf,
  decide,
  dueAt,
  evolve,
  settledTime,
  SLICE,
  type ClaimRecord,
  type Context,
  type Input,
  type RedemptionRecord,
  type VoucherEvent,
  type VoucherState,
} from '@vouchers/voucher';
import type { CounterValues, PushReason } from '@vouchers/contracts';
import type { InputRecord } from './model.ts';

export class MemoryLedger {
  readonly vouchers = new Map<string, VoucherState>();
  readonly claims = new Map<string, ClaimRecord>();
  readonly redemptions = new Map<string, RedemptionRecord>();
  private readonly pushes = new Set<string>();
  private readonly refused = new Map<string, PushReason[]>();
  /** Called after every event with the state that replaying it gives. */
  private readonly onEvent: (event: VoucherEvent, replayed: VoucherState) => void;

  constructor(onEvent: (event: VoucherEvent, replayed: VoucherState) => void = () => {}) {
    this.onEvent = onEvent;
  }

  /** What the decider makes of a record, for one voucher. */
  take(voucherId: string, record: InputRecord): VoucherEvent[] {
    const input = this.settled(voucherId, record);
    const events: VoucherEvent[] = [];
    for (let slice = 0; slice < 1000; slice++) {
      const before = this.vouchers.get(voucherId);
      const decision = decide(before, this.contextOf(voucherId), input);
      if (decision.refusedPush) this.refused.set(voucherId, [...this.refusedPushes(voucherId), decision.refusedPush]);
      let replayed = before;
      for (const event of decision.events) {
        replayed = evolve(replayed, event);
        this.apply(event);
        this.onEvent(event, replayed);
      }
      if (decision.voucher) this.vouchers.set(voucherId, decision.voucher);
      events.push(...decision.events);
      if (!decision.more) return events;
      if (decision.events.length > SLICE) throw new Error(`a slice of ${decision.events.length} events`);
    }
    throw new Error('slices without end');
  }

  /** Why pushes came to nothing, in order. */
  refusedPushes(voucherId: string): PushReason[] {
    return this.refused.get(voucherId) ?? [];
  }

  counters(voucherId: string): CounterValues | undefined {
    const voucher = this.vouchers.get(voucherId);
    return voucher && countersOf(voucher);
  }

  private settled(voucherId: string, record: InputRecord): Input {
    const { brokerTime } = record;
    const clock = this.vouchers.get(voucherId)?.definition.spec.clock ?? 'wall';
    switch (record.type) {
      case 'submission':
        return { ...record, at: settledTime(Date.parse(record.value.at), brokerTime, clock) };
      case 'definition':
        return { ...record, at: settledTime(brokerTime, brokerTime, record.value.spec.clock) };
      case 'tick':
        return { type: 'tick', at: settledTime(Date.parse(record.value.at), brokerTime, 'wall') };
    }
  }

  private contextOf(voucherId: string): Context {
    const live = (): ClaimRecord[] =>
      [...this.claims.values()].filter((claim) => claim.voucherId === voucherId && dueAt(claim) !== undefined);
    const byId = (a: ClaimRecord, b: ClaimRecord): number => (a.claimId < b.claimId ? -1 : 1);
    return {
      claim: (claimId) => this.claims.get(claimId),
      redemption: (redemptionId) => this.redemptions.get(redemptionId),
      user: (userId) => ({
        pushed: this.pushes.has(`${voucherId} ${userId}`),
        claims: [...this.claims.values()].filter(
          (claim) => claim.voucherId === voucherId && claim.userId === userId && claim.state !== 'released',
        ).length,
      }),
      due: (time) =>
        live()
          .filter((claim) => dueAt(claim)! <= time)
          .sort((a, b) => dueAt(a)! - dueAt(b)! || byId(a, b))
          .slice(0, SLICE),
      live: () => live().sort(byId).slice(0, SLICE),
    };
  }

  private apply(event: VoucherEvent): void {
    if (event.claim) this.claims.set(event.claim.claimId, event.claim);
    if (event.redemption) this.redemptions.set(event.redemption.redemptionId, event.redemption);
    if (event.type === 'voucher.pushed.v1') this.pushes.add(`${event.voucherId} ${event.userId}`);
  }
}
