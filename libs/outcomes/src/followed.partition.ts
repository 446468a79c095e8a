// One partition of the outcomes as its owner follows it. Each write moves its position in the same transaction. On any
// failure it is dropped and starts again from the stored position.
import {
  failureCauseOf,
  Halt,
  type Aside,
  type IncomingRecord,
  type Logger,
  type RecordBatch,
  type TopicIdentity,
} from '@vouchers/messaging';
import { USER_FORGOTTEN } from '@vouchers/contracts';
import { unreadableRecord, type LedgerApi } from '@vouchers/service';
import type { FencedTables, Fence, Parking, ReadPosition } from './fenced.tables.ts';
import { eventPositionOf, type OutcomeHead } from './outcome.ts';
import type { AskStatement } from './outcomes.database.ts';
import { MOST_PARKED, reasonOf } from './parked/parked.tables.ts';
import type { Projection, RowsMaker } from './projection.ts';

/** Events per transaction when a hole is filled. */
const MOST_AT_ONCE = 1_000;
const ROWS_AT_ONCE = 200;

/** A follower, as its partitions know it. */
export interface FollowedBy<O extends OutcomeHead> {
  /** The follower's name in metrics, logs and the ready answer. */
  name: string;
  logger: Logger;
  projection: Projection<O>;
  /** Asked for events that the topic lacks. Without it a partition that lacks events halts. */
  ledger?: LedgerApi;
  /** Told each time that the ledger is asked. */
  onHole?: () => void;
}

/** A follower that runs. The partitions of a process share it. */
export interface RunningFollower<O extends OutcomeHead> extends FollowedBy<O> {
  /** Asks which topic is followed. */
  identity: () => Promise<TopicIdentity>;
  ask: AskStatement;
  tables: Pick<FencedTables, 'begin' | 'write'>;
}

/**
 * Outcomes of a batch that the tables lack, in order and without a hole. `whole` is false if a hole is too large for
 * one transaction.
 */
interface Missing<O> {
  outcomes: O[];
  unreadable: IncomingRecord[];
  whole: boolean;
}

/** The topic lacks events that the ledger does not have either, or a record names events that never existed. */
class NotInLedger extends Error {}

/** Nothing was written, and this process's memory of the partition is void. No record is the cause. */
class Fenced extends Error {
  readonly failureCause = 'infrastructure';
}

export class FollowedPartition<O extends OutcomeHead> {
  private readonly maker: RowsMaker<O>;

  private constructor(
    private readonly follower: RunningFollower<O>,
    private readonly partition: number,
    private at: Fence,
    /** Parked vouchers. Their events are left out until a retry has read them from the ledger. */
    private readonly parked: Set<string>,
  ) {
    this.maker = follower.projection.begin(follower.ask);
  }

  /** @throws Halt if the tables were made from another topic */
  static async begin<O extends OutcomeHead>(
    follower: RunningFollower<O>,
    partition: number,
  ): Promise<FollowedPartition<O>> {
    const identity = await follower.identity();
    const { clusterId, topicId, fence, parked } = await follower.tables.begin(partition, identity, firstSeq(follower));
    if (clusterId !== identity.clusterId || topicId !== identity.topicId)
      throw new Halt(`the tables were made from another topic (${clusterId}/${topicId}): rebuild them`);
    return new FollowedPartition(follower, partition, fence, new Set(parked));
  }

  get position(): ReadPosition {
    return this.at;
  }

  /** Writes the rows that the batch adds. */
  async follow(batch: RecordBatch): Promise<void> {
    for (let whole = false; !whole;) {
      const missing = await this.missing(batch);
      ({ whole } = missing);
      const { outcomes, unreadable } = missing;
      await this.write(outcomes, {
        offset: whole ? this.after(batch) : this.at.offset,
        seq: outcomes.length > 0 ? outcomes.at(-1)!.seq + 1 : this.at.seq,
      });
      for (const { offset } of unreadable) this.tell(batch, offset, 'it is no event of the ledger');
    }
  }

  /**
   * Parks the voucher of the batch's one record, which fails alone. If events are missing before it and one of them
   * fails, that event's voucher is parked, too. A record that the ledger does not know is passed over.
   */
  async setAside(batch: RecordBatch, { reason }: Aside): Promise<void> {
    const [record] = batch.records;
    const seq = eventPositionOf(record!, this.partition)?.seq;
    try {
      for (let whole = false; !whole;) {
        const { outcomes, whole: all } = await this.missing(batch);
        whole = all;
        if (outcomes.length === 1 && outcomes[0]!.seq === seq) await this.park(outcomes[0]!, reason);
        else await this.writeOneByOne(outcomes);
      }
    } catch (error) {
      if (!(error instanceof NotInLedger)) throw error;
      this.tell(batch, record!.offset, error.message);
    }
    await this.write([], { offset: this.after(batch), seq: this.at.seq });
  }

  /** Reads the ledger's events that are not followed yet, and continues at that offset. */
  async fillToEnd(ledger: LedgerApi, offset: number): Promise<void> {
    for (;;) {
      const rows = await ledger.events(this.partition, this.nextSeq - 1, ROWS_AT_ONCE);
      if (rows.length === 0) break;
      this.follower.onHole?.();
      await this.writeOrPark(rows.map((row) => this.follower.projection.readRow(row)));
    }
    await this.write([], { offset, seq: this.at.seq });
  }

  /** For a rebuild: reads up to another follower's position. */
  async catchUp(until: ReadPosition): Promise<void> {
    while (this.at.seq < until.seq) await this.writeOrPark(await this.fill(this.nextSeq, until.seq));
    await this.write([], { offset: Math.max(this.at.offset, until.offset), seq: this.at.seq });
  }

