// Step 3 of a batch: decide its records one after the other and add their events to the draft.
import { REFUSED_TYPES, type Submission } from '@vouchers/contracts';
import { partitionOfKey } from '@vouchers/messaging';
import {
  decide,
  evolve,
  isUnfinished,
  needsOf,
  NotGiven,
  type Decision,
  type Input,
  type VoucherEvent,
} from '@vouchers/voucher';
import type { KnownVoucher } from '../knowledge/known.voucher.ts';
import type { PartitionKnowledge } from '../knowledge/partition.knowledge.ts';
import type { BatchDraft } from './batch.draft.ts';
import { inputOf, tickOf, type Knowing } from './know.ts';
import type { ReadRecord } from './select.ts';
import { unreadableOf, type Unreadable } from './submission.reader.ts';

/**
 * The progress of a batch: its first `done` records are decided. With `more`, the next record is begun and continues in
 * the next batch.
 */
export interface Progress {
  done: number;
  more: boolean;
}

export interface BatchContext {
  draft: BatchDraft;
  /** True if the batch before has begun the first record. */
  resumed: boolean;
  /** Vouchers that the tick wakes. */
  wake: readonly string[];
}

/** The most vouchers that one batch wakes. Others follow in the next batch. */
export const WOKEN_AT_ONCE = 500;

/** A record is done, continues in the next batch (`more`), or is refused as unreadable. */
type Step = 'done' | 'more' | Unreadable;

export class Deciding {
  constructor(
    private readonly partition: number,
    private readonly partitions: number,
    private readonly knowledge: PartitionKnowledge,
    private readonly knowing: Knowing,
    /** Gives the salt of a submission that brings none, by its id. */
    private readonly saltOf: (submissionId: string) => string,
  ) {}

  /** Ends after the last record, when the draft is full, or when a record needs the next batch, too. */
  async records(records: readonly ReadRecord[], { draft, resumed, wake }: BatchContext): Promise<Progress> {
    for (let index = 0; index < records.length; index += 1) {
      const read = records[index]!;
      const taken = this.step(read, draft, wake, resumed && index === 0);
      // Most records do not wait, and awaiting costs more than this check.
      const step = taken instanceof Promise ? await taken : taken;
      if (step === 'more') return { done: index, more: true };
      if (step !== 'done') await this.refuse(read, step, draft);
      draft.nextOffset = read.offset + 1;
      if (draft.isFull) return { done: index + 1, more: false };
    }
    return { done: records.length, more: false };
  }

  private step(read: ReadRecord, draft: BatchDraft, wake: readonly string[], resumed: boolean): Step | Promise<Step> {
    const { parsed, brokerTime } = read;
    switch (parsed.type) {
      case 'unreadable':
        return parsed;
      case 'forget':
      case 'forget-now':
        throw new Error(`a ${parsed.type} is carried out alone`);
      case 'tick':
        return this.tick(tickOf(parsed, brokerTime), draft, wake);
      case 'definition': {
        const voucher = this.knowledge.voucher(parsed.voucherId)!;
        const { state } = voucher;
        // While slices are missing, their definition is no repeat, because it must write the next one.
        if (state && parsed.value.version <= state.lastVersion && !isUnfinished(state)) return 'done';
        return this.judge(read, voucher, inputOf(parsed, brokerTime, voucher), draft, resumed);
      }
      case 'submission': {
        const voucher = this.knowledge.voucher(parsed.voucherId)!;
        const { state } = voucher;
        if (!state) return unreadableOf(read.parsed, { why: 'the voucher was never defined' });
        const { value } = parsed;
        const begun = resumed || (isUnfinished(state) && state.lastVerdict === value.submissionId);
        if (value.kind !== 'push' && !begun && this.knowledge.wasDecided(value.submissionId)) {
          draft.repeats.push(value.submissionId);
          return 'done';
        }
        if (!begun && this.isTaken(value)) return unreadableOf(read.parsed, { why: 'its id is taken' });
        return this.judge(read, voucher, inputOf(parsed, brokerTime, voucher), draft, begun);
      }
      default:
        return parsed satisfies never;
    }
  }

  private judge(
    read: ReadRecord,
    voucher: KnownVoucher,
    input: Input,
    draft: BatchDraft,
    begun: boolean,
  ): Step | Promise<Step> {
    if (!voucher.state) {
      const right = partitionOfKey(voucher.voucherId, this.partitions);
      if (right !== this.partition) return unreadableOf(read.parsed, { why: `its key belongs to partition ${right}` });
    }
    if (needsOf(voucher.state, voucher, input).length === 0) {
      try {
        return this.judgeKnowing(read, voucher, input, draft, begun);
      } catch (error) {
        // An offer depends on those before it, so a missing user may show only now.
        if (!(error instanceof NotGiven && error.need)) throw error;
      }
    }
    return this.knowing.ofInput(voucher, input).then(() => this.judgeKnowing(read, voucher, input, draft, begun));
  }

  private judgeKnowing(read: ReadRecord, voucher: KnownVoucher, input: Input, draft: BatchDraft, begun: boolean): Step {
    let decision: Decision;
    try {
      decision = decide(voucher.state, voucher, input);
    } catch (error) {
      if (error instanceof NotGiven) throw error;
      return unreadableOf(read.parsed, { why: (error as Error).message });
    }
    const { events, more, refusedPush } = decision;
    if (refusedPush) draft.countRefusedPush(voucher.voucherId, refusedPush);
    const { parsed } = read;
    if (events.length > 0) {
      const came = 'traceparent' in parsed ? parsed.traceparent : null;
      const traceparent = draft.spans.decide(came, events);
      draft.add(voucher, events, decision.voucher!, { traceparent, salt: this.saltFor(parsed) });
    } else if (!begun && !(parsed.type === 'submission' && parsed.value.kind === 'push')) {
      return unreadableOf(read.parsed, { why: 'it cannot be judged' });
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
      if (decision.events.length > 0) draft.add(voucher, decision.events, decision.voucher!);
      if (decision.more) return 'more';
      voucher.judgedAt = input.at;
      draft.touch(voucher);
      if (draft.isFull) return 'more';
    }
    return wake.length < WOKEN_AT_ONCE ? 'done' : 'more';
  }

  /**
   * Puts the record into quarantine unchanged and records a refusal as `unreadable`, which waiting requests receive. A
   * submission that was decided before is only published again.
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
    draft.add(voucher, [event], evolve(state, event), { traceparent: null, salt: this.saltOf(submissionId) });
  }

  private saltFor(parsed: ReadRecord['parsed']): string | null {
    if (parsed.type !== 'submission') return null;
    return parsed.value.salt ?? this.saltOf(parsed.value.submissionId);
  }

  /** An id that only Postgres remembers is rejected by its primary key. */
  private isTaken(value: Submission): boolean {
    if (value.kind === 'claim') return !!this.knowledge.claim(value.claimId);
    if (value.kind === 'join') return this.knowledge.hasUnwrittenEntry(value.entryId);
    return value.kind === 'redemption' && !!this.knowledge.redemption(value.redemptionId);
  }
}
