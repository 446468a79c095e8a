// Follows the ledger's outcomes for one service: its replicas share the partitions, and each batch is written with its
// position.
import {
  consumeBatches,
  handleInSpans,
  offsetRanges,
  topicIdentity,
  type Consumption,
  type Kafka,
  type OffsetRange,
  type RecordBatch,
  type TopicIdentity,
} from '@vouchers/messaging';
import { persistently, showConsumption, type Readiness } from '@vouchers/service';
import type { Logger } from 'pino';
import { FencedTables, type ReadPosition } from './fenced.tables.ts';
import { FollowedPartition, type FollowedBy, type RunningFollower } from './followed.partition.ts';
import type { OutcomeHead } from './outcome.ts';
import { OutcomesDatabase } from './outcomes.database.ts';
import { skipOrders } from './parked/follower.operations.ts';

const MAX_RECORDS = 1_000;
/** While one batch is written, the next one is parsed. More at once would only take memory. */
const LANES = 2;
const FETCH_BYTES = 512 * 1_024;

export interface FollowerOptions<O extends OutcomeHead> extends FollowedBy<O> {
  /** The name of its spans. */
  span: string;
  kafka: Kafka;
  logger: Logger;
  topic: string;
  /** The consumer group that the service's replicas share. */
  groupId: string;
  databaseUrl: string;
  /** The schema of unqualified table names, if it is not the default one. */
  schema?: string;
  /**
   * The least time between two batches of a partition that keeps up, because small batches cost most. Readers of the
   * rows wait that much longer. Unit: milliseconds.
   */
  restMs: number;
  /** Resolves when the topic and the tables exist. */
  whenReady: () => Promise<unknown>;
  readiness: Readiness;
}

export class OutcomesFollower<O extends OutcomeHead> {
  private readonly partitions = new Map<number, FollowedPartition<O>>();
  private readonly lanes: Promise<void>[] = Array.from({ length: LANES }, () => Promise.resolve());
  private readonly stopping = new AbortController();
  private readonly database: OutcomesDatabase;
  private readonly tables: FencedTables;
  private readonly running: RunningFollower<O>;
  private consumption?: Consumption;
  private ranges?: Promise<OffsetRange[]>;

  constructor(private readonly options: FollowerOptions<O>) {
    const { name, projection, readiness } = options;
    this.database = new OutcomesDatabase(options.databaseUrl, options.schema);
    const { ask } = this.database;
    this.tables = new FencedTables(ask, projection);
    const identity = (): Promise<TopicIdentity> => topicIdentity(options.kafka, options.topic);
    this.running = { ...options, identity, ask, tables: this.tables };
    showConsumption(name, () => this.consumption);
    readiness.add(name, () => {
      this.mustFollow();
      if (!this.consumption!.healthy()) throw new Error('the outcomes are not followed');
    });
  }

  /** Follows until it is stopped. Kafka and Postgres may come late. */
  start(): void {
    this.follow().catch((error: unknown) => {
      if (!this.stopping.signal.aborted) this.options.logger.error({ err: error }, 'the outcomes cannot be followed');
    });
  }

  /** Resolves when the group is joined. */
  async follow(): Promise<void> {
    const { kafka, logger, topic, groupId, span, restMs, whenReady } = this.options;
    const { signal } = this.stopping;
    await whenReady();
    const join = (): Promise<Consumption> =>
      consumeBatches(
        kafka,
        {
          groupId,
          topics: [topic],
          signal,
          maxRecords: MAX_RECORDS,
          maxBytesPerPartition: FETCH_BYTES,
          restMs,
          startAt: (_topic, partition) => this.startOf(partition),
          // `seq` shows which events the topic no longer keeps, and the ledger is asked for them.
          outOfRange: 'earliest',
          skip: skipOrders(this.database.askText),
          probe: async () => void (await this.database.ask(this.tables.probe)),
          onRevoked: (partitions) => partitions.forEach(({ partition }) => this.partitions.delete(partition)),
        },
        (batch) => handleInSpans(span, batch, () => this.inTurn(batch)),
      );
    this.consumption = await persistently(join, { name: 'the outcomes', logger, signal });
  }

  /** @throws Error if a partition will not be followed until somebody acts, so that nobody waits for it in vain */
  mustFollow(): void {
    if (!this.consumption) throw new Error('not yet started');
    const { halted, stuck } = this.consumption.status();
    const faults = [
      ...halted.map(({ partition, reason }) => `partition ${partition}: ${reason}`),
      ...stuck.map(({ partition, offset, reason }) => `record ${partition}:${offset} waits for an operator: ${reason}`),
    ];
    if (faults.length > 0) throw new Error(faults.join('; '));
  }

  /** The positions of the partitions that this process follows. */
  positions(): [partition: number, position: ReadPosition][] {
    return [...this.partitions].map(([partition, { position }]) => [partition, position]);
  }

  /** For a rebuild, which follows no longer: reads the partition up to another follower's position. */
  async catchUp(partition: number, until: ReadPosition): Promise<void> {
    await (await this.begin(partition)).catchUp(until);
  }

  /** Finishes the batches under way and leaves the group. */
  async leave(): Promise<void> {
    this.stopping.abort(new Error('the follower stops'));
    await this.consumption?.stop();
  }

  async stop(): Promise<void> {
    await this.leave();
    await this.database.end();
  }

  private async startOf(partition: number): Promise<bigint> {
    const begun = await this.begin(partition);
    const { ledger } = this.options;
    const { low, high } = (await this.currentRanges())[partition]!;
    // Kafka has no record of the partition any more, so no record would show that events are missing.
    if (ledger && low === high && begun.position.offset < Number(high)) await begun.fillToEnd(ledger, Number(high));
    return BigInt(begun.position.offset);
  }

  /** Partitions that begin together share one query. */
  private currentRanges(): Promise<OffsetRange[]> {
    const { kafka, topic } = this.options;
    this.ranges ??= offsetRanges(kafka, [topic])
      .then((ranges) => ranges.get(topic)!)
      .finally(() => (this.ranges = undefined));
    return this.ranges;
  }

  private async begin(partition: number): Promise<FollowedPartition<O>> {
    const begun = await FollowedPartition.begin(this.running, partition);
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
      await (aside ? own.setAside(batch, aside) : own.follow(batch));
    } catch (error) {
      this.partitions.delete(partition);
      throw error;
    }
  }
}
