// One partition while this process owns it. A batch has four steps: select, know, decide, commit. While one batch is
// written, the next is decided. After any failure all knowledge is dropped, and the consumer starts again at the
// cursor.
import { BrokenChain, ForeignLog, type ContextReader, type Cursor, type LogIdentity } from '@vouchers/event-store';
import { Halt, type RecordBatch } from '@vouchers/messaging';
import { ForgettingUsers } from '../forgetting/forgetting.ts';
import { UserSearches, type SearchSurroundings } from '../forgetting/user.searches.ts';
import type { KnowledgeBudget } from '../knowledge/knowledge.budget.ts';
import { KnowledgeLoader } from '../knowledge/knowledge.loader.ts';
import { PartitionKnowledge } from '../knowledge/partition.knowledge.ts';
import type { UsersReader } from '../knowledge/users.reader.ts';
import { BatchDraft } from './batch.draft.ts';
import { Committing, type CommitSurroundings } from './commit.ts';
import { Deciding, WOKEN_AT_ONCE, type Progress } from './decide.ts';
import { Knowing, tickOf } from './know.ts';
import { readAhead, readFrom, select, type ReadRecord, type SetAside } from './select.ts';
import type { SignatureCheck } from './signature.check.ts';

export interface PartitionSurroundings extends CommitSurroundings {
  reader: ContextReader;
  users: UsersReader;
  budget: KnowledgeBudget;
  partitions: number;
  clock: () => number;
  searching: SearchSurroundings;
  /** Returns the records from the cursor on that an earlier owner put into quarantine. */
  quarantined?: (cursor: Cursor, log: LogIdentity) => Promise<Map<number, SetAside>>;
  /** Returns the check of the records' signatures, if they are checked. */
  signatures?: (log: LogIdentity) => Promise<SignatureCheck | undefined>;
}

/** The error if this process does not own the partition (any more). It is not caused by a record. */
export class NotOwned extends Error {
  override readonly name = 'NotOwned';
  readonly failureCause = 'infrastructure';
}

/** The state that `open` makes and `forget` drops. */
interface Opened {
  cursor: Cursor;
  readonly quarantined: Map<number, SetAside>;
  readonly check: SignatureCheck | undefined;
  /** The offset of the first record. It may repeat a submission whose decision is not in memory. */
  readonly firstOffset: number;
  readonly knowledge: PartitionKnowledge;
  readonly knowing: Knowing;
  readonly deciding: Deciding;
  readonly committing: Committing;
  readonly forgetting: ForgettingUsers;
  readonly searches: UserSearches;
}

export class PartitionOwner {
  /** Undefined until the cursor is read from Postgres. */
  private opened: Opened | undefined;
  /** The records that are in quarantine already. They stay set aside. */
  private quarantined: Map<number, SetAside> | undefined;
  /** A lower bound for the next time at which a voucher of this partition may change. Null if there is none. */
  wakeAt: number | null = null;
  /** The time at which a tick was sent that has not been read yet. */
  tickedAt: number | undefined;

  constructor(
    readonly partition: number,
    private readonly around: PartitionSurroundings,
  ) {}

  /** Forgets everything and reads the cursor. */
  async open(log: LogIdentity): Promise<Cursor> {
    await this.forget();
    const { store, reader, relay } = this.around;
    try {
      const cursor = await store.open(this.partition, log);
      this.wakeAt = await reader.nextWake(this.partition);
      this.quarantined ??= (await this.around.quarantined?.(cursor, log)) ?? new Map<number, SetAside>();
      relay.committed(cursor.nextSeq);
      const check = await this.around.signatures?.(log);
      this.opened = this.openAt(cursor, this.quarantined, check, await store.salts());
      await this.opened.searches.resume(cursor.nextSeq);
      return cursor;
    } catch (error) {
      throw error instanceof ForeignLog || error instanceof BrokenChain ? new Halt(error.message) : error;
    }
  }

