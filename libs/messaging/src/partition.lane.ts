// The queue of one owned partition. Records wait here between fetch and handler, so that a slow, failing or halted
// partition never delays the others. The owner's cursor (`startAt`) decides where the partition starts.
import { Halt } from './failures.ts';
import type { Aside, BatchHandler, RecordBatch } from './record.ts';
import { Recovery, type RecoveryOptions } from './recovery.ts';
import type { ReceivedRecord } from './received-record.ts';

/** The part of the consumer that a lane uses. */
export interface LaneConsumer extends RecoveryOptions {
  handler: BatchHandler;
  maxRecords: number;
  /** The partition is not fetched while more than this waits. Unit: bytes. */
  maxWaitingBytes(): number;
  startOffset(topic: string, partition: number): Promise<bigint | undefined>;
  seek(topic: string, partition: number, offset: bigint): void;
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  /** Called when all records before this offset are handled. */
  handled(topic: string, partition: number, nextOffset: bigint): void;
}

/** If there is a backlog, this much of it is fetched ahead, so that the handler never waits for a fetch. */
const AHEAD_BYTES = 1_048_576;

type LaneState = 'starting' | 'running' | 'failing' | 'halted' | 'lost';

export class PartitionLane {
  readonly topic: string;
  readonly partition: number;
  /** Resolves when the last `start` knows its first offset or has failed. */
  begun: Promise<void> = Promise.resolve();
  readonly #consumer: LaneConsumer;
  #state: LaneState = 'starting';
  /** Grows when the batches delivered before become void (`isLost`). */
  #epoch = 0;
  #waiting: ReceivedRecord[] = [];
  #waitingBytes = 0;
  #highWatermark = 0n;
  /** The offset of the next record to accept; undefined while Kafka's committed offset decides. */
  #next: bigint | undefined;
  /** The offset of the first record that is not handled. */
  #unhandled: bigint | undefined;
  #paused = false;
  #working: Promise<void>;
  #isWorking = false;
  #draining = false;
  readonly #recovery: Recovery;
  #reason = '';
  #retryTimer: NodeJS.Timeout | undefined;
  #release: (() => void) | undefined;

  /** @param after the work of this process on the partition from an earlier assignment; the lane waits for it */
  constructor(consumer: LaneConsumer, topic: string, partition: number, after: Promise<void> = Promise.resolve()) {
    this.#consumer = consumer;
    this.#working = after;
    this.topic = topic;
    this.partition = partition;
    this.#recovery = new Recovery(consumer, topic, partition);
  }

  get state(): {
    halted: boolean;
    attempts: number;
    reason: string;
    lag: number;
    stuck: ReturnType<Recovery['stuck']>;
  } {
    const lag = this.#unhandled === undefined ? 0 : Math.max(Number(this.#highWatermark - this.#unhandled), 0);
    const { attempts } = this.#recovery;
    return { halted: this.#state === 'halted', attempts, reason: this.#reason, lag, stuck: this.#recovery.stuck() };
  }

  /** Asks where to start, then accepts records. Until then the partition is paused. */
  start(): void {
    this.#pause();
    this.#state = 'starting';
    const epoch = ++this.#epoch;
    this.begun = this.#begin(epoch).catch((error: unknown) => {
      if (epoch === this.#epoch) this.#failed(error);
    });
  }

