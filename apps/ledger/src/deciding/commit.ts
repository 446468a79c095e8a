// Step 4 of a batch: the draft is written in one transaction. Meanwhile the next batch is decided; no two are written
// at once.
import type { Batch, Cursor, EventsReader, LedgerStore, OutcomesRelay } from '@vouchers/event-store';
import type { IncomingRecord } from '@vouchers/messaging';
import type { PartitionKnowledge } from '../knowledge/partition.knowledge.ts';
import type { BatchDraft } from './batch.draft.ts';
import type { SetAside } from './select.ts';

export interface CommitSurroundings {
  store: LedgerStore;
  events: EventsReader;
  relay: OutcomesRelay;
  /** Resolves when Kafka has the record in the quarantine topic. `silent`: nobody was told that it is unreadable. */
  quarantine: (record: IncomingRecord, why: string, silent: boolean) => Promise<void>;
  /** Called after each commit with the batch, the milliseconds it took, and the number of repeated submissions. */
  written?: (batch: Batch, commitMs: number, repeats: number) => void;
  /** Called before and after a batch's transaction, so that tests can end the process there. */
  at?: (point: 'before-commit' | 'after-commit') => void | Promise<void>;
}

export class Committing {
  /** The batch that is being written. */
  private inFlight: { draft: BatchDraft; written: Promise<void> } | undefined;

  constructor(
    private readonly partition: number,
    private readonly around: CommitSurroundings,
    private readonly knowledge: PartitionKnowledge,
    /** Records from the cursor on that are in the quarantine already, by offset. */
    private readonly quarantined: Map<number, SetAside>,
  ) {}

  /**
   * Begins to write the draft, after the batch before is written.
   * @returns the partition's position after this batch
   */
  async draft(draft: BatchDraft): Promise<Cursor> {
    if (draft.isEmpty) {
      this.knowledge.end(draft.changes);
      return draft.from;
    }
    const batch = draft.finish();
    const append = this.around.store.prepare(batch);
    await Promise.all([this.settled(), this.around.relay.room()]);
    await Promise.all(draft.quarantined.map((aside) => this.quarantine(aside)));
    await this.around.at?.('before-commit');
    const { sent, written } = append();
    this.inFlight = { draft, written: this.written(draft, batch, written) };
    this.inFlight.written.catch(() => undefined);
    // Deciding the next batch occupies this thread, so the statement has to be sent before.
    await sent;
    return { ...draft.from, nextOffset: draft.nextOffset, nextSeq: draft.nextSeq };
  }

  /** Resolves when no batch is being written. Rejects if the last one failed. */
  async settled(): Promise<void> {
    const { inFlight } = this;
    if (!inFlight) return;
    await inFlight.written;
    if (this.inFlight !== inFlight) return;
    this.inFlight = undefined;
    this.knowledge.end(inFlight.draft.changes);
  }

  /** Calls back if the batch that is being written fails. */
  onFailure(failed: (error: unknown) => void): void {
    this.inFlight?.written.catch(failed);
  }

  /** Puts each record there once, however often its batch is tried. */
  private async quarantine({ record, why, silent }: BatchDraft['quarantined'][number]): Promise<void> {
    const offset = Number(record.offset);
    if (this.quarantined.get(offset)?.silent === silent) return;
    await this.around.quarantine(record, why, silent);
    this.quarantined.set(offset, { why, silent });
  }

  private async written(draft: BatchDraft, batch: Batch, written: Promise<unknown>): Promise<void> {
    const { relay, events } = this.around;
    const begun = performance.now();
    const ended = draft.spans.commit(batch.events.length);
    try {
      await written;
    } catch (error) {
      ended(error);
      throw error;
    }
    ended();
    const commitMs = performance.now() - begun;
    await this.around.at?.('after-commit');
    relay.handOver(draft.events);
    for (const { record } of draft.quarantined) this.quarantined.delete(Number(record.offset));
    this.around.written?.(batch, commitMs, draft.repeats.length);
    if (draft.repeats.length > 0) await relay.republish(await events.ofSubmissions(this.partition, draft.repeats));
  }
}
