// Consumes batches with kafkajs. Comments that begin with "Trap" name a defect of kafkajs that the code below handles.
import type { Consumer, ConsumerCrashEvent, EachBatchPayload } from 'kafkajs';
import { CancellableDelays } from './cancellable.delays.ts';
import type { Consumption, ConsumptionStatus, ConsumeOptions, TopicPartition } from './consumption.ts';
import type { Kafka } from './kafka.ts';
import { LastingRun } from './lasting.run.ts';
import { Neighbours } from './neighbours.ts';
import { OffsetCommits } from './offset.commits.ts';
import { OwnSockets } from './own.sockets.ts';
import { PartitionLane, type LaneConsumer } from './partition.lane.ts';
import { ReceivedRecord } from './received-record.ts';
import type { BatchHandler } from './record.ts';
import { outsideOf, startingOffsets } from './starting-offsets.ts';
import { offsetRanges } from './topics.ts';

const HEARTBEAT_MS = 2_000;
const SESSION_TIMEOUT_MS = 10_000;
/**
 * The broker holds a fetch this long unless a record arrives. So it delays no record, but bounds the load of an idle
 * process and how long its stop takes. While a partition is paused, the patch of kafkajs uses 250 ms.
 */
const IDLE_FETCH_MS = 1_000;
/** Records that wait in memory, for all partitions together. One fetch may exceed it. */
const WAITING_BYTES = 6 * 1_048_576;
/** The next fetch waits up to this long for handlers, since small batches are expensive. Heartbeats are not delayed. */
const HOLD_FETCH_MS = 20;
/** Under any load, fetches, heartbeats and look-ups are answered earlier. Joining a group has its own limit. */
const REQUEST_TIMEOUT_MS = 8_000;
/** Before a group assigns its partitions again, it waits this long for members that still handle a batch. */
const REBALANCE_TIMEOUT_MS = 20_000;
/** Time to join at the start: other members finish their batches first, and a new Kafka makes a coordinator. */
const JOIN_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/**
 * Delivers batches to the handler: one at a time per partition, partitions in parallel. If the handler throws, its
 * partition starts again from `startAt`; if it throws `Halt`, the partition halts. A record that keeps failing alone is
 * delivered with a mark (`RecordBatch.aside`), so that the records behind it go on (isolation.ts). Resolves when the
 * group is joined and each partition of this member knows its first offset. Later records are all delivered.
 * @throws Error if no broker answers or a topic does not exist.
 */
export async function consumeBatches(
  kafka: Kafka,
  options: ConsumeOptions,
  handler: BatchHandler,
): Promise<Consumption> {
  const consumer = new BatchConsumer(kafka, options, handler);
  await consumer.start();
  return consumer;
}

class BatchConsumer implements Consumption {
  readonly #kafka: Kafka;
  readonly #options: ConsumeOptions;
  readonly #consumer: Consumer;
  readonly #laneConsumer: LaneConsumer;
  readonly #lanes = new Map<string, PartitionLane>();
  /** Batches of lost partitions that are still being handled. If the partition comes back, its next batch waits. */
  readonly #leaving = new Map<string, Promise<void>>();
  readonly #commits: OffsetCommits;
  readonly #run: LastingRun;
  readonly #sockets = new OwnSockets();
  #lastSeen = 0;
  readonly #joined = Promise.withResolvers<void>();
  #hasJoined = false;
  #crashed = false;
  #restarts = 0;
  #stopping: Promise<void> | undefined;
  readonly #end = (): void => void this.stop();
  readonly #fetchDelays = new CancellableDelays();

