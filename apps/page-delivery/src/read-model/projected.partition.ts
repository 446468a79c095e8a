// One partition of the outcomes as its owner projects it. Each write moves its position in the same transaction. On any
// failure it is dropped and starts again from the stored position.
import {
  faultOf,
  Halt,
  topicIdentity,
  type Aside,
  type IncomingRecord,
  type Kafka,
  type Logger,
  type RecordBatch,
} from '@vouchers/messaging';
import { metrics, MOST_PARKED, reasonOf, unreadableRecord } from '@vouchers/service';
import { storedState, type VoucherState } from '@vouchers/voucher';
import { LRUCache } from 'lru-cache';
import { Counter } from 'prom-client';
import type { LedgerClient } from '../ledger/ledger.client.ts';
import { outcomeOf, outcomeOfRow, placeOf, type Outcome } from './outcome.ts';
import { Projection } from './projection.ts';
import { writeProjection, type Fence, type Parking, type ReadPosition } from './projection.statement.ts';
import type { ReadModel } from './read-model.ts';

/** Events per transaction when a hole is filled. */
const MOST_AT_ONCE = 1_000;
const ROWS_AT_ONCE = 200;
/** States kept in memory. Others are read again when an event needs them. */
const REMEMBERED_STATES = 5_000;

const holes = new Counter({
  name: 'page_delivery_filled_holes_total',
  help: 'Times that the topic lacked events, and the ledger was asked for them',
  registers: [metrics],
});

const BEGIN = {
  name: 'begin',
  text: `INSERT INTO positions VALUES ($1, $2, $3, 0, 1)
    ON CONFLICT (partition) DO UPDATE SET partition = excluded.partition
    RETURNING cluster_id, topic_id, next_offset::float8 AS next_offset, next_seq::float8 AS next_seq, revision`,
};
const PARKED = { name: 'parked-of', text: 'SELECT voucher_id FROM parked_vouchers WHERE partition = $1' };
const STATES = {
  name: 'states-of-projector',
  text: `SELECT v.voucher_id, v.state, d.definition FROM vouchers v JOIN definitions_in_force d USING (voucher_id)
    WHERE v.voucher_id = ANY ($1::uuid[])`,
};

/** The services of its process that a partition uses. */
export interface Surroundings {
  kafka: Kafka;
  topic: string;
  logger: Logger;
  readModel: ReadModel;
  ledger: LedgerClient;
}

/** Outcomes of a batch, in order and without a hole. Not `whole`: the hole was too large for one transaction. */
interface Missing {
  outcomes: Outcome[];
  unreadable: IncomingRecord[];
  whole: boolean;
}

/** The topic lacks events that the ledger does not have either, or a record names events that never existed. */
class NotInLedger extends Error {}

/** Nothing was written, and this process's memory of the partition is void. That is no record's fault. */
class Fenced extends Error {
  readonly fault = 'world';
}

export class ProjectedPartition {
  private readonly states = new LRUCache<string, VoucherState>({ max: REMEMBERED_STATES });

  private constructor(
    private readonly around: Surroundings,
    private readonly partition: number,
    private at: Fence,
    /** Parked vouchers. Their events are left out until a retry has read them from the ledger. */
    private readonly parked: Set<string>,
  ) {}

  /** @throws Halt where the read model was made from another topic. */
  static async begin(around: Surroundings, partition: number): Promise<ProjectedPartition> {
    const { readModel, kafka, topic } = around;
    const { clusterId, topicId } = await topicIdentity(kafka, topic);
    const [row] = await readModel.rows<{
      cluster_id: string;
      topic_id: string;
      next_offset: number;
      next_seq: number;
      revision: number;
    }>(BEGIN, [partition, clusterId, topicId]);
    if (row!.cluster_id !== clusterId || row!.topic_id !== topicId)
      throw new Halt(`the read model was made from another topic (${row!.cluster_id}/${row!.topic_id}): rebuild it`);
    // Read after the revision, so that a retry that ends in between makes the fence fail.
    const parked = await readModel.rows<{ voucher_id: string }>(PARKED, [partition]);
    const position = { offset: row!.next_offset, seq: row!.next_seq, revision: row!.revision };
    return new ProjectedPartition(around, partition, position, new Set(parked.map(({ voucher_id }) => voucher_id)));
  }

  get position(): ReadPosition {
    return this.at;
  }

