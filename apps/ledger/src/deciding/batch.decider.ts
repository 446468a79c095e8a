// Decides records one after the other into a draft, until they end, the draft is full, or memory lacks something.
import { REFUSED_TYPES, type Submission } from '@vouchers/contracts';
import { partitionOfKey } from '@vouchers/messaging';
import { decide, evolve, settledTime, type Decision, type Input, type VoucherEvent } from '@vouchers/voucher';
import { isLack, noLack, type BatchContext, type Lack } from './batch.context.ts';
import type { BatchDraft } from './batch.draft.ts';
import type { KnownVoucher, PartitionMemory } from './partition.memory.ts';
import type { ReadRecord } from './partition.owner.ts';
import { unreadableOf, type Unreadable } from './submission.reader.ts';

export interface DecidingOptions {
  draft: BatchDraft;
  context: BatchContext;
  /** The vouchers that a tick is for; a tick stands alone. */
  wake: readonly string[];
}

/** `done`: go on behind the record; `again`: the same record after this batch; a lack: again, once it is filled. */
type Step = 'done' | 'again' | Lack;

/** Vouchers that a tick brings at once; the next ones follow in the next batch. */
export const WOKEN_AT_ONCE = 500;

export class BatchDecider {
  /** The record that was begun and not ended by the batch before. */
  private begun = -1;

  constructor(
    private readonly memory: PartitionMemory,
    private readonly partition: number,
    private readonly partitions: number,
  ) {}

  /** @returns what must be known before it can go on; undefined where nothing lacks. */
  decide(records: readonly ReadRecord[], options: DecidingOptions): Lack | undefined {
    const { draft } = options;
    for (const read of records) {
      const step = this.step(read, options);
      if (step !== 'done') {
        if (step !== 'again') return step;
        this.begun = read.offset;
        return undefined;
      }
      draft.nextOffset = read.offset + 1;
      if (draft.isFull) return undefined;
    }
    return undefined;
  }

  private step(read: ReadRecord, options: DecidingOptions): Step {
    const { reading, record, offset } = read;
    switch (reading.type) {
      case 'unreadable':
        return this.refuse(read, reading, options);
      case 'tick':
        return this.tick(settledTime(reading.at, record.timestamp, 'wall'), options);
      case 'definition': {
        const voucher = this.memory.vouchers.get(reading.voucherId)!;
        const { lastVersion = 0, revoking = false } = voucher.state ?? {};
        // While a termination takes back, it is no repeat: its next slice is still to be written.
        if (reading.value.version <= lastVersion && !revoking) return 'done';
        return this.judge(read, voucher, { type: 'definition', at: record.timestamp, value: reading.value }, options);
      }
      case 'submission': {
        const { value, at, voucherId } = reading;
        const voucher = this.memory.vouchers.get(voucherId)!;
        const { state } = voucher;
        if (!state)
          return this.refuse(read, unreadableOf(read.reading, { why: 'the voucher was never defined' }), options);
        const begun = this.begun === offset || (state.revoking && state.lastVerdict === value.submissionId);
        if (value.kind !== 'push' && !begun && this.wasDecided(value.submissionId, options.context)) {
          options.draft.repeats.push(value.submissionId);
          return 'done';
        }
        if (!begun && this.isTaken(value))
          return this.refuse(read, unreadableOf(read.reading, { why: 'its id is taken' }), options);
        const settled = settledTime(at, record.timestamp, state.definition.spec.clock);
        return this.judge(read, voucher, { type: 'submission', at: settled, value }, options);
      }
      default:
        return reading satisfies never;
    }
  }

  private judge(read: ReadRecord, voucher: KnownVoucher, input: Input, options: DecidingOptions): Step {
    const misplaced = !voucher.state && partitionOfKey(voucher.voucherId, this.partitions) !== this.partition;
    if (misplaced)
      return this.refuse(
        read,
        unreadableOf(read.reading, { why: 'its voucher belongs to another partition' }),
        options,
      );
    let decision: Decision | Lack;
    try {
      decision = this.decideOne(voucher, input, options.context);
    } catch (error) {
      return this.refuse(read, unreadableOf(read.reading, { why: (error as Error).message }), options);
    }
    if (!('events' in decision)) return decision;
    const { events, more, refusedPush } = decision;
    if (refusedPush) options.draft.countRefusedPush(voucher.voucherId, refusedPush);
    if (events.length > 0) {
      const came = read.reading.type === 'unreadable' || read.reading.type === 'tick' ? null : read.reading.traceparent;
      options.draft.add(voucher, events, decision.voucher!, options.draft.spans.decide(came, events));
    } else if (
      input.type !== 'tick' &&
      !(input.type === 'submission' && input.value.kind === 'push') &&
      this.begun !== read.offset
    ) {
      return this.refuse(read, unreadableOf(read.reading, { why: 'it cannot be judged' }), options);
    }
    return more ? 'again' : 'done';
  }

  /** A decision for which all was known; else what lacked. */
  private decideOne(voucher: KnownVoucher, input: Input, context: BatchContext): Decision | Lack {
    context.voucher = voucher;
    if (isLack(context.lack)) context.lack = noLack();
    const decision = decide(voucher.state, context, input);
    for (const { claim, before } of decision.events) {
      if (claim?.state === 'released' && before !== 'released') context.user(claim.userId);
    }
    return isLack(context.lack) ? context.lack : decision;
  }

  private tick(at: number, options: DecidingOptions): Step {
    for (const voucherId of options.wake) {
      const voucher = this.memory.vouchers.get(voucherId);
      if (!voucher?.state) continue;
      const decision = this.decideOne(voucher, { type: 'tick', at }, options.context);
      if (!('events' in decision)) return decision;
      if (decision.events.length > 0) options.draft.add(voucher, decision.events, decision.voucher!, null);
      if (decision.more) return 'again';
      voucher.judgedAt = at;
      options.draft.touch(voucher);
      if (options.draft.isFull) return 'again';
    }
    return options.wake.length < WOKEN_AT_ONCE ? 'done' : 'again';
  }

  /** To the quarantine, as it is; whoever waits for it gets `unreadable`. What is asked for again never goes there. */
  private refuse(
    read: ReadRecord,
    { why, silent = false, submissionId, kind, voucherId }: Unreadable,
    { draft, context }: DecidingOptions,
  ): Step {
    const voucher = voucherId === undefined ? undefined : this.memory.vouchers.get(voucherId);
    if (submissionId !== undefined) {
      if (this.wasDecided(submissionId, context)) {
        draft.repeats.push(submissionId);
        return 'done';
      }
      if (!context.decided.has(submissionId)) return { ...noLack(), submissions: new Set([submissionId]) };
    }
    draft.quarantined.push({ record: read.record, why, silent });
    if (!submissionId || !kind || !voucher?.state) return 'done';
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
    return 'done';
  }

  /** What Postgres alone remembers, its primary keys refuse. */
  private isTaken(value: Submission): boolean {
    if (value.kind === 'claim') return this.memory.claims.get(value.claimId) !== undefined;
    return value.kind === 'redemption' && this.memory.redemptions.get(value.redemptionId) !== undefined;
  }

  private wasDecided(submissionId: string, { decided }: BatchContext): boolean {
    return this.memory.submissions.get(submissionId) === true || decided.get(submissionId) === true;
  }
}
