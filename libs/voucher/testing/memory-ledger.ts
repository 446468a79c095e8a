// Runs the decider as the ledger does: record by record and slice by slice, with only the knowledge that it needs.
import {
  countersOf,
  evolve,
  settledTime,
  SLICE,
  type Input,
  type VoucherEvent,
  type VoucherState,
} from '@vouchers/voucher';
import type { CounterValues, PushReason } from '@vouchers/contracts';
import type { InputRecord } from './model.ts';
import { decideAsNeeded, WholeKnowledge } from './whole-knowledge.ts';

export class MemoryLedger {
  readonly vouchers = new Map<string, VoucherState>();
  private readonly knowledge = new Map<string, WholeKnowledge>();
  private readonly refused = new Map<string, PushReason[]>();
  /** Called after every event with the state that replaying it gives. */
  private readonly onEvent: (event: VoucherEvent, replayed: VoucherState) => void;

  constructor(onEvent: (event: VoucherEvent, replayed: VoucherState) => void = () => {}) {
    this.onEvent = onEvent;
  }

  /** Decides a record for one voucher and returns its events. */
  take(voucherId: string, record: InputRecord): VoucherEvent[] {
    const input = this.settled(voucherId, record);
    const events: VoucherEvent[] = [];
    for (let slice = 0; slice < 1000; slice++) {
      const before = this.vouchers.get(voucherId);
      const decision = decideAsNeeded(before, this.knowledgeOf(voucherId), input);
      if (decision.refusedPush) this.refused.set(voucherId, [...this.refusedPushes(voucherId), decision.refusedPush]);
      let replayed = before;
      for (const event of decision.events) {
        replayed = evolve(replayed, event);
        this.knowledgeOf(voucherId).record([event]);
        this.onEvent(event, replayed);
      }
      if (decision.voucher) this.vouchers.set(voucherId, decision.voucher);
      events.push(...decision.events);
      if (!decision.more) return events;
      if (decision.events.length > SLICE) throw new Error(`a slice of ${decision.events.length} events`);
    }
    throw new Error('slices without end');
  }

  /** The reasons of refused pushes, in order. */
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

  /** The knowledge about a voucher's claims and users. */
  knowledgeOf(voucherId: string): WholeKnowledge {
    let knowledge = this.knowledge.get(voucherId);
    if (!knowledge) this.knowledge.set(voucherId, (knowledge = new WholeKnowledge()));
    return knowledge;
  }
}