  /** Writes the rows that the batch adds. */
  async project(batch: RecordBatch): Promise<void> {
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
   * The batch's one record fails alone, by its own fault. Its voucher is parked. If the record only follows missing
   * events and one of those fails, that event's voucher is parked, too. A record that is unknown to the ledger is
   * passed over.
   */
  async setAside(batch: RecordBatch, { reason }: Aside): Promise<void> {
    const [record] = batch.records;
    const seq = outcomeOf(record!, this.partition)?.seq;
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

  /** Reads the ledger's events that are not projected yet, and continues at that offset. */
  async fillToEnd(offset: number): Promise<void> {
    for (;;) {
      const rows = await this.around.ledger.events(this.partition, this.at.seq - 1, ROWS_AT_ONCE);
      if (rows.length === 0) break;
      holes.inc();
      await this.writeOrPark(rows.map(outcomeOfRow));
    }
    await this.write([], { offset, seq: this.at.seq });
  }

  /** For a rebuild: reads up to another projector's position. */
  async catchUp(until: ReadPosition): Promise<void> {
    while (this.at.seq < until.seq) await this.writeOrPark(await this.fill(this.at.seq, until.seq));
    await this.write([], { offset: Math.max(this.at.offset, until.offset), seq: this.at.seq });
  }

  /** Drops outcomes that the read model has, and reads missing ones from the ledger. */
  private async missing({ records }: RecordBatch): Promise<Missing> {
    const outcomes: Outcome[] = [];
    const unreadable: IncomingRecord[] = [];
    let next = this.at.seq;
    for (const record of records) {
      const place = placeOf(record, this.partition);
      if (place && place.seq < next) continue;
      const outcome = place && outcomeOf(record, this.partition);
      if (!outcome) {
        unreadable.push(record);
        continue;
      }
      for (; next < outcome.seq; next = outcomes.at(-1)!.seq + 1) {
        if (outcomes.length >= MOST_AT_ONCE) return { outcomes, unreadable: [], whole: false };
        outcomes.push(...(await this.fill(next, outcome.seq)));
      }
      outcomes.push(outcome);
      next = outcome.seq + 1;
    }
    return { outcomes, unreadable, whole: true };
  }

  private async fill(from: number, until: number): Promise<Outcome[]> {
    holes.inc();
    const rows = await this.around.ledger.events(this.partition, from - 1, Math.min(until - from, ROWS_AT_ONCE));
    if (rows.length === 0 || rows.some(({ seq }, index) => seq !== from + index)) {
      throw new NotInLedger(
        `events ${from} to ${until - 1} of partition ${this.partition} are missing, and the ledger does not have them`,
      );
    }
    return rows.map(outcomeOfRow);
  }

  private async writeOrPark(outcomes: Outcome[]): Promise<void> {
    try {
      await this.write(outcomes, { ...this.at, seq: outcomes.at(-1)!.seq + 1 });
    } catch (error) {
      if (faultOf(error) === 'world') throw error;
      await this.writeOneByOne(outcomes);
    }
  }

  private async writeOneByOne(outcomes: Outcome[]): Promise<void> {
    for (const outcome of outcomes)
      try {
        await this.write([outcome], { ...this.at, seq: outcome.seq + 1 });
      } catch (error) {
        if (faultOf(error) === 'world') throw error;
        await this.park(outcome, reasonOf(error));
      }
  }

  /** Parks the voucher: it is left out from this event on. */
  private async park({ voucherId, seq }: Outcome, reason: string): Promise<void> {
    if (this.parked.size >= MOST_PARKED)
      throw new Halt(`${MOST_PARKED} vouchers of the partition are parked: that is no fault of theirs`);
    const parking = { voucherId, seq, reason: reasonOf(reason) };
    await this.write([], { ...this.at, seq: seq + 1 }, [parking]);
    this.parked.add(voucherId);
    this.states.delete(voucherId);
    this.around.logger.error({ partition: this.partition, ...parking }, 'voucher parked: it cannot be projected');
  }

  private async write(outcomes: Outcome[], to: ReadPosition, parked: Parking[] = []): Promise<void> {
    const followed = outcomes.filter(({ voucherId }) => !this.parked.has(voucherId));
    const projection = new Projection(await this.statesOf(followed));
    for (const outcome of followed) projection.add(outcome);
    if (!(await writeProjection(this.around.readModel, this.partition, this.at, to, projection, parked)))
      throw new Fenced(`partition ${this.partition} is projected by another process, or was mended by an operator`);
    const { offset, seq } = to;
    this.at = { offset, seq, revision: this.at.revision };
    for (const [id, state] of projection.vouchers) this.states.set(id, state);
  }

  private async statesOf(outcomes: Outcome[]): Promise<Map<string, VoucherState>> {
    const ids = [...new Set(outcomes.map(({ voucherId }) => voucherId))];
    const before = new Map<string, VoucherState>();
    for (const id of ids) {
      const state = this.states.get(id);
      if (state) before.set(id, state);
    }
    const unknown = ids.filter((id) => !before.has(id));
    if (unknown.length === 0) return before;
    const rows = await this.around.readModel.rows<{
      voucher_id: string;
      state: Omit<VoucherState, 'definition'>;
      definition: VoucherState['definition'];
    }>(STATES, [unknown]);
    for (const { voucher_id, state, definition } of rows) before.set(voucher_id, storedState({ ...state, definition }));
    return before;
  }

  /** The offset after a batch, but never before the partition's position. */
  private after({ records }: RecordBatch): number {
    return Math.max(this.at.offset, Number(records.at(-1)!.offset) + 1);
  }

  private tell({ topic, partition }: RecordBatch, offset: bigint, why: string): void {
    unreadableRecord('projector', this.around.logger, { topic, partition, offset }, why);
  }
}
