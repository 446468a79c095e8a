// Replays a voucher's past from a checkpoint or from its first event. This runs in a thread of its own.
import { fault, type Counters, type CounterValues, type Proof } from '@vouchers/contracts';
import { chainHead, EventsReader, lastPublishedHead, type Queries } from '@vouchers/event-store/history';
import type { EventRange, VoucherTimeline } from '@vouchers/event-store/history';
import { badRequest, notFound, ROW_COST, type Budget } from '@vouchers/service/thread';
import { claimQuantity, countersOf, evolve, storedCounts, storedState } from '@vouchers/voucher';
import type { VoucherState } from '@vouchers/voucher';
import { isDeepStrictEqual } from 'node:util';
import { VoucherExamination } from '../proof/voucher.examination.ts';
import { stepsOf } from './series.steps.ts';
import { eventOf } from './stored.event.ts';

/** The events per query. */
const PAGE = 500;

/** A voucher and its partition. */
export interface VoucherKey {
  partition: number;
  voucherId: string;
}

/**
 * The kinds of questions with their answers. They are plain data that threads can exchange. Times are Unix
 * milliseconds.
 */
export interface Replays {
  counters: { question: { at: number }; answer: Counters };
  series: { question: { from: number; to: number; step: string }; answer: { items: SeriesItem[] } };
  proof: { question: { at?: number; full: boolean }; answer: Proof };
}
export type ReplayKind = keyof Replays;
export type Replay = { [Kind in ReplayKind]: VoucherKey & { kind: Kind } & Replays[Kind]['question'] }[ReplayKind];
export type ReplayAnswer = Replays[ReplayKind]['answer'];
export type SeriesItem = CounterValues & { at: string };

/** Answers one question. `budget` counts each event. */
export class Replaying {
  private readonly queries: Queries;
  private readonly events: EventsReader;
  private readonly key: VoucherKey;
  private readonly budget: Budget;

  constructor(queries: Queries, key: VoucherKey, budget: Budget) {
    this.queries = queries;
    this.events = new EventsReader(queries);
    this.key = key;
    this.budget = budget;
  }

  /** @throws 404 if the ledger has no event of the voucher up to that time; 400; 422 too-costly */
  answer(replay: Replay): Promise<ReplayAnswer> {
    switch (replay.kind) {
      case 'counters':
        return this.counters(replay.at);
      case 'series':
        return this.series(replay);
      case 'proof':
        return this.proof(replay);
    }
  }

  private async counters(at: number): Promise<Counters> {
    const state = await this.stateAt(await this.seqAt(at));
    const { head, voucherId } = state;
    const asOf = { partition: this.key.partition, seq: head.seq, at: new Date(head.at).toISOString() };
    return { voucherId, ...countersOf(state), asOf };
  }

  /** Each item has the counters after the voucher's last event up to its time. */
  private async series({ from, to, step }: Replays['series']['question']): Promise<{ items: SeriesItem[] }> {
    const { timeZone } = await this.head();
    const times = stepsOf(from, to, step, timeZone);
    if (!Array.isArray(times)) throw badRequest([fault('/step', ...times.fault)]);
    const seqs = await (await this.timeline()).lastUntilEach(times);
    await this.budget.pause();
    const wanted = [...new Set(seqs.filter((seq) => seq !== undefined))].sort((a, b) => a - b);
    const counters = new Map<number, CounterValues>();
    for await (const state of this.statesAt(wanted)) counters.set(state.head.seq, countersOf(state));
    const items = times.flatMap((time, index) => {
      const seq = seqs[index];
      return seq === undefined ? [] : [{ at: new Date(time).toISOString(), ...counters.get(seq)! }];
    });
    return { items };
  }

