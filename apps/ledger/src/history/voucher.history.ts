// A voucher's past: what it was after any of its events, from a checkpoint on or from the first one.
import { Injectable } from '@nestjs/common';
import { UUID } from '@vouchers/contracts';
import type { ReplayedEvent, StoredEvent } from '@vouchers/event-store';
import { partitionOfKey } from '@vouchers/messaging';
import { notFound } from '@vouchers/service';
import { decodeEvent, evolve, storedState, type VoucherState } from '@vouchers/voucher';
import type { EventData } from '@vouchers/contracts';
import { voucherState } from '../deciding/projection.rows.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';

const PAGE = 2_000;

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

  /** The seq of its last event (in order) with `at` ≤ that time. @throws 404 before its first. */
  async seqAt(voucherId: string, at: Date): Promise<number> {
    const seq = await this.connections.events.lastUntil(this.partitionOf(voucherId), voucherId, at.getTime());
    if (seq === undefined) throw notFound();
    return seq;
  }

  /** The state after the event `seq`. `full`: recomputed from the first event, else from the checkpoint before. */
  async stateAt(voucherId: string, seq: number, full = false): Promise<VoucherState> {
    let state: VoucherState | undefined;
    for await (const after of this.states(voucherId, seq, full)) state = after;
    if (!state) throw notFound();
    return state;
  }

  /** The states after each event up to `until` (inclusive); with a checkpoint, its state comes first. */
  async *states(voucherId: string, until: number, full: boolean): AsyncGenerator<VoucherState> {
    const partition = this.partitionOf(voucherId);
    const { events } = this.connections;
    const checkpoint = full ? undefined : await events.checkpoint(partition, voucherId, until);
    let state = checkpoint && storedState(JSON.parse(checkpoint.state) as VoucherState);
    if (state) yield state;
    for (let after = checkpoint?.seq ?? 0; ;) {
      const page = await events.ofVoucher(partition, voucherId, { after, until, limit: PAGE });
      for (const stored of page) {
        state = evolve(state, eventOf(stored));
        state.head.seq = stored.seq;
        yield state;
      }
      if (page.length < PAGE) return;
      after = page.at(-1)!.seq;
    }
  }
}
