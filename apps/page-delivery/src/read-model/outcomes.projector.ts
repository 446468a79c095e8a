// Keeps the read model: the replicas share the partitions of the outcomes, and each batch is written with its position.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  consumeBatches,
  Halt,
  handleInSpans,
  topicIdentity,
  type Consumption,
  type RecordBatch,
} from '@vouchers/messaging';
import { AskedGauge, Database, metrics, Readiness, showConsumption } from '@vouchers/service';
import type { VoucherState } from '@vouchers/voucher';
import { LRUCache } from 'lru-cache';
import { Counter } from 'prom-client';
import { LedgerClient } from '../ledger/ledger.client.ts';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { PageDeliverySettings } from '../settings.ts';
import { outcomeOf, outcomeOfRow, placeOf, type Outcome } from './outcome.ts';
import { Projection } from './projection.ts';
import { writeProjection, type ReadPosition } from './projection.statement.ts';
import { ReadModel } from './read-model.ts';

const MAX_RECORDS = 1_000;
/** While one batch is written the next is read from its bytes; more at once only takes memory. */
const LANES = 2;
const FETCH_BYTES = 512 * 1_024;
/** States remembered a partition; others are read again when an event needs them. */
const REMEMBERED_STATES = 5_000;
const ROWS_AT_ONCE = 200;
/** A partition that keeps up is written at most so often: small batches are what costs. A reader waits so much longer. */
const REST_MS = 50;

const positionOf = new AskedGauge('page_delivery_read_model_seq', 'The last event that the read model has', [
  'partition',
]);
const holes = new Counter({
  name: 'page_delivery_filled_holes_total',
  help: 'Times that the topic lacked events, and the ledger was asked for them',
  registers: [metrics],
});

/** What is known of a partition while this process owns it. Dropped on any failure, and read anew. */
interface Reading {
  position: ReadPosition;
  states: LRUCache<string, VoucherState>;
}

const BEGIN = {
  name: 'begin',
  text: `INSERT INTO positions VALUES ($1, $2, $3, 0, 1)
    ON CONFLICT (partition) DO UPDATE SET partition = excluded.partition
    RETURNING cluster_id, topic_id, next_offset::float8 AS next_offset, next_seq::float8 AS next_seq`,
};
const STATES = {
  name: 'states-of-projector',
  text: `SELECT v.voucher_id, v.state, d.definition FROM vouchers v JOIN definitions_in_force d USING (voucher_id)
    WHERE v.voucher_id = ANY ($1::uuid[])`,
};

