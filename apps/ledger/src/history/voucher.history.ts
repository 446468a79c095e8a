// A voucher's past: what it was after any of its events, from a checkpoint on or from the first one.
import { Injectable } from '@nestjs/common';
import { UUID } from '@vouchers/contracts';
import type { EventRange, ReplayedEvent, StoredEvent, VoucherTimeline } from '@vouchers/event-store';
import { partitionOfKey } from '@vouchers/messaging';
import { notFound, ROW_COST, type Budget } from '@vouchers/service';
import { decodeEvent, evolve, storedState, type VoucherState } from '@vouchers/voucher';
import type { EventData } from '@vouchers/contracts';
import { voucherState } from '../knowledge/projection.rows.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';

/** Events that are read at once. */
const PAGE = 500;

/** What was stored, as the domain sees it. */
export function eventOf(stored: StoredEvent | ReplayedEvent): ReturnType<typeof decodeEvent> {
  const data = JSON.parse(stored.data.toString()) as EventData;
  return decodeEvent(stored.type, stored.voucherId, stored.submissionId ?? undefined, data);
}

@Injectable()
export class VoucherHistory {
  constructor(
    private readonly settings: LedgerSettings,
    private readonly connections: LedgerConnections,
  ) {}

  /** @throws 404 for an id that is none. */
  partitionOf(voucherId: string): number {
    if (!UUID.test(voucherId)) throw notFound();
    return partitionOfKey(voucherId.toLowerCase(), this.settings.partitions);
  }

  /** As it is now. @throws 404 where the ledger never read of it. */
  async now(voucherId: string): Promise<VoucherState> {
    const [row] = await this.connections.context.vouchers(this.partitionOf(voucherId), [voucherId.toLowerCase()]);
    if (!row) throw notFound();
    return voucherState(row);
  }

  /** Its moments, up to now. @throws 404 where the ledger never read of it */
  async timeline(voucherId: string): Promise<VoucherTimeline> {
    const { head } = await this.now(voucherId);
    return this.connections.events.timeline(this.partitionOf(voucherId), voucherId, head.seq);
  }

  /** The seq of its last event (in order) with `at` ≤ that time. @throws 404 before its first. */
  async seqAt(voucherId: string, at: Date): Promise<number> {
    const seq = await (await this.timeline(voucherId)).lastUntil(at.getTime());
    if (seq === undefined) throw notFound();
    return seq;
  }

  /** The state after the event `seq`. `full`: recomputed from the first event, else from the checkpoint before. */
  async stateAt(voucherId: string, seq: number, budget: Budget, full = false): Promise<VoucherState> {
    const checkpoint = full ? undefined : await this.checkpoint(voucherId, seq);
    const state = await this.replay(voucherId, checkpoint, { after: checkpoint?.head.seq ?? 0, until: seq }, budget);
    if (!state) throw notFound();
    return state;
  }

  /** The state after each of these seqs (in order): each from the one before, or from a checkpoint between them. */
  async *statesAt(voucherId: string, seqs: readonly number[], budget: Budget): AsyncGenerator<VoucherState> {
    const partition = this.partitionOf(voucherId);
    let state: VoucherState | undefined;
    for (const until of seqs) {
      const range = { after: state?.head.seq ?? 0, until };
      const nearer =
        until - range.after > PAGE || !state
          ? await this.connections.events.checkpointSeq(partition, voucherId, range)
          : undefined;
      if (nearer !== undefined) state = await this.checkpoint(voucherId, nearer);
      state = await this.replay(voucherId, state, { after: state?.head.seq ?? 0, until }, budget);
      if (state) yield state;
    }
  }

  private async checkpoint(voucherId: string, seq: number): Promise<VoucherState | undefined> {
    const found = await this.connections.events.checkpoint(this.partitionOf(voucherId), voucherId, seq);
    return found && storedState(JSON.parse(found.state) as VoucherState);
  }

  private async replay(
    voucherId: string,
    from: VoucherState | undefined,
    { after, until }: EventRange,
    budget: Budget,
  ): Promise<VoucherState | undefined> {
    const partition = this.partitionOf(voucherId);
    let state = from;
    for (let last = after; last < until; last = state!.head.seq) {
      const page = await this.connections.events.ofVoucherToReplay(partition, voucherId, { after: last, until }, PAGE);
      budget.expectCaller();
      budget.spend(page.length * ROW_COST);
      for (const stored of page) {
        state = evolve(state, eventOf(stored));
        state.head.seq = stored.seq;
        await budget.pause();
      }
      if (page.length < PAGE) break;
    }
    return state;
  }
}
