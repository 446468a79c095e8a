// Step 4 of a batch: write the draft in one transaction. Meanwhile the next batch is decided. Only one batch is written
// at a time.
import type { Batch, Cursor, EventsReader, LedgerStore, OutcomesRelay } from '@vouchers/event-store';
import type { IncomingRecord } from '@vouchers/messaging';
import type { PartitionKnowledge } from '../knowledge/partition.knowledge.ts';
import type { BatchDraft } from './batch.draft.ts';
import type { SetAside } from './select.ts';

export interface CommitSurroundings {
  store: LedgerStore;
  events: EventsReader;
  relay: OutcomesRelay;
  /** Resolves when Kafka has the record in the quarantine topic. `silent`: its refusal has no event. */
  quarantine: (record: IncomingRecord, why: string, silent: boolean) => Promise<void>;
  /** Called after each commit with the batch, its duration in milliseconds, and the number of repeated submissions. */
  written?: (batch: Batch, commitMs: number, repeats: number) => void;
  /** Called before and after a batch's transaction, so that tests can end the process there. */
  at?: (point: 'before-commit' | 'after-commit') => void | Promise<void>;
}

/** A batch that is being written. */
interface InFlight {
  draft: BatchDraft;
  /** Resolves when the batch is in Postgres, with the duration in milliseconds. */
  written: Promise<number>;
  /** Resolves when its outcomes are handed to the relay, too. */
  concluded: Promise<void>;
}

export class Committing {
  private inFlight: InFlight | undefined;
  /** Resolves when the draft that waits for the batch in flight is sent or has failed. */
  private leaving: Promise<void> | undefined;

  constructor(
    private readonly partition: number,
    private readonly around: CommitSurroundings,
    private readonly knowledge: PartitionKnowledge,
    /** The records from the cursor on that are in quarantine already, by offset. */
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
    const before = await this.send(draft);
    await before?.concluded;
    if (before) this.knowledge.end(before.draft.changes);
    const { nextOffset, nextSeq, hash } = draft;
    return { ...draft.from, nextOffset, nextSeq, hash };
  }

  /** Resolves when no batch is being written. Rejects if the last one failed. */
  async settled(): Promise<void> {
    const { inFlight } = this;
    if (!inFlight) return;
    await inFlight.concluded;
    if (this.inFlight !== inFlight) return;
    this.inFlight = undefined;
    this.knowledge.end(inFlight.draft.changes);
  }

  /** Calls back if the batch that is being written fails. */
  onFailure(failed: (error: unknown) => void): void {
    this.inFlight?.concluded.catch(failed);
  }

  /** @returns the batch that was in flight before */
  private async send(draft: BatchDraft): Promise<InFlight | undefined> {
    const batch = draft.finish();
    const append = this.around.store.prepare(batch);
    await this.around.relay.room();
    const leaves = Promise.withResolvers<void>();
    // Only a draft that does not wait for Kafka is waited for.
    if (draft.quarantined.length === 0) this.leaving = leaves.promise;
    try {
      await this.inFlight?.written;
      await Promise.all(draft.quarantined.map((aside) => this.quarantine(aside)));
      await this.around.at?.('before-commit');
      const { sent, written } = append();
      const before = this.inFlight;
      this.inFlight = this.follow(draft, batch, written);
      // Deciding the next batch occupies this thread, so the statement has to be sent before.
      await sent;
      return before;
    } finally {
      leaves.resolve();
    }
  }

  private follow(draft: BatchDraft, batch: Batch, answer: Promise<unknown>): InFlight {
    const written = this.written(draft, batch, answer);
    const concluded = this.conclude(draft, batch, written);
    concluded.catch(() => undefined);
    return { draft, written, concluded };
  }

  /** Puts a record into quarantine. If its batch is tried again, this does nothing. */
  private async quarantine({ record, why, silent }: BatchDraft['quarantined'][number]): Promise<void> {
    const offset = Number(record.offset);
    if (this.quarantined.get(offset)?.silent === silent) return;
    await this.around.quarantine(record, why, silent);
    this.quarantined.set(offset, { why, silent });
  }

  private async written({ spans }: BatchDraft, { events }: Batch, answer: Promise<unknown>): Promise<number> {
    const begun = performance.now();
    const ended = spans.commit(events.length);
    try {
      await answer;
    } catch (error) {
      ended(error);
      throw error;
    }
    ended();
    const commitMs = performance.now() - begun;
    await this.around.at?.('after-commit');
    return commitMs;
  }

  private async conclude(draft: BatchDraft, batch: Batch, written: Promise<number>): Promise<void> {
    const { relay, events } = this.around;
    const commitMs = await written;
    // Postgres is idle until the next batch is sent, so it is sent first.
    await this.leaving;
    relay.handOver(draft.events);
    for (const { record } of draft.quarantined) this.quarantined.delete(Number(record.offset));
    this.around.written?.(batch, commitMs, draft.repeats.length);
    if (draft.repeats.length > 0) await relay.republish(await events.ofSubmissions(this.partition, draft.repeats));
  }
}