  constructor(kafka: Kafka, options: ConsumeOptions, handler: BatchHandler) {
    this.#kafka = kafka;
    this.#options = options;
    this.#joined.promise.catch(() => {});
    options.signal?.addEventListener('abort', this.#end);
    const maxBytesPerPartition = options.maxBytesPerPartition ?? 1_048_576;
    const client = kafka.client({ requestTimeout: REQUEST_TIMEOUT_MS, socketFactory: this.#sockets.open });
    this.#consumer = client.consumer({
      groupId: options.groupId,
      sessionTimeout: options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxBytesPerPartition,
      minBytes: 1,
      maxWaitTimeInMs: IDLE_FETCH_MS,
      allowAutoTopicCreation: false,
      // Trap: kafkajs restarts after a failure even if it was told to stop.
      retry: { retries: 5, restartOnFailure: async () => !this.#stopping },
    });
    this.#run = new LastingRun(this.#consumer, (error) => this.#die(error));
    this.#commits = new OffsetCommits((offsets) =>
      this.#consumer.commitOffsets(offsets).catch((error: unknown) => {
        kafka.logger.debug({ err: error, groupId: options.groupId }, 'offsets not committed');
      }),
    );
    this.#laneConsumer = {
      handler,
      logger: kafka.logger,
      maxRecords: options.maxRecords ?? 500,
      maxWaitingBytes: () => WAITING_BYTES / [...this.#lanes.values()].filter((lane) => lane.isWaiting()).length,
      retryMs: options.retryMs ?? 100,
      clock: Date.now,
      neighbours: new Neighbours(options.probe),
      ...(options.skip && { skip: options.skip }),
      startOffset: startingOffsets(kafka, options),
      seek: (topic, partition, offset) =>
        this.#unlessCrashed(() => this.#consumer.seek({ topic, partition, offset: String(offset) })),
      pause: (topic, partition) =>
        this.#unlessCrashed(() => this.#consumer.pause([{ topic, partitions: [partition] }])),
      resume: (topic, partition) =>
        this.#unlessCrashed(() => this.#consumer.resume([{ topic, partitions: [partition] }])),
      handled: (topic, partition, next) => this.#commitSoon(topic, partition, next),
    };
  }

  async start(): Promise<void> {
    const { topics, groupId } = this.#options;
    const { GROUP_JOIN, FETCH, HEARTBEAT, CRASH, REQUEST_TIMEOUT } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, ({ payload }) => this.#assign(payload.memberAssignment));
    this.#consumer.on(FETCH, () => void (this.#lastSeen = Date.now()));
    this.#consumer.on(HEARTBEAT, () => void (this.#lastSeen = Date.now()));
    this.#consumer.on(CRASH, (event) => this.#crash(event));
    // Trap: if the broker vanishes without closing the connection, kafkajs sends requests over it for minutes.
    this.#consumer.on(REQUEST_TIMEOUT, () => this.#sockets.cut(`no answer within ${REQUEST_TIMEOUT_MS} ms`));
    try {
      this.#options.signal?.throwIfAborted();
      const ranges = await offsetRanges(this.#kafka, topics);
      await this.#consumer.connect();
      // Trap: kafkajs resets an offset that is out of range without an error. The beginning at least skips no record.
      await this.#consumer.subscribe({ topics, fromBeginning: true });
      await this.#run.start({
        autoCommit: false,
        eachBatchAutoResolve: false,
        // One worker per partition. With fewer, kafkajs would queue one partition's batch behind another's.
        partitionsConsumedConcurrently: [...ranges.values()].reduce((sum, { length }) => sum + length, 0),
        eachBatch: (payload) => this.#take(payload),
      });
      await this.#untilJoined();
      await Promise.all([...this.#lanes.values()].map(({ begun }) => begun));
      this.#options.signal?.throwIfAborted();
    } catch (error) {
      await this.stop();
      throw new Error(`cannot consume ${topics.join(', ')} as ${groupId}: ${messageOf(error)}`, { cause: error });
    }
  }

  stop(): Promise<void> {
    return (this.#stopping ??= Promise.resolve().then(() => this.#stop()));
  }

  healthy(): boolean {
    const { sessionTimeoutMs = SESSION_TIMEOUT_MS } = this.#options;
    const { joined, crashed, idleMs, halted, stuck } = this.status();
    if (!joined || crashed || this.#stopping) return false;
    return halted.length + stuck.length === 0 && idleMs < sessionTimeoutMs;
  }

  status(): ConsumptionStatus {
    const lanes = [...this.#lanes.values()].map(({ topic, partition, state }) => ({ topic, partition, ...state }));
    return {
      joined: this.#hasJoined,
      crashed: this.#crashed,
      idleMs: Date.now() - this.#lastSeen,
      assigned: lanes.map(({ topic, partition, lag }) => ({ topic, partition, lag })),
      halted: lanes
        .filter(({ halted }) => halted)
        .map(({ topic, partition, reason }) => ({ topic, partition, reason })),
      failing: lanes
        .filter(({ halted, attempts }) => !halted && attempts > 0)
        .map(({ topic, partition, attempts, reason }) => ({ topic, partition, attempts, reason })),
      stuck: lanes.flatMap(({ stuck }) => stuck),
    };
  }

  /** Trap: while the kafkajs consumer restarts, and after it died, each call about partitions throws. */
  #unlessCrashed(act: () => void): void {
    if (this.#crashed) return;
    try {
      act();
    } catch (error) {
      if (!this.#stopping) throw error;
    }
  }

  /** kafkajs calls this for each partition of a fetch. It adds records to the lane, which handles them by itself. */
  async #take({ batch, resolveOffset }: EachBatchPayload): Promise<void> {
    try {
      const lane = this.#lanes.get(`${batch.topic}/${batch.partition}`);
      if (!lane) return;
      const records = batch.messages.map((message) => new ReceivedRecord(message, BigInt(message.offset)));
      const first = records[0]!.offset;
      if (lane.expected !== undefined && first < lane.expected) return void (await this.#checkPlace(lane));
      if (!lane.accept(records, BigInt(batch.highWatermark))) return;
      resolveIfOwned(resolveOffset, batch.lastOffset());
      const { restMs } = this.#options;
      await Promise.all([lane.hold(HOLD_FETCH_MS), restMs && !lane.isBehind() && this.#fetchDelays.delay(restMs)]);
    } catch (error) {
      // Trap: a TypeError, SyntaxError or RangeError from here stops the consumer for good, but it looks healthy.
      throw new Error(`batch not accepted: ${messageOf(error)}`, { cause: error });
    }
  }

  /**
   * kafkajs fetched below the expected offset. Either it forgot that offset, and gets it again. Or the log was
   * truncated or recreated: going on would skip or repeat records without notice, so the partition halts.
   */
  async #checkPlace(lane: PartitionLane): Promise<void> {
    // Read before the log's range: the log only grows while Kafka is asked.
    const { expected } = lane;
    const range = (await offsetRanges(this.#kafka, [lane.topic])).get(lane.topic)![lane.partition]!;
    if (expected === undefined || lane.expected !== expected) return;
    if (expected < range.low || expected > range.high) lane.halt(outsideOf(expected, range));
    else lane.keep();
  }

  /** kafkajs emits this after each join, before it fetches. */
  #assign(assignment: Record<string, number[]>): void {
    this.#lastSeen = Date.now();
    const owned = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition, key: `${topic}/${partition}` })),
    );
    const keys = new Set(owned.map(({ key }) => key));
    const lost = [...this.#lanes].filter(([key]) => !keys.has(key));
    for (const [key, lane] of lost) {
      const settled = lane.lose().finally(() => this.#leaving.delete(key));
      this.#leaving.set(key, settled);
      this.#lanes.delete(key);
      this.#commits.drop(lane);
    }
    // While this member stops, it may still be assigned the partitions of another member that leaves.
    const added = this.#stopping ? [] : owned.filter(({ key }) => !this.#lanes.has(key));
    for (const lane of this.#lanes.values()) lane.keep();
    const gone = lost.map(([, lane]) => lane);
    if (gone.length > 0) this.#tell('revoked', gone);
    if (added.length > 0) this.#tell('assigned', added);
    for (const { topic, partition, key } of added) {
      const lane = new PartitionLane(this.#laneConsumer, topic, partition, this.#leaving.get(key));
      this.#lanes.set(key, lane);
      lane.start();
    }
    this.#hasJoined = true;
    this.#restarts = 0;
    this.#joined.resolve();
  }

  #tell(what: 'assigned' | 'revoked', places: TopicPartition[]): void {
    const partitions = places.map(({ topic, partition }) => ({ topic, partition }));
    this.#kafka.logger.info(
      { groupId: this.#options.groupId, partitions: partitions.map(nameOf) },
      `partitions ${what}`,
    );
    try {
      if (what === 'assigned') this.#options.onAssigned?.(partitions);
      else this.#options.onRevoked?.(partitions);
    } catch (error) {
      this.#kafka.logger.error({ err: error }, `on${what} threw`);
    }
  }

  #commitSoon(topic: string, partition: number, next: bigint): void {
    if (this.#options.fromBeginning === false && !this.#options.startAt) return;
    if (this.#lanes.has(`${topic}/${partition}`)) this.#commits.soon({ topic, partition, offset: String(next) });
  }

  async #untilJoined(): Promise<void> {
    const late = (): void => this.#joined.reject(new Error(`the group is not joined in ${JOIN_TIMEOUT_MS} ms`));
    const timer = setTimeout(late, JOIN_TIMEOUT_MS);
    await this.#joined.promise.finally(() => clearTimeout(timer));
  }

  #crash({ payload }: ConsumerCrashEvent): void {
    const { groupId } = this.#options;
    if (this.#stopping) return this.#joined.reject(payload.error);
    if (!this.#run.goesOnAfter(payload)) return this.#die(payload.error);
    // One restart is normal: the group's coordinator moves or loads. A second one means that Kafka is away.
    const level = this.#restarts++ === 0 ? 'info' : 'warn';
    this.#kafka.logger[level]({ groupId, reason: payload.error.message }, 'joining the group again');
  }

  /** Trap: if kafkajs gives up, the process would still look healthy. */
  #die(error: Error): void {
    const { groupId, onCrash } = this.#options;
    this.#crashed = true;
    this.#joined.reject(error);
    this.#kafka.logger.error({ groupId, err: error }, 'consumer crashed for good');
    if (onCrash) onCrash(error);
    else if (this.#hasJoined) process.exit(1);
  }

  /** When this resolves, nothing of the consumer runs any more, whatever Kafka does. */
  async #stop(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#end);
    this.#joined.reject(new Error('it is stopped'));
    this.#fetchDelays.cancelAll();
    const drained = Promise.all([...this.#lanes.values()].map((lane) => lane.drain()));
    await Promise.race([drained, later(STOP_TIMEOUT_MS)]);
    await Promise.race([this.#commits.now(), later(HEARTBEAT_MS)]);
    this.#run.end();
    await Promise.race([this.#consumer.disconnect().catch(() => {}), later(STOP_TIMEOUT_MS)]);
    this.#sockets.close();
    const lanes = [...this.#lanes.values()];
    for (const lane of lanes) void lane.lose();
    this.#lanes.clear();
    if (lanes.length > 0) this.#tell('revoked', lanes);
  }
}

/** Trap: if a rebalance took the partition away, kafkajs's `resolveOffset` throws a TypeError. */
function resolveIfOwned(resolveOffset: (offset: string) => void, offset: string): void {
  try {
    resolveOffset(offset);
  } catch {
    // The partition's next owner starts from its cursor.
  }
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const later = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref());