  async #begin(epoch: number): Promise<void> {
    // A handler of an earlier epoch may still run, and two must never run at once.
    await this.#working;
    if (epoch !== this.#epoch) return;
    const offset = (await this.#consumer.startOffset(this.topic, this.partition)) ?? this.#unhandled;
    if (epoch !== this.#epoch || this.#draining) return;
    if (offset !== undefined) this.#goOn(offset);
    this.#state = 'running';
    if (this.#waitingBytes < this.#consumer.maxWaitingBytes()) this.#resume();
    this.#work();
  }

  /** Called after a rebalance if the partition stays here: kafkajs forgot its fetch offset, and perhaps its pause. */
  keep(): void {
    if (this.#paused) this.#consumer.pause(this.topic, this.partition);
    if (this.#state === 'running' && this.#next !== undefined) {
      this.#consumer.seek(this.topic, this.partition, this.#next);
    }
  }

  /** Adds fetched records to the queue. False: it added none, so kafkajs must not move on. */
  accept(records: ReceivedRecord[], highWatermark: bigint): boolean {
    if (this.#state !== 'running' || this.#draining) return false;
    this.#highWatermark = highWatermark;
    for (const record of records) {
      // Trap: after a rebalance kafkajs delivers old batches again. Records below `#next` are handled or queued
      // already.
      if (this.#next !== undefined && record.offset < this.#next) continue;
      this.#waiting.push(record);
      this.#waitingBytes += record.size;
      this.#next = record.offset + 1n;
    }
    if (this.#waitingBytes >= this.#consumer.maxWaitingBytes()) this.#pause();
    this.#work();
    return true;
  }

  /** The offset of the next record to accept; undefined while Kafka's committed offset decides. */
  get expected(): bigint | undefined {
    return this.#state === 'running' ? this.#next : undefined;
  }

  isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** The log holds more records than were accepted. */
  isBehind(): boolean {
    return this.#next !== undefined && this.#next < this.#highWatermark;
  }

  /** Resolves when more records should be fetched, or after that time. */
  hold(ms: number): Promise<void> {
    if (!this.#hasEnough()) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#release = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /**
   * At the log's end, fetching waits for the handler, so that the records which arrive meanwhile make one large batch.
   * In a backlog, fetching waits while enough records are queued.
   */
  #hasEnough(): boolean {
    if (!this.#isWorking || this.#paused) return false;
    return !this.isBehind() || this.#waitingBytes >= AHEAD_BYTES;
  }

  /** Starts no further batch. Resolves when the one being handled is done. */
  async drain(): Promise<void> {
    this.#draining = true;
    clearTimeout(this.#retryTimer);
    this.#pause();
    await this.#working;
  }

  /** Another member owns the partition now. Resolves when a running handler is done; its batch tells it `isLost`. */
  lose(): Promise<void> {
    this.#state = 'lost';
    clearTimeout(this.#retryTimer);
    this.#forget();
    // kafkajs keeps pauses over rebalances. If the partition comes back, a new lane decides about them.
    this.#resume();
    return this.#working;
  }

  halt(reason: string): void {
    if (this.#state === 'lost' || this.#state === 'halted') return;
    this.#state = 'halted';
    this.#reason = reason;
    clearTimeout(this.#retryTimer);
    this.#pause();
    this.#forget();
    const { topic, partition } = this;
    this.#consumer.logger.error({ topic, partition, reason }, 'partition halted: no more of its records are read');
  }

  #work(): void {
    if (this.#isWorking || this.#waiting.length === 0) return;
    this.#isWorking = true;
    this.#working = this.#handleAll().finally(() => {
      this.#isWorking = false;
      this.#release?.();
      // Records may have been accepted after a restart, while the previous handler still ran.
      if (this.#state === 'running' && !this.#draining) this.#work();
    });
  }

  async #handleAll(): Promise<void> {
    const epoch = this.#epoch;
    while (this.#waiting.length > 0 && this.#state === 'running' && epoch === this.#epoch && !this.#draining) {
      const first = this.#waiting[0]!.offset;
      const { most, ...mark } = this.#recovery.delivery(first);
      const records = this.#waiting.splice(0, Math.min(most, this.#consumer.maxRecords));
      for (const record of records) this.#waitingBytes -= record.size;
      if (this.#waitingBytes < this.#consumer.maxWaitingBytes()) this.#resume();
      if (!this.#hasEnough()) this.#release?.();
      this.#unhandled = first;
      try {
        await this.#consumer.handler(this.#batch(records, epoch, mark));
      } catch (error) {
        // Trap: a TypeError, SyntaxError or RangeError that reaches kafkajs stops its consumer for good.
        if (epoch === this.#epoch) this.#failed(error, records, [...records, ...this.#waiting]);
        return;
      }
      if (epoch !== this.#epoch) return;
      this.#unhandled = records.at(-1)!.offset + 1n;
      this.#recovery.handled(this.#unhandled);
      this.#consumer.handled(this.topic, this.partition, this.#unhandled);
    }
  }

  #batch(records: ReceivedRecord[], epoch: number, mark: { suspect: boolean; aside?: Aside }): RecordBatch {
    return {
      ...mark,
      topic: this.topic,
      partition: this.partition,
      highWatermark: this.#highWatermark,
      records,
      ahead: () => this.#waiting.slice(0, this.#consumer.maxRecords),
      isLost: () => epoch !== this.#epoch || this.#state !== 'running',
      fail: (error) => {
        if (epoch !== this.#epoch || this.#state !== 'running') return;
        this.#unhandled = records[0]!.offset;
        this.#failed(error, records);
      },
    };
  }

  /**
   * Starts this partition again from its owner's cursor, after a pause if that helps. Other partitions go on.
   * @param records the batch that failed
   * @param kept the batch and all queued records behind it, which need not be fetched again
   */
  #failed(error: unknown, records: readonly ReceivedRecord[] = [], kept: ReceivedRecord[] = []): void {
    if (this.#state === 'lost' || this.#state === 'halted') return;
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof Halt) {
      this.halt(reason);
      return;
    }
    this.#state = 'failing';
    this.#reason = reason;
    this.#pause();
    this.#forget();
    this.#keepWaiting(kept);
    void this.#tryAgain(error, records);
  }

  /** Never rejects. */
  async #tryAgain(error: unknown, records: readonly ReceivedRecord[]): Promise<void> {
    const epoch = this.#epoch;
    const { topic, partition } = this;
    const waitMs = await this.#recovery.pauseAfter(
      error,
      records.map(({ offset }) => offset),
    );
    this.#consumer.logger.warn(
      { topic, partition, attempts: this.#recovery.attempts, waitMs, records: records.length, err: error },
      'batch failed, its partition tries again',
    );
    if (epoch !== this.#epoch || this.#state !== 'failing' || this.#draining) return;
    this.#retryTimer = setTimeout(() => this.start(), waitMs);
  }

  /** Continues at the cursor: with the queued records if they contain that offset, otherwise with new fetches. */
  #goOn(offset: bigint): void {
    const first = this.#waiting[0]?.offset;
    if (first === undefined || this.#next === undefined || offset < first || offset > this.#next) {
      this.#keepWaiting([]);
      this.#goTo(offset);
      return;
    }
    this.#keepWaiting(this.#waiting.filter((record) => record.offset >= offset));
    this.#unhandled = offset;
    // A rebalance may have made kafkajs forget the pause and its fetch offset.
    this.#consumer.seek(this.topic, this.partition, this.#next);
  }

  #keepWaiting(records: ReceivedRecord[]): void {
    this.#waiting = records;
    this.#waitingBytes = records.reduce((sum, { size }) => sum + size, 0);
  }

  #goTo(offset: bigint): void {
    this.#next = offset;
    this.#unhandled = offset;
    this.#consumer.seek(this.topic, this.partition, offset);
  }

  #forget(): void {
    this.#epoch += 1;
    this.#keepWaiting([]);
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#consumer.pause(this.topic, this.partition);
  }

  #resume(): void {
    if (!this.#paused || this.#draining) return;
    this.#paused = false;
    this.#consumer.resume(this.topic, this.partition);
  }
}
