// Consumption by batches over kafkajs, with its traps handled where they are named.
import type { Consumer, ConsumerCrashEvent, EachBatchPayload } from 'kafkajs';
import type { Consumption, ConsumptionStatus, ConsumeOptions, TopicPartition } from './consumption.ts';
import type { Kafka } from './kafka.ts';
import { Neighbours } from './neighbours.ts';
import { OwnSockets } from './own.sockets.ts';
import { PartitionLane, type LaneConsumer } from './partition.lane.ts';
import { ReceivedRecord } from './received-record.ts';
import type { BatchHandler } from './record.ts';
import { Rests } from './rests.ts';
import { outsideOf, startingOffsets } from './starting-offsets.ts';
import { offsetRanges } from './topics.ts';

const HEARTBEAT_MS = 2_000;
const SESSION_TIMEOUT_MS = 10_000;
/**
 * A fetch waits this long at the broker where nothing is new; what arrives is answered at once. So this is no latency,
 * but what an idle process costs, and how long its end may take. While a partition is paused: 250 (the kept patch).
 */
const IDLE_FETCH_MS = 1_000;
/** Held in memory for all partitions together; one fetch may go beyond it. */
const WAITING_BYTES = 6 * 1_048_576;
/** The next fetch waits for handlers up to this: small batches are what costs. No heartbeat is ever late by it. */
const HOLD_FETCH_MS = 20;
/** Fetches, heartbeats and look-ups are answered long before, whatever the load; joining a group has its own limit. */
const REQUEST_TIMEOUT_MS = 8_000;
/** So long a group waits for members that have work in hand before it shares the partitions anew. */
const REBALANCE_TIMEOUT_MS = 20_000;
const COMMIT_INTERVAL_MS = 1_000;
const STOP_TIMEOUT_MS = 15_000;