  /** The seq of the next event. 0 means that the partition begins with the first record that comes. */
  private get nextSeq(): number {
    return this.at.seq || firstSeq(this.follower);
  }

  /** Drops outcomes that the tables have, and reads missing ones from the ledger. */
  private async missing({ records }: RecordBatch): Promise<Missing<O>> {
    const outcomes: O[] = [];
    const unreadable: IncomingRecord[] = [];
    let next = this.nextSeq;
    for (const record of records) {
      const position = eventPositionOf(record, this.partition);
      if (position && position.seq < next) continue;
      const outcome = position && this.follower.projection.read(record, position);
      if (!outcome) {
        unreadable.push(record);
        continue;
      }
      if (next === 0) next = outcome.seq;
      for (; next < outcome.seq; next = outcomes.at(-1)!.seq + 1) {
        if (outcomes.length >= MOST_AT_ONCE) return { outcomes, unreadable: [], whole: false };
        outcomes.push(...(await this.fill(next, outcome.seq)));
      }
      outcomes.push(outcome);
      next = outcome.seq + 1;
    }
    return { outcomes, unreadable, whole: true };
  }

  private async fill(from: number, until: number): Promise<O[]> {
    const { ledger, projection, onHole } = this.follower;
    const lack = `partition ${this.partition} lacks the events from ${from} to ${until - 1}`;
    if (!ledger) throw new Halt(`${lack}, and without OIDC_CLIENT_SECRET the ledger cannot be asked for them`);
    onHole?.();
    const rows = await ledger.events(this.partition, from - 1, Math.min(until - from, ROWS_AT_ONCE));
    if (rows.length === 0 || rows.some(({ seq }, index) => seq !== from + index))
      throw new NotInLedger(`${lack}, and the ledger does not have them`);
    return rows.map((row) => projection.readRow(row));
  }

  private async writeOrPark(outcomes: O[]): Promise<void> {
    try {
      await this.write(outcomes, { ...this.at, seq: outcomes.at(-1)!.seq + 1 });
    } catch (error) {
      if (failureCauseOf(error) === 'infrastructure') throw error;
      await this.writeOneByOne(outcomes);
    }
  }

  private async writeOneByOne(outcomes: O[]): Promise<void> {
    for (const outcome of outcomes)
      try {
        await this.write([outcome], { ...this.at, seq: outcome.seq + 1 });
      } catch (error) {
        if (failureCauseOf(error) === 'infrastructure') throw error;
        await this.park(outcome, reasonOf(error));
      }
  }

  /** Parks the voucher: it is left out from this event on. */
  private async park({ voucherId, seq }: O, reason: string): Promise<void> {
    if (this.parked.size >= MOST_PARKED)
      throw new Halt(`${MOST_PARKED} vouchers of the partition are parked: that is no fault of theirs`);
    const parking = { voucherId, seq, reason: reasonOf(reason) };
    await this.write([], { ...this.at, seq: seq + 1 }, [parking]);
    this.parked.add(voucherId);
    this.maker.forget?.(voucherId);
    this.follower.logger.error({ partition: this.partition, ...parking }, 'voucher parked: it cannot be followed');
  }

  /** A user is forgotten alone, since that changes rows which the events beside it may change, too. */
  private async write(outcomes: O[], to: ReadPosition, parked: Parking[] = []): Promise<void> {
    let rest = outcomes;
    while (rest.length > 1) {
      const at = rest.findIndex(({ type }) => type === USER_FORGOTTEN);
      if (at === -1) break;
      const first = rest.slice(0, at || 1);
      await this.writeTogether(first, { ...this.at, seq: first.at(-1)!.seq + 1 });
      rest = rest.slice(first.length);
    }
    await this.writeTogether(rest, to, parked);
  }

  private async writeTogether(outcomes: O[], to: ReadPosition, parked: Parking[] = []): Promise<void> {
    const followed =
      this.parked.size === 0 ? outcomes : outcomes.filter(({ voucherId }) => !this.parked.has(voucherId));
    const rows = await this.maker.rowsOf(followed);
    if (!(await this.follower.tables.write(this.partition, this.at, to, rows, parked)))
      throw new Fenced(`partition ${this.partition} is followed by another process, or was mended by an operator`);
    const [first] = outcomes;
    if (first?.type === USER_FORGOTTEN && !first.forgotten) this.tellUnforgotten(first);
    const { offset, seq } = to;
    this.at = { offset, seq, revision: this.at.revision };
    rows.written?.();
  }

  /** A partition that reads all events from the ledger has no rows of before. */
  private tellUnforgotten({ seq }: O): void {
    if (this.at.offset === 0) return;
    const { logger, name } = this.follower;
    logger.error({ partition: this.partition, seq, follower: name }, 'Kafka no longer tells whom to forget: rebuild');
  }

  /** The offset after a batch, but never before the partition's position. */
  private after({ records }: RecordBatch): number {
    return Math.max(this.at.offset, Number(records.at(-1)!.offset) + 1);
  }

  private tell({ topic, partition }: RecordBatch, offset: bigint, why: string): void {
    unreadableRecord(this.follower.name, this.follower.logger, { topic, partition, offset }, why);
  }
}

/** Without the ledger, a partition of which nothing is stored begins with the first record that its topic has. */
function firstSeq({ ledger }: { ledger?: LedgerApi }): number {
  return ledger ? 1 : 0;
}
