// Step 3 of a batch: the records are decided one after the other, and their events go into the draft.
import { REFUSED_TYPES, type Submission } from '@vouchers/contracts';
import { partitionOfKey } from '@vouchers/messaging';
import { decide, evolve, needsOf, NotGiven, type Decision, type Input, type VoucherEvent } from '@vouchers/voucher';
import type { KnownVoucher } from '../knowledge/known.voucher.ts';
import type { PartitionKnowledge } from '../knowledge/partition.knowledge.ts';
import type { BatchDraft } from './batch.draft.ts';
import { inputOf, tickOf, type Knowing } from './know.ts';
import type { ReadRecord } from './select.ts';
import { unreadableOf, type Unreadable } from './submission.reader.ts';

/**
 * The batch's progress: its first `done` records are decided. `more`: the next one is begun and goes on in the next
 * batch.
 */
export interface Progress {
  done: number;
  more: boolean;
}

export interface Asked {
  draft: BatchDraft;
  /** The first record was begun by the batch before. */
  resumed: boolean;
  /** Vouchers that the tick wakes. */
  wake: readonly string[];
}

/** The most vouchers that one batch wakes. Others follow in the next batch. */
export const WOKEN_AT_ONCE = 500;

/** The record is done, or it is begun and goes on in the next batch, or it is refused for that reason. */
type Step = 'done' | 'more' | Unreadable;

export class Deciding {
  constructor(
    private readonly partition: number,
    private readonly partitions: number,
    private readonly knowledge: PartitionKnowledge,
    private readonly knowing: Knowing,
  ) {}

  /** Ends after the last record, when the draft is full, or when a record needs the next batch, too. */
  async records(records: readonly ReadRecord[], { draft, resumed, wake }: Asked): Promise<Progress> {
    for (let index = 0; index < records.length; index += 1) {
      const read = records[index]!;
      const taken = this.step(read, draft, wake, resumed && index === 0);
      // Most records wait for nothing, and a promise costs more than the look at it.
      const step = taken instanceof Promise ? await taken : taken;
      if (step === 'more') return { done: index, more: true };
      if (step !== 'done') await this.refuse(read, step, draft);
      draft.nextOffset = read.offset + 1;
      if (draft.isFull) return { done: index + 1, more: false };
    }
    return { done: records.length, more: false };
  }

  private step(read: ReadRecord, draft: BatchDraft, wake: readonly string[], resumed: boolean): Step | Promise<Step> {
    const { reading, brokerTime } = read;
    switch (reading.type) {
      case 'unreadable':
        return reading;
      case 'tick':
        return this.tick(tickOf(reading, brokerTime), draft, wake);
      case 'definition': {
        const voucher = this.knowledge.voucher(reading.voucherId)!;
        const { lastVersion, revoking } = voucher.state ?? { lastVersion: 0, revoking: false };
        // While a termination still revokes claims, its definition is no repeat: the next slice is not written yet.
        if (reading.value.version <= lastVersion && !revoking) return 'done';
        return this.judge(read, voucher, inputOf(reading, brokerTime, voucher), draft, resumed);
      }
      case 'submission': {
        const voucher = this.knowledge.voucher(reading.voucherId)!;
        const { state } = voucher;
        if (!state) return unreadableOf(read.reading, { why: 'the voucher was never defined' });
        const { value } = reading;
        const begun = resumed || (state.revoking && state.lastVerdict === value.submissionId);
        if (value.kind !== 'push' && !begun && this.knowledge.wasDecided(value.submissionId)) {
          draft.repeats.push(value.submissionId);
          return 'done';
        }
        if (!begun && this.isTaken(value)) return unreadableOf(read.reading, { why: 'its id is taken' });
        return this.judge(read, voucher, inputOf(reading, brokerTime, voucher), draft, begun);
      }
      default:
        return reading satisfies never;
    }
  }

  private judge(
    read: ReadRecord,
    voucher: KnownVoucher,
    input: Input,
    draft: BatchDraft,
    begun: boolean,
  ): Step | Promise<Step> {
    if (!voucher.state && partitionOfKey(voucher.voucherId, this.partitions) !== this.partition)
      return unreadableOf(read.reading, { why: 'its voucher belongs to another partition' });
    if (needsOf(voucher.state, voucher, input).length > 0)
      return this.knowing.ofInput(voucher, input).then(() => this.judgeKnowing(read, voucher, input, draft, begun));
    return this.judgeKnowing(read, voucher, input, draft, begun);
  }

  private judgeKnowing(read: ReadRecord, voucher: KnownVoucher, input: Input, draft: BatchDraft, begun: boolean): Step {
    let decision: Decision;
    try {
      decision = decide(voucher.state, voucher, input);
    } catch (error) {
      if (error instanceof NotGiven) throw error;
      return unreadableOf(read.reading, { why: (error as Error).message });
    }
    const { events, more, refusedPush } = decision;
    if (refusedPush) draft.countRefusedPush(voucher.voucherId, refusedPush);
    const { reading } = read;
    if (events.length > 0) {
      const came = 'traceparent' in reading ? reading.traceparent : null;
      draft.add(voucher, events, decision.voucher!, draft.spans.decide(came, events));
    } else if (!begun && !(reading.type === 'submission' && reading.value.kind === 'push')) {
      return unreadableOf(read.reading, { why: 'it cannot be judged' });
    }
    return more ? 'more' : 'done';
  }

  private async tick(
    input: Extract<Input, { type: 'tick' }>,
    draft: BatchDraft,
    wake: readonly string[],
  ): Promise<Step> {
    for (const voucherId of wake) {
      const voucher = this.knowledge.voucher(voucherId);
      if (!voucher?.state) continue;
      await this.knowing.ofInput(voucher, input);
      const decision = decide(voucher.state, voucher, input);
      if (decision.events.length > 0) draft.add(voucher, decision.events, decision.voucher!, null);
      if (decision.more) return 'more';
      voucher.judgedAt = input.at;
      draft.touch(voucher);
      if (draft.isFull) return 'more';
    }
    return wake.length < WOKEN_AT_ONCE ? 'done' : 'more';
  }

  /**
   * Puts the record into the quarantine unchanged, and answers waiting requests with `unreadable`. Repeats are left
   * out.
   */
  private async refuse(read: ReadRecord, unreadable: Unreadable, draft: BatchDraft): Promise<void> {
    const { why, silent = false, submissionId, kind, voucherId } = unreadable;
    if (submissionId !== undefined && (await this.knowing.wasDecided(submissionId))) {
      draft.repeats.push(submissionId);
      return;
    }
    draft.quarantined.push({ record: read.record, why, silent });
    const voucher = voucherId === undefined ? undefined : this.knowledge.voucher(voucherId);
    if (!submissionId || !kind || !voucher?.state) return;
    const { state } = voucher;
    const event: VoucherEvent = {
      type: REFUSED_TYPES[kind],
      voucherId: voucher.voucherId,
      voucherVersion: state.definition.version,
      at: state.time,
      occurredAt: state.time,
      submissionId,
      kind,
      reason: 'unreadable',
      checks: [],
    };
    draft.add(voucher, [event], evolve(state, event), null);
  }

  /** An id that only Postgres remembers is rejected by its primary key. */
  private isTaken(value: Submission): boolean {
    if (value.kind === 'claim') return !!this.knowledge.claim(value.claimId);
    return value.kind === 'redemption' && !!this.knowledge.redemption(value.redemptionId);
  }
}