@Injectable()
export class OutcomesProjector implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly readings = new Map<number, Reading>();
  private readonly lanes: Promise<void>[] = Array.from({ length: LANES }, () => Promise.resolve());
  private consumption?: Consumption;

  constructor(
    private readonly platform: PlatformKafka,
    private readonly settings: PageDeliverySettings,
    private readonly database: Database,
    private readonly readModel: ReadModel,
    private readonly ledger: LedgerClient,
    readiness: Readiness,
  ) {
    showConsumption('projector', () => this.consumption);
    positionOf.ask(() => [...this.readings].map(([partition, { position }]) => [{ partition }, position.seq - 1]));
    readiness.add('projector', () => {
      const status = this.consumption?.status();
      if (!status) throw new Error('not yet started');
      if (status.halted.length > 0)
        throw new Error(status.halted.map(({ partition, reason }) => `partition ${partition}: ${reason}`).join('; '));
      if (!this.consumption!.healthy()) throw new Error('outcomes are not followed');
    });
  }

  onApplicationBootstrap(): void {
    void this.follow(this.settings.group('projector')).catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.consumption?.stop();
  }

  /** Resolves when the group is joined. */
  async follow(groupId: string): Promise<void> {
    await Promise.all([this.platform.whenReady(), this.database.whenReady()]);
    this.consumption = await this.platform.untilDone('outcomes to project', () =>
      consumeBatches(
        this.platform.kafka,
        {
          groupId,
          topics: [this.settings.topics.outcomes],
          maxRecords: MAX_RECORDS,
          maxBytesPerPartition: FETCH_BYTES,
          restMs: REST_MS,
          startAt: async (_topic, partition) => BigInt((await this.begin(partition)).position.offset),
          // What the topic no longer keeps is asked of the ledger: seq tells what is missing.
          outOfRange: 'earliest',
          onRevoked: (partitions) => partitions.forEach(({ partition }) => this.readings.delete(partition)),
        },
        (batch) => handleInSpans('project', batch, () => this.inTurn(batch)),
      ),
    );
  }

  /** @throws Halt where the read model was made from another topic. */
  private async begin(partition: number): Promise<Reading> {
    const { clusterId, topicId } = await topicIdentity(this.platform.kafka, this.settings.topics.outcomes);
    const [row] = await this.readModel.rows<{
      cluster_id: string;
      topic_id: string;
      next_offset: number;
      next_seq: number;
    }>(BEGIN, [partition, clusterId, topicId]);
    if (row!.cluster_id !== clusterId || row!.topic_id !== topicId) {
      throw new Halt(`the read model was made from another topic (${row!.cluster_id}/${row!.topic_id}): rebuild it`);
    }
    const reading = {
      position: { offset: row!.next_offset, seq: row!.next_seq },
      states: new LRUCache<string, VoucherState>({ max: REMEMBERED_STATES }),
    };
    this.readings.set(partition, reading);
    return reading;
  }

  private async inTurn(batch: RecordBatch): Promise<void> {
    const lane = batch.partition % LANES;
    const turn = this.lanes[lane]!.then(() => this.handle(batch));
    this.lanes[lane] = turn.catch(() => undefined);
    await turn;
  }

  private async handle(batch: RecordBatch): Promise<void> {
    const { partition } = batch;
    const reading = this.readings.get(partition) ?? (await this.begin(partition));
    try {
      while (!(await this.project(batch, reading)));
    } catch (error) {
      this.readings.delete(partition);
      throw error;
    }
  }

  /** Writes what the batch adds to the read model; false when a hole was too large for one transaction. */
  private async project(batch: RecordBatch, reading: Reading): Promise<boolean> {
    const { partition, records } = batch;
    const { outcomes, whole } = await this.missing(batch, reading.position);
    await this.write(partition, reading, outcomes, {
      offset: whole ? Math.max(reading.position.offset, Number(records.at(-1)!.offset) + 1) : reading.position.offset,
      seq: outcomes.length > 0 ? outcomes.at(-1)!.seq + 1 : reading.position.seq,
    });
    return whole;
  }

  /** For a rebuild, with the consumption stopped: brings the partition to where another projector has it. */
  async catchUp(partition: number, until: ReadPosition): Promise<void> {
    const reading = await this.begin(partition);
    while (reading.position.seq < until.seq) {
      const outcomes = await this.fill(partition, reading.position.seq, until.seq);
      await this.write(partition, reading, outcomes, { ...reading.position, seq: outcomes.at(-1)!.seq + 1 });
    }
    await this.write(partition, reading, [], {
      ...reading.position,
      offset: Math.max(reading.position.offset, until.offset),
    });
  }

  private async write(partition: number, reading: Reading, outcomes: Outcome[], to: ReadPosition): Promise<void> {
    const projection = new Projection(await this.statesOf(outcomes, reading));
    for (const outcome of outcomes) projection.add(outcome);
    if (!(await writeProjection(this.readModel, partition, reading.position, to, projection))) {
      throw new Error(`partition ${partition} of the outcomes is projected by another process`);
    }
    reading.position = to;
    for (const [id, state] of projection.vouchers) reading.states.set(id, state);
  }

  /** What the read model lacks, in order and without a hole: what it has is dropped, what the topic lacks is asked of the ledger. */
  private async missing(
    { partition, records }: RecordBatch,
    position: ReadPosition,
  ): Promise<{ outcomes: Outcome[]; whole: boolean }> {
    const outcomes: Outcome[] = [];
    let next = position.seq;
    for (const record of records) {
      const { seq } = placeOf(record);
      if (seq < next) continue;
      for (; next < seq; next = outcomes.at(-1)!.seq + 1) {
        if (outcomes.length >= MAX_RECORDS) return { outcomes, whole: false };
        outcomes.push(...(await this.fill(partition, next, seq)));
      }
      outcomes.push(outcomeOf(record));
      next = seq + 1;
    }
    return { outcomes, whole: true };
  }

  private async fill(partition: number, from: number, until: number): Promise<Outcome[]> {
    holes.inc();
    const rows = await this.ledger.events(partition, from - 1, Math.min(until - from, ROWS_AT_ONCE));
    if (rows.length === 0 || rows.some(({ seq }, index) => seq !== from + index)) {
      throw new Error(
        `events ${from} to ${until - 1} of partition ${partition} are missing, and the ledger does not have them`,
      );
    }
    return rows.map(outcomeOfRow);
  }

  private async statesOf(outcomes: Outcome[], { states }: Reading): Promise<Map<string, VoucherState>> {
    const ids = [...new Set(outcomes.map(({ voucherId }) => voucherId))];
    const before = new Map<string, VoucherState>();
    for (const id of ids) {
      const state = states.get(id);
      if (state) before.set(id, state);
    }
    const unknown = ids.filter((id) => !before.has(id));
    if (unknown.length === 0) return before;
    const rows = await this.readModel.rows<{
      voucher_id: string;
      state: Omit<VoucherState, 'definition'>;
      definition: VoucherState['definition'];
    }>(STATES, [unknown]);
    for (const { voucher_id, state, definition } of rows) before.set(voucher_id, { ...state, definition });
    return before;
  }
}
