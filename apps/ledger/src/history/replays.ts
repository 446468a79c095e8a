// A voucher's past, replayed from a checkpoint or from its first event. This runs in a thread of its own.
import type { Counters, CounterValues, EventData, Proof } from '@vouchers/contracts';
import type { EventRange, EventsReader, ReplayedEvent, VoucherTimeline } from '@vouchers/event-store/history';
import { badRequest, notFound, ROW_COST, type Budget } from '@vouchers/service/thread';
import { claimQuantity, countersOf, decodeEvent, evolve, storedCounts, storedState } from '@vouchers/voucher';
import type { VoucherState } from '@vouchers/voucher';
import { isDeepStrictEqual } from 'node:util';
import { stepsOf } from './series.steps.ts';

/** Events read by one query. */
const PAGE = 500;

/** The voucher whose past is asked for. */
export interface Place {
  partition: number;
  voucherId: string;
}

/**
 * Each kind of question with its answer: plain data, which can be sent between threads. Times are Unix milliseconds.
 */
export interface Replays {
  counters: { asked: { at: number }; answer: Counters };
  series: { asked: { from: number; to: number; step: string }; answer: { items: SeriesItem[] } };
  proof: { asked: { at?: number; full: boolean }; answer: Proof };
}
export type ReplayKind = keyof Replays;
export type Replay = { [Kind in ReplayKind]: Place & { kind: Kind } & Replays[Kind]['asked'] }[ReplayKind];
export type ReplayAnswer = Replays[ReplayKind]['answer'];
export type SeriesItem = CounterValues & { at: string };

/** A stored event in the form that the domain uses. */
export function eventOf(stored: Omit<ReplayedEvent, 'data' | 'facts'> & { data: string | Buffer }) {
  const data = JSON.parse(stored.data.toString()) as EventData;
  return decodeEvent(stored.type, stored.voucherId, stored.submissionId ?? undefined, data);
}

/** Answers one question. `budget` counts each event. */
export class Replaying {
  private readonly events: EventsReader;
  private readonly place: Place;
  private readonly budget: Budget;

  constructor(events: EventsReader, place: Place, budget: Budget) {
    this.events = events;
    this.place = place;
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
    const asOf = { partition: this.place.partition, seq: head.seq, at: new Date(head.at).toISOString() };
    return { voucherId, ...countersOf(state), asOf };
  }

  /** The counters at a time are those after the voucher's last event up to that time. */
  private async series({ from, to, step }: Replays['series']['asked']): Promise<{ items: SeriesItem[] }> {
    const { timeZone } = await this.head();
    const times = stepsOf(from, to, step, timeZone);
    if (typeof times === 'string') throw badRequest([{ pointer: '/step', message: times }]);
    const seqs = await (await this.timeline()).lastUntilEach(times);
    this.budget.expectCaller();
    const wanted = [...new Set(seqs.filter((seq) => seq !== undefined))].sort((a, b) => a - b);
    const counters = new Map<number, CounterValues>();
    for await (const state of this.statesAt(wanted)) counters.set(state.head.seq, countersOf(state));
    const items = times.flatMap((time, index) => {
      const seq = seqs[index];
      return seq === undefined ? [] : [{ at: new Date(time).toISOString(), ...counters.get(seq)! }];
    });
    return { items };
  }

  /** The past itself is not stored, only its checkpoints. */
  private async proof({ at, full }: Replays['proof']['asked']): Promise<Proof> {
    const now = at === undefined ? await this.head() : undefined;
    const seq = now?.seq ?? (await this.seqAt(at!));
    const projected: CounterValues = now
      ? { ...storedCounts(JSON.parse(now.counters) as VoucherState['counters']), free: now.free }
      : countersOf(await this.stateAt(seq));
    const state = await this.stateAt(seq, full);
    const recomputed = countersOf(state);
    const { free, offered, held, locked, used, retired } = recomputed;
    const quantity = claimQuantity(state);
    const adds = quantity === null ? free === null : quantity === free! + offered + held + locked + used + retired;
    return {
      holds: adds && (free ?? 0) >= 0 && isDeepStrictEqual(recomputed, projected),
      claimQuantity: quantity,
      ...{ free, offered, held, locked, used, retired },
      projected,
      head: { partition: this.place.partition, seq },
    };
  }

  private async head() {
    const head = await this.events.head(this.place.partition, this.place.voucherId);
    if (!head) throw notFound();
    return head;
  }

  private async timeline(): Promise<VoucherTimeline> {
    const { seq } = await this.head();
    return this.events.timeline(this.place.partition, this.place.voucherId, seq);
  }

  /** The seq of its last event (in order) with `at` ≤ that time. @throws 404 before its first event */
  private async seqAt(at: number): Promise<number> {
    const seq = await (await this.timeline()).lastUntil(at);
    if (seq === undefined) throw notFound();
    return seq;
  }

  /**
   * The state after the event `seq`. With `full` it is replayed from the first event, else from the last checkpoint.
   */
  async stateAt(seq: number, full = false): Promise<VoucherState> {
    const checkpoint = full ? undefined : await this.checkpoint(seq);
    const state = await this.replay(checkpoint, { after: checkpoint?.head.seq ?? 0, until: seq });
    if (!state) throw notFound();
    return state;
  }

  /** The state after each of these seqs (ascending), replayed from the state before or from a later checkpoint. */
  private async *statesAt(seqs: readonly number[]): AsyncGenerator<VoucherState> {
    const { partition, voucherId } = this.place;
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
    const found = await this.events.checkpoint(this.place.partition, this.place.voucherId, seq);
    return found && storedState(JSON.parse(found.state) as VoucherState);
  }

  private async replay(
    from: VoucherState | undefined,
    { after, until }: EventRange,
  ): Promise<VoucherState | undefined> {
    const { partition, voucherId } = this.place;
    let state = from;
    for (let last = after; last < until; last = state!.head.seq) {
      const page = await this.events.ofVoucherToReplay(partition, voucherId, { after: last, until }, PAGE);
      this.budget.expectCaller();
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