  /**
   * Past counters are not stored. So the proof of a past moment goes on to the next state that is, a checkpoint or the
   * present. A full one replays all events and compares everything that is stored now.
   */
  private async proof({ at, full }: Replays['proof']['question']): Promise<Proof> {
    const { partition } = this.key;
    const now = await this.head();
    const seq = at === undefined ? now.seq : await this.seqAt(at);
    const projected: CounterValues =
      at === undefined
        ? { ...storedCounts(JSON.parse(now.counters) as VoucherState['counters']), free: now.free }
        : countersOf(await this.stateAt(seq));
    const examination = new VoucherExamination(this.queries, this.key, async (rows) => {
      await this.budget.pause();
      this.budget.spend(rows * ROW_COST);
    });
    const from = full ? undefined : await this.checkpoint(seq - 1);
    const next = full || at === undefined ? undefined : await this.nextCheckpoint(seq, now.seq);
    const to = { shown: seq, until: next?.head.seq ?? now.seq };
    const { state, checks } = full ? await examination.whole(to) : await examination.part(from, to, next);
    if (!state) throw notFound();
    const recomputed = countersOf(state);
    const { free, offered, held, locked, used, retired } = recomputed;
    const chain = await chainHead(this.queries, partition);
    const published = chain && (await lastPublishedHead(this.queries, partition));
    return {
      holds: checks.every(({ passed }) => passed) && isDeepStrictEqual(recomputed, projected),
      claimQuantity: claimQuantity(state),
      ...{ free, offered, held, locked, used, retired },
      projected,
      head: { partition, seq },
      replayed: { after: from?.head.seq ?? 0, until: to.until },
      checks,
      ...(chain && {
        chain: {
          seq: chain.seq,
          hash: chain.hash,
          attestedFrom: chain.attestedFrom,
          ...(published && {
            published: { seq: published.seq, hash: published.hash, at: new Date(published.at).toISOString() },
          }),
        },
      }),
    };
  }

  private async head() {
    const head = await this.events.head(this.key.partition, this.key.voucherId);
    if (!head) throw notFound();
    return head;
  }

  private async timeline(): Promise<VoucherTimeline> {
    const { seq } = await this.head();
    return this.events.timeline(this.key.partition, this.key.voucherId, seq);
  }

  /** The seq of the voucher's last event up to this time. @throws 404 before its first event */
  private async seqAt(at: number): Promise<number> {
    const seq = await (await this.timeline()).lastUntil(at);
    if (seq === undefined) throw notFound();
    return seq;
  }

  /**
   * The state after the event `seq`. With `full` it is replayed from the first event, otherwise from a checkpoint.
   */
  async stateAt(seq: number, full = false): Promise<VoucherState> {
    const checkpoint = full ? undefined : await this.checkpoint(seq);
    const state = await this.replay(checkpoint, { after: checkpoint?.head.seq ?? 0, until: seq });
    if (!state) throw notFound();
    return state;
  }

  /** The states after these ascending seqs. Each is replayed from the state before or from a later checkpoint. */
  private async *statesAt(seqs: readonly number[]): AsyncGenerator<VoucherState> {
    const { partition, voucherId } = this.key;
    let state: VoucherState | undefined;
    for (const until of seqs) {
      const range = { after: state?.head.seq ?? 0, until };
      const isFar = until - range.after > PAGE || !state;
      const nearer = isFar ? await this.events.checkpointSeq(partition, voucherId, range) : undefined;
      if (nearer !== undefined) state = await this.checkpoint(nearer);
      state = await this.replay(state, { after: state?.head.seq ?? 0, until });
      if (state) yield state;
    }
  }

  private async checkpoint(seq: number): Promise<VoucherState | undefined> {
    const found = await this.events.checkpoint(this.key.partition, this.key.voucherId, seq);
    return found && storedState(JSON.parse(found.state) as VoucherState);
  }

  /** The first checkpoint at `seq` or after it, up to `until`. */
  private async nextCheckpoint(seq: number, until: number): Promise<VoucherState | undefined> {
    const { partition, voucherId } = this.key;
    const found = await this.events.nextCheckpoint(partition, voucherId, seq, until);
    return found && storedState(JSON.parse(found.state) as VoucherState);
  }

  private async replay(
    from: VoucherState | undefined,
    { after, until }: EventRange,
  ): Promise<VoucherState | undefined> {
    const { partition, voucherId } = this.key;
    let state = from;
    for (let last = after; last < until; last = state!.head.seq) {
      const page = await this.events.ofVoucherToReplay(partition, voucherId, { after: last, until }, PAGE);
      await this.budget.pause();
      this.budget.spend(page.length * ROW_COST);
      if (page.length === 0) break;
      for (const stored of page) {
        state = evolve(state, eventOf(stored));
        state.head.seq = stored.seq;
      }
    }
    return state;
  }
}
