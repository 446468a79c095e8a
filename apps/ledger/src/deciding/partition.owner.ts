// One partition while this process owns it: takes records in order, decides them in memory, and writes each batch in
// one transaction. At most one batch is on its way to Postgres while the next is decided.
import {
  ForeignLog,
  type Appending,
  type Batch,
  type ContextReader,
  type Cursor,
  type EventsReader,
  type LedgerStore,
  type LogIdentity,
  type OutcomesRelay,
} from '@vouchers/event-store';
import { Halt, type IncomingRecord, type RecordBatch } from '@vouchers/messaging';
import { settledTime } from '@vouchers/voucher';
import { BatchContext } from './batch.context.ts';
import { BatchDraft } from './batch.draft.ts';
import { BatchDecider, WOKEN_AT_ONCE } from './batch.decider.ts';
import { ContextLoader } from './context.loader.ts';
import { PartitionMemory } from './partition.memory.ts';
import { readRecord, unreadableOf, type Reading } from './submission.reader.ts';
import type { UserBudget } from './voucher.users.ts';

export interface PartitionSurroundings {
  store: LedgerStore;
  reader: ContextReader;
  events: EventsReader;
  relay: OutcomesRelay;
  budget: UserBudget;
  partitions: number;
  clock: () => number;
  /** Resolves when Kafka has the record in the quarantine topic. `silent`: nobody was told of it. */
  quarantine: (record: IncomingRecord, why: string, silent: boolean) => Promise<void>;
  /** Records from the cursor on that lie in the quarantine: whoever owned the partition set them aside. */
  quarantined?: (cursor: Cursor, log: LogIdentity) => Promise<Map<number, SetAside>>;
  /** Told of each batch once it is committed, how long that took (milliseconds), and of how many decisions asked for again. */
  written?: (batch: Batch, commitMs: number, repeats: number) => void;
  /** Called before and after a batch's transaction: tests end the process there. */
  at?: (point: 'before-commit' | 'after-commit') => void | Promise<void>;
}

/** A record that is not decided as what it says. */
export interface SetAside {
  why: string;
  /** Without an event: not even its refusal can be written. */
  silent: boolean;
}

/** This process does not own the partition, or no longer: no record's fault. */
export class NotOwned extends Error {
  override readonly name = 'NotOwned';
  readonly fault = 'world';
}

/** A record with its meaning. */
export interface ReadRecord {
  record: IncomingRecord;
  offset: number;
  reading: Reading;
}

/** Each batch waits for the disk once, whatever its size; larger ones let those who wait for an answer wait longer. */
export const MAX_RECORDS = 1_000;
/** What a decision asks for in vain, it asks for a few times at most: its due claims, then a user. */
const MAX_LACKS = 10;

export class PartitionOwner {
  /** undefined: Postgres must be asked where the partition stands. */
  private cursor: Cursor | undefined;
  private memory: PartitionMemory;
  /** Records before this offset are decided with look-ups: after an assignment nobody remembers what was decided. */
  private carefulUntil = 0;
  /** Records from the cursor on that lie in the quarantine already: that is final. */
  private quarantined: Map<number, SetAside> | undefined;
  private inFlight: Promise<void> | undefined;
  /** Lower bound of when time may matter to a voucher here; null: never. */
  wakeAt: number | null = null;
  /** When the tick was sent that did not come back yet. */
  tickedAt: number | undefined;

  constructor(
    readonly partition: number,
    private readonly around: PartitionSurroundings,
  ) {
    this.memory = new PartitionMemory(around.budget);
  }

  /** Reads where the partition stands, and forgets all else. @returns the offset of the next record. */
  async open(log: LogIdentity): Promise<number> {
    await this.forget();
    try {
      const cursor = await this.around.store.open(this.partition, log);
      this.wakeAt = await this.around.reader.nextWake(this.partition);
      this.carefulUntil = cursor.nextOffset + 1;
      this.quarantined ??= (await this.around.quarantined?.(cursor, log)) ?? new Map<number, SetAside>();
      this.around.relay.committed(cursor.nextSeq);
      this.cursor = cursor;
      return cursor.nextOffset;
    } catch (error) {
      throw error instanceof ForeignLog ? new Halt(error.message) : error;
    }
  }

  /**
   * Decides a batch and resolves when the last of it is on its way; `batch.fail` tells if that then fails. What is
   * suspect is written when it resolves. Any failure forgets everything: the consumer starts anew where the cursor stands.
   */
  async handle(batch: RecordBatch): Promise<void> {
    try {
      await this.decideAll(batch);
      if (batch.suspect) await this.settled();
      else this.inFlight?.catch((error: unknown) => batch.fail(error));
    } catch (error) {
      await this.forget();
      throw error;
    }
  }

  /**
   * Told of the cursor's epoch in Postgres: where a rebuild has moved it, the next write finds out, and a partition that is
   * idle gets a tick to write.
   */
  sawEpoch(epoch: number): void {
    if (this.cursor && epoch > this.cursor.epoch) this.wakeAt = Math.min(this.wakeAt ?? Infinity, this.around.clock());
  }

  /** Resolves when nothing is on its way to Postgres. */
  async settled(): Promise<void> {
    await this.inFlight;
  }

  /** Waits for what is on its way, whatever comes of it, and drops all that is known. */
  async forget(): Promise<void> {
    this.cursor = undefined;
    await this.inFlight?.catch(() => undefined);
    this.inFlight = undefined;
    this.memory.drop();
    this.memory = new PartitionMemory(this.around.budget);
  }