  private openAt(
    cursor: Cursor,
    quarantined: Map<number, SetAside>,
    check: SignatureCheck | undefined,
    saltOf: (submissionId: string) => string,
  ): Opened {
    const { around, partition } = this;
    const knowledge = new PartitionKnowledge(around.budget);
    const loader = new KnowledgeLoader(partition, knowledge, around.reader, around.users);
    const knowing = new Knowing(knowledge, loader);
    const deciding = new Deciding(partition, around.partitions, knowledge, knowing, saltOf);
    const committing = new Committing(partition, around, knowledge, quarantined);
    const searches = new UserSearches(partition, around.searching);
    const forgetting = new ForgettingUsers({
      ...{ partition, knowledge, knowing, committing, searches, saltOf },
      reader: around.reader,
      clock: around.clock,
    });
    const firstOffset = cursor.nextOffset;
    return { cursor, quarantined, check, firstOffset, knowledge, knowing, deciding, committing, forgetting, searches };
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
    let records = readFrom(opened.cursor, batch, opened.quarantined, opened.check);
    for (let resumed = false; records.length > 0;) {
      const selected = select(records);
      const behind = (): ReadRecord[] => select(records.slice(selected.length).concat(readAhead(batch)));
      const progress = await this.decideNext(opened, selected, batch, { resumed, behind });
      records = records.slice(progress.done);
      resumed = progress.more;
    }
  }

  private async decideNext(
    opened: Opened,
    records: readonly ReadRecord[],
    batch: RecordBatch,
    { resumed, behind }: { resumed: boolean; behind: () => readonly ReadRecord[] },
  ): Promise<Progress> {
    const { knowing, deciding, committing, knowledge, cursor, firstOffset } = opened;
    const { type } = records[0]!.parsed;
    if (type === 'forget' || type === 'forget-now') {
      opened.cursor = await opened.forgetting.carryOut(records[0]!, cursor, () => this.mustOwn(batch));
      return { done: 1, more: false };
    }
    const isTick = type === 'tick';
    const isCareful = batch.suspect === true || records[0]!.offset === firstOffset;
    // The vouchers to wake are read from Postgres, so everything decided must be written first.
    if (isTick) await committing.settled();
    const wake = await this.toWake(records[0]!);
    const draft = new BatchDraft(this.partition, cursor, this.around.clock(), knowledge);
    await knowing.ofBatch(records, wake, draft, isCareful);
    // Suspect records are delivered one by one, so the next batch would be looked up a thousand times.
    if (!batch.suspect) await knowing.ahead(behind);
    const progress = await deciding.records(records, { draft, resumed, wake });
    this.mustOwn(batch);
    opened.cursor = await committing.draft(draft);
    this.wakeAt = earlier(this.wakeAt, draft.wakeAt);
    if (isTick) {
      await committing.settled();
      if (!progress.more) await this.ticked();
    }
    return progress;
  }

  private mustOwn(batch: RecordBatch): void {
    if (batch.isLost()) throw new NotOwned(`partition ${this.partition} was lost`);
  }

  /**
   * Takes the cursor's epoch in Postgres. If a rebuild has moved it, the next write will notice. An idle partition is
   * woken, so that a tick causes a write.
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
    opened?.searches.stop();
    await opened?.committing.settled().catch(() => undefined);
    opened?.knowledge.drop();
  }

  private toWake({ parsed, brokerTime }: ReadRecord): Promise<string[]> {
    if (parsed.type !== 'tick') return Promise.resolve([]);
    return this.around.reader.toWake(this.partition, tickOf(parsed, brokerTime).at, WOKEN_AT_ONCE);
  }

  /** Reads the next wake time after a tick is done. */
  private async ticked(): Promise<void> {
    this.wakeAt = await this.around.reader.nextWake(this.partition);
    this.tickedAt = undefined;
  }
}

const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);