/**
 * Delivers batches to the handler, one at a time a partition, partitions side by side. A handler that throws has its
 * partition tried again, from `startAt`; `Halt` halts it. A record that fails again and again alone is delivered marked
 * (`RecordBatch.aside`), so that those behind it go on (isolation.ts). Resolves when the group is joined and each
 * partition of this member has found its place: what is published from then on is delivered.
 * @throws Error where no broker answers or a topic does not exist.
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
  /** Batches of lost partitions that are still being handled: should one come back, its next batch waits for them. */
  readonly #leaving = new Map<string, Promise<void>>();
  readonly #toCommit = new Map<string, TopicPartition & { offset: string }>();
  #commitTimer: NodeJS.Timeout | undefined;
  readonly #sockets = new OwnSockets();
  #lastSeen = 0;
  readonly #joined = Promise.withResolvers<void>();
  #hasJoined = false;
  #crashed = false;
  #restarts = 0;
  #stopping: Promise<void> | undefined;
  readonly #end = (): void => void this.stop();
  readonly #rests = new Rests();

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
    // Trap: if the far end is gone without a close, kafkajs keeps asking over that connection for minutes.
    this.#consumer.on(REQUEST_TIMEOUT, () => this.#sockets.cut(`no answer within ${REQUEST_TIMEOUT_MS} ms`));
    try {
      this.#options.signal?.throwIfAborted();
      const ranges = await offsetRanges(this.#kafka, topics);
      await this.#consumer.connect();
      // Trap: OFFSET_OUT_OF_RANGE silently resets; to the beginning at least, where nothing is skipped.
      await this.#consumer.subscribe({ topics, fromBeginning: true });
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        // One worker a partition: kafkajs would queue one partition's batch behind another's.
        partitionsConsumedConcurrently: [...ranges.values()].reduce((sum, { length }) => sum + length, 0),
        eachBatch: (payload) => this.#take(payload),
      });
      await this.#joined.promise;
      await Promise.all([...this.#lanes.values()].map(({ begun }) => begun));
      this.#options.signal?.throwIfAborted();
    } catch (error) {
      await this.stop();
      throw new Error(`cannot consume ${topics.join(', ')} as ${groupId}: ${messageOf(error)}`, { cause: error });
    }
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
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

  /** Trap: when its consumer has died or restarts, kafkajs throws at every call about partitions. */
  #unlessCrashed(act: () => void): void {
    if (this.#crashed) return;
    try {
      act();
    } catch (error) {
      if (!this.#stopping) throw error;
    }
  }

  /** kafkajs calls this for each partition of a fetch. It only takes in: the lane's handler runs beside the fetches. */
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
      await Promise.all([lane.hold(HOLD_FETCH_MS), restMs && !lane.isBehind() && this.#rests.rest(restMs)]);
    } catch (error) {
      // Trap: a TypeError, SyntaxError or RangeError from here stops the consumer for good while it looks healthy.
      throw new Error(`batch not taken in: ${messageOf(error)}`, { cause: error });
    }
  }

  /**
   * kafkajs fetched from below what was already taken in. Either it forgot (then it is told again), or the offset was
   * out of range and it silently reset: the log was cut or made anew, and going on would skip or repeat without a word.
   */
  async #checkPlace(lane: PartitionLane): Promise<void> {
    // Before the log is asked: it only grows meanwhile.
    const { expected } = lane;
    const range = (await offsetRanges(this.#kafka, [lane.topic])).get(lane.topic)![lane.partition]!;
    if (expected === undefined || lane.expected !== expected) return;
    if (expected < range.low || expected > range.high) lane.halt(outsideOf(expected, range));
    else lane.keep();
  }

  /** After each join, first or not. Emitted by kafkajs before it fetches. */
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
      // Trap: a commit to a lost partition succeeds.
      this.#toCommit.delete(key);
    }
    // Another member that leaves may leave its partitions to one that is about to leave, too.
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

  /** Kafka's offset is a hint (for lag, and for owners without a cursor): one commit a second for all partitions. */
  #commitSoon(topic: string, partition: number, next: bigint): void {
    if (this.#options.fromBeginning === false && !this.#options.startAt) return;
    const key = `${topic}/${partition}`;
    if (!this.#lanes.has(key)) return;
    this.#toCommit.set(key, { topic, partition, offset: String(next) });
    this.#commitTimer ??= setTimeout(() => void this.#commit(), COMMIT_INTERVAL_MS);
  }

  async #commit(): Promise<void> {
    clearTimeout(this.#commitTimer);
    this.#commitTimer = undefined;
    const offsets = [...this.#toCommit.values()];
    this.#toCommit.clear();
    if (offsets.length === 0) return;
    await this.#consumer.commitOffsets(offsets).catch((error: unknown) => {
      this.#kafka.logger.debug({ err: error, groupId: this.#options.groupId }, 'offsets not committed');
    });
  }

  #crash({ payload: { error, restart } }: ConsumerCrashEvent): void {
    const { groupId, onCrash } = this.#options;
    if (this.#stopping) return this.#joined.reject(error);
    if (restart) {
      // Once is normal life: a coordinator that moves or loads. Again means that Kafka is away.
      const level = this.#restarts++ === 0 ? 'info' : 'warn';
      this.#kafka.logger[level]({ groupId, reason: error.message }, 'joining the group again');
      return;
    }
    // Trap: kafkajs gives up here, and the process would look healthy for ever.
    this.#crashed = true;
    this.#joined.reject(error);
    this.#kafka.logger.error({ groupId, err: error }, 'consumer crashed for good');
    if (onCrash) onCrash(error);
    else if (this.#hasJoined) process.exit(1);
  }

  /** Afterwards nothing of it runs, whatever Kafka does. */
  async #stop(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#end);
    this.#joined.reject(new Error('it is stopped'));
    this.#rests.endAll();
    const drained = Promise.all([...this.#lanes.values()].map((lane) => lane.drain()));
    await Promise.race([drained, later(STOP_TIMEOUT_MS)]);
    await Promise.race([this.#commit(), later(HEARTBEAT_MS)]);
    await Promise.race([this.#consumer.disconnect().catch(() => {}), later(STOP_TIMEOUT_MS)]);
    this.#sockets.close();
    const lanes = [...this.#lanes.values()];
    for (const lane of lanes) void lane.lose();
    this.#lanes.clear();
    if (lanes.length > 0) this.#tell('revoked', lanes);
  }
}

/** Trap: for a partition lost in a rebalance, kafkajs's `resolveOffset` throws a TypeError. */
function resolveIfOwned(resolveOffset: (offset: string) => void, offset: string): void {
  try {
    resolveOffset(offset);
  } catch {
    // Lost: its next owner starts from the cursor.
  }
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const later = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref());