  private async decideAll(batch: RecordBatch): Promise<void> {
    if (!this.cursor) throw new NotOwned(`partition ${this.partition} is not open`);
    const records = this.unread(batch);
    const context = new BatchContext(this.memory);
    const loader = new ContextLoader(this.partition, this.memory, this.around.reader);
    const decider = new BatchDecider(this.memory, this.partition, this.around.partitions);
    let lacks = 0;
    for (let at = 0; at < records.length;) {
      const { offset, reading } = records[at]!;
      this.memory.batch += 1;
      const careful = batch.suspect === true || offset < this.carefulUntil;
      const slice = this.slice(records, at);
      const readings = slice.map((read) => read.reading);
      if (reading.type === 'tick') await this.settled();
      const wake =
        reading.type === 'tick'
          ? await this.around.reader.toWake(this.partition, tickTime(slice[0]!), WOKEN_AT_ONCE)
          : [];
      await loader.prepare(
        [...readings, ...wake.map((voucherId) => ({ type: 'voucher' as const, voucherId }))],
        context,
      );
      if (careful) await loader.loadDecided(submissionsOf(readings), context);
      const draft = new BatchDraft(this.partition, this.cursor!, this.around.clock(), this.memory);
      const lack = decider.decide(slice, { draft, context, wake });
      if (batch.isLost()) throw new NotOwned(`partition ${this.partition} was lost`);
      const done = draft.nextOffset - offset;
      at += done;
      lacks = lack && draft.isEmpty ? lacks + 1 : 0;
      if (lacks > MAX_LACKS) throw new Halt(`partition ${this.partition}: record ${offset} can never be decided`);
      await this.commit(draft);
      // What is due or live is read from Postgres alone, so all that is known here must be there first.
      if (lack || careful || reading.type === 'tick') await this.settled();
      if (lack) await loader.fill(lack, context);
      if (reading.type === 'tick' && done > 0) await this.ticked();
    }
  }

  /** The records of the next batch: a tick stands alone. */
  private slice(records: readonly ReadRecord[], at: number): ReadRecord[] {
    const tick = records.findIndex(({ reading }, index) => index >= at && reading.type === 'tick');
    return records.slice(at, tick === at ? at + 1 : Math.min(at + MAX_RECORDS, tick === -1 ? Infinity : tick));
  }

  /** Records from the cursor on. Kafka's own idea of where we are is a hint: what was done is skipped, a gap halts. */
  private unread(batch: RecordBatch): ReadRecord[] {
    const { nextOffset } = this.cursor!;
    const records: ReadRecord[] = [];
    for (const record of batch.records) {
      const offset = Number(record.offset);
      const expected = nextOffset + records.length;
      if (offset < expected) continue;
      if (offset > expected)
        throw new Halt(`partition ${this.partition}: record ${expected} is missing, the next is ${offset}`);
      records.push(this.read(record, batch.aside));
    }
    return records;
  }

  /** What is set aside is decided as a record that cannot be read: here, and wherever it is decided again. */
  private read(record: IncomingRecord, aside: RecordBatch['aside']): ReadRecord {
    const offset = Number(record.offset);
    const reading = readRecord(record, this.partition);
    const setAside = aside ? { why: aside.reason, silent: aside.attempt > 1 } : this.quarantined?.get(offset);
    return { record, offset, reading: setAside ? unreadableOf(reading, setAside) : reading };
  }

  /** Hands a draft to Postgres once the one before it is written; resolves when it is there. */
  private async commit(draft: BatchDraft): Promise<void> {
    if (draft.isEmpty) return;
    const rows = draft.finish();
    const append = this.around.store.prepare(rows);
    await Promise.all([this.inFlight, this.around.relay.room()]);
    this.cursor = { ...draft.from, nextOffset: draft.nextOffset, nextSeq: draft.nextSeq };
    for (const { wakeAt } of rows.vouchers) {
      if (wakeAt !== null) this.wakeAt = Math.min(wakeAt, this.wakeAt ?? Infinity);
    }
    await Promise.all(draft.quarantined.map((aside) => this.quarantine(aside)));
    await this.around.at?.('before-commit');
    const { sent, written } = append();
    this.inFlight = this.written(draft, rows, written);
    this.inFlight.catch(() => undefined);
    // Deciding the next one keeps this thread: what had not left by then would leave after it.
    await sent;
  }

  /** Once, however often its batch is tried. */
  private async quarantine({ record, why, silent }: BatchDraft['quarantined'][number]): Promise<void> {
    const offset = Number(record.offset);
    if (this.quarantined?.get(offset)?.silent === silent) return;
    await this.around.quarantine(record, why, silent);
    this.quarantined?.set(offset, { why, silent });
  }

  private async written(draft: BatchDraft, rows: Batch, written: Appending['written']): Promise<void> {
    const { relay, events } = this.around;
    const begun = performance.now();
    const ended = draft.spans.commit(rows.events.length);
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
    for (const { record } of draft.quarantined) this.quarantined?.delete(Number(record.offset));
    this.memory.trim(draft.number);
    this.around.written?.(rows, commitMs, draft.repeats.length);
    if (draft.repeats.length > 0) {
      await relay.republish(await events.ofSubmissions(this.partition, draft.repeats));
    }
  }

  /** What was to be woken by the tick is done: when is the next? */
  private async ticked(): Promise<void> {
    this.wakeAt = await this.around.reader.nextWake(this.partition);
    this.tickedAt = undefined;
  }
}

const tickTime = ({ reading, record }: ReadRecord): number =>
  reading.type === 'tick' ? settledTime(reading.at, record.timestamp, 'wall') : 0;

function submissionsOf(readings: readonly Reading[]): string[] {
  return readings.flatMap((reading) => {
    if (reading.type === 'unreadable') return reading.submissionId ?? [];
    return reading.type === 'submission' && reading.value.kind !== 'push' ? reading.value.submissionId : [];
  });
}
