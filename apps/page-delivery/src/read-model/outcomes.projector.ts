// Keeps the read model: the replicas share the partitions of the outcomes, and each batch is written with its position.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  consumeBatches,
  handleInSpans,
  offsetRanges,
  type Consumption,
  type OffsetRange,
  type RecordBatch,
} from '@vouchers/messaging';
import { AskedGauge, Database, Readiness, showConsumption, skipOrders } from '@vouchers/service';
import { LedgerClient } from '../ledger/ledger.client.ts';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { PageDeliverySettings } from '../settings.ts';
import { ProjectedPartition, type Surroundings } from './projected.partition.ts';
import type { ReadPosition } from './projection.statement.ts';
import { ReadModel } from './read-model.ts';

const MAX_RECORDS = 1_000;
/** While one batch is written the next is read from its bytes; more at once only takes memory. */
const LANES = 2;
const FETCH_BYTES = 512 * 1_024;
/**
 * A partition that keeps up is written at most so often: small batches are what costs. A reader waits so much longer.
 */
const REST_MS = 50;

const positionOf = new AskedGauge('page_delivery_read_model_seq', 'The last event that the read model has', [
  'partition',
]);

/** A write to the projector's table. If it succeeds, a failure at the same time is a record's own fault. */
const PROBE = {
  name: 'probe',
  text: 'UPDATE positions SET partition = partition WHERE partition = (SELECT min(partition) FROM positions)',
};

@Injectable()
export class OutcomesProjector implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly partitions = new Map<number, ProjectedPartition>();
  private readonly lanes: Promise<void>[] = Array.from({ length: LANES }, () => Promise.resolve());
  private readonly around: Surroundings;
  private readonly skip: ReturnType<typeof skipOrders>;
  private consumption?: Consumption;
  private ranges?: Promise<OffsetRange[]>;

  constructor(
    private readonly platform: PlatformKafka,
    private readonly settings: PageDeliverySettings,
    private readonly database: Database,
    private readonly readModel: ReadModel,
    ledger: LedgerClient,
    readiness: Readiness,
  ) {
    const { kafka, logger } = platform;
    this.skip = skipOrders(async <Row>(text: string, values?: unknown[]) => {
      return (await readModel.rows({ name: 'skip-orders', text }, values)) as Row[];
    });
    this.around = { kafka, logger, topic: settings.topics.outcomes, readModel, ledger };
    showConsumption('projector', () => this.consumption);
    positionOf.ask(() => [...this.partitions].map(([partition, { position }]) => [{ partition }, position.seq - 1]));
    readiness.add('projector', () => {
      if (!this.consumption) throw new Error('not yet started');
      this.mustFollow();
      if (!this.consumption.healthy()) throw new Error('outcomes are not followed');
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
          signal: this.platform.signal,
          maxRecords: MAX_RECORDS,
          maxBytesPerPartition: FETCH_BYTES,
          restMs: REST_MS,
          startAt: (_topic, partition) => this.startOf(partition),
          // What the topic no longer keeps is asked of the ledger: seq tells what is missing.
          outOfRange: 'earliest',
          skip: this.skip,
          probe: async () => void (await this.readModel.project(PROBE, [])),
          onRevoked: (partitions) => partitions.forEach(({ partition }) => this.partitions.delete(partition)),
        },
        (batch) => handleInSpans('project', batch, () => this.inTurn(batch)),
      ),
    );
  }

  /** Throws if a partition is not followed and will not be, since requests would wait for it in vain. */
  mustFollow(): void {
    const { halted, stuck } = this.consumption!.status();
    const faults = [
      ...halted.map(({ partition, reason }) => `partition ${partition}: ${reason}`),
      ...stuck.map(({ partition, offset, reason }) => `record ${partition}:${offset} waits for an operator: ${reason}`),
    ];
    if (faults.length > 0) throw new Error(faults.join('; '));
  }

  /** For a rebuild, with the consumption stopped: reads the partition up to another projector's position. */
  async catchUp(partition: number, until: ReadPosition): Promise<void> {
    await (await this.begin(partition)).catchUp(until);
  }

  private async startOf(partition: number): Promise<bigint> {
    const begun = await this.begin(partition);
    const { low, high } = (await this.currentRanges())[partition]!;
    // Kafka has no record of the partition any more, so no record will show that events are missing.
    if (low === high && begun.position.offset < Number(high)) await begun.fillToEnd(Number(high));
    return BigInt(begun.position.offset);
  }

  /** Partitions that begin together share one query. */
  private currentRanges(): Promise<OffsetRange[]> {
    const { kafka, topic } = this.around;
    this.ranges ??= offsetRanges(kafka, [topic])
      .then((ranges) => ranges.get(topic)!)
      .finally(() => (this.ranges = undefined));
    return this.ranges;
  }

  private async begin(partition: number): Promise<ProjectedPartition> {
    const begun = await ProjectedPartition.begin(this.around, partition);
    this.partitions.set(partition, begun);
    return begun;
  }

  private async inTurn(batch: RecordBatch): Promise<void> {
    const lane = batch.partition % LANES;
    const turn = this.lanes[lane]!.then(() => this.handle(batch));
    this.lanes[lane] = turn.catch(() => undefined);
    await turn;
  }

  private async handle(batch: RecordBatch): Promise<void> {
    const { partition, aside } = batch;
    const own = this.partitions.get(partition) ?? (await this.begin(partition));
    try {
      await (aside ? own.setAside(batch, aside) : own.project(batch));
    } catch (error) {
      this.partitions.delete(partition);
      throw error;
    }
  }
}
