// One partition while this process owns it. Each batch is selected, known, decided and committed, in that order; while
// one is on its way to Postgres the next is decided. Any failure drops all that is known, and the consumer starts anew
// where the cursor stands.
import { ForeignLog, type ContextReader, type Cursor, type LogIdentity } from '@vouchers/event-store';
import { Halt, type RecordBatch } from '@vouchers/messaging';
import type { KnowledgeBudget } from '../knowledge/knowledge.budget.ts';
import { KnowledgeLoader } from '../knowledge/knowledge.loader.ts';
import { PartitionKnowledge } from '../knowledge/partition.knowledge.ts';
import type { UsersReader } from '../knowledge/users.reader.ts';
import { BatchDraft } from './batch.draft.ts';
import { Committing, type CommitSurroundings } from './commit.ts';
import { Deciding, WOKEN_AT_ONCE, type Progress } from './decide.ts';
import { Knowing, tickOf } from './know.ts';
import { readFrom, select, type ReadRecord, type SetAside } from './select.ts';

export interface PartitionSurroundings extends CommitSurroundings {
  reader: ContextReader;
  users: UsersReader;
  budget: KnowledgeBudget;
  partitions: number;
  clock: () => number;
  /** Records from the cursor on that are in the quarantine, because an earlier owner set them aside. */
  quarantined?: (cursor: Cursor, log: LogIdentity) => Promise<Map<number, SetAside>>;
}

/** This process does not own the partition (any more). That is no record's fault. */
export class NotOwned extends Error {
  override readonly name = 'NotOwned';
  readonly fault = 'world';
}

/** Everything that belongs to one opening of the partition. */
interface Opened {
  cursor: Cursor;
  readonly quarantined: Map<number, SetAside>;
  /** True if the first record may repeat one whose decision is not in memory. */
  readonly firstOffset: number;
  readonly knowledge: PartitionKnowledge;
  readonly knowing: Knowing;
  readonly deciding: Deciding;
  readonly committing: Committing;
}

export class PartitionOwner {
  /** undefined: Postgres must be asked where the partition stands. */
  private opened: Opened | undefined;
  /** Records from the cursor on that are in the quarantine already. That is final. */
  private quarantined: Map<number, SetAside> | undefined;
  /** Lower bound of when time may matter to a voucher here; null: never. */
  wakeAt: number | null = null;
  /** When the tick was sent that did not come back yet. */
  tickedAt: number | undefined;

  constructor(
    readonly partition: number,
    private readonly around: PartitionSurroundings,
  ) {}

  /** Reads where the partition stands, and forgets all else. @returns the offset of the next record. */
  async open(log: LogIdentity): Promise<number> {
    await this.forget();
    const { store, reader, relay } = this.around;
    try {
      const cursor = await store.open(this.partition, log);
      this.wakeAt = await reader.nextWake(this.partition);
      this.quarantined ??= (await this.around.quarantined?.(cursor, log)) ?? new Map<number, SetAside>();
      relay.committed(cursor.nextSeq);
      this.opened = this.openAt(cursor, this.quarantined);
      return cursor.nextOffset;
    } catch (error) {
      throw error instanceof ForeignLog ? new Halt(error.message) : error;
    }
  }

  private openAt(cursor: Cursor, quarantined: Map<number, SetAside>): Opened {
    const { around, partition } = this;
    const knowledge = new PartitionKnowledge(around.budget);
    const loader = new KnowledgeLoader(partition, knowledge, around.reader, around.users);
    const knowing = new Knowing(knowledge, loader);
    const deciding = new Deciding(partition, around.partitions, knowledge, knowing);
    const committing = new Committing(partition, around, knowledge, quarantined);
    return { cursor, quarantined, firstOffset: cursor.nextOffset, knowledge, knowing, deciding, committing };
  }

  /** Decides the records. Resolves when the last of them are being written; if that fails, `batch.fail` is called. */
  async handle(batch: RecordBatch): Promise<void> {
    const { opened } = this;
    if (!opened) throw new NotOwned(`partition ${this.partition} is not open`);
    try {
      await this.decideAll(opened, batch);
      if (batch.suspect) await opened.committing.settled();
      else opened.committing.onFailure((error) => batch.fail(error));
    } catch (error) {
      await this.forget();
      throw error;
    }
  }

  private async decideAll(opened: Opened, batch: RecordBatch): Promise<void> {
    let records = readFrom(opened.cursor, batch, opened.quarantined);
    for (let resumed = false; records.length > 0;) {
      const progress = await this.decideNext(opened, select(records), batch, resumed);
      records = records.slice(progress.done);
      resumed = progress.more;
    }
  }

  private async decideNext(
    opened: Opened,
    records: readonly ReadRecord[],
    batch: RecordBatch,
    resumed: boolean,
  ): Promise<Progress> {
    const { knowing, deciding, committing, knowledge, cursor, firstOffset } = opened;
    const isTick = records[0]!.reading.type === 'tick';
    const isCareful = batch.suspect === true || records[0]!.offset === firstOffset;
    // The vouchers to wake are read from Postgres, so everything decided must be written first.
    if (isTick) await committing.settled();
    const wake = await this.toWake(records[0]!);
    const draft = new BatchDraft(this.partition, cursor, this.around.clock(), knowledge);
    await knowing.ofBatch(records, wake, draft, isCareful);
    const progress = await deciding.records(records, { draft, resumed, wake });
    if (batch.isLost()) throw new NotOwned(`partition ${this.partition} was lost`);
    opened.cursor = await committing.draft(draft);
    this.wakeAt = earlier(this.wakeAt, draft.wakeAt);
    if (isTick) {
      await committing.settled();
      if (!progress.more) await this.ticked();
    }
    return progress;
  }

  /**
   * Told of the cursor's epoch in Postgres: where a rebuild has moved it, the next write finds out, and a partition
   * that is idle gets a tick to write.
   */
  sawEpoch(epoch: number): void {
    if (this.opened && epoch > this.opened.cursor.epoch) this.wakeAt = earlier(this.wakeAt, this.around.clock());
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.opened?.committing.settled();
  }

  /** Waits until the batch that is being written succeeds or fails, and forgets everything. */
  async forget(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.committing.settled().catch(() => undefined);
    opened?.knowledge.drop();
  }

  private toWake({ reading, brokerTime }: ReadRecord): Promise<string[]> {
    if (reading.type !== 'tick') return Promise.resolve([]);
    return this.around.reader.toWake(this.partition, tickOf(reading, brokerTime).at, WOKEN_AT_ONCE);
  }

  /** What was to be woken by the tick is done: when is the next? */
  private async ticked(): Promise<void> {
    this.wakeAt = await this.around.reader.nextWake(this.partition);
    this.tickedAt = undefined;
  }
}

const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);
