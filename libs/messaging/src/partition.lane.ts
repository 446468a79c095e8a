// One owned partition: records wait here between fetch and handler, so that a slow, failing or halted partition never
// holds up the others. Its owner's cursor (`startAt`) decides where it starts; Kafka's offsets are hints.
import { Halt } from './failures.ts';
import type { Logger } from './kafka.ts';
import type { BatchHandler, RecordBatch } from './record.ts';
import type { ReceivedRecord } from './received-record.ts';

/** What a lane asks of its consumer. */
export interface LaneConsumer {
  handler: BatchHandler;
  logger: Logger;
  maxRecords: number;
  /** More than this waiting: the partition is not fetched. Unit: bytes. */
  maxWaitingBytes(): number;
  retryMs: number;
  startOffset(topic: string, partition: number): Promise<bigint | undefined>;
  seek(topic: string, partition: number, offset: bigint): void;
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  /** All before this offset is handled. */
  handled(topic: string, partition: number, nextOffset: bigint): void;
}

/** Where there is a backlog, so much of it is kept at hand: the handler never waits for a fetch. */
const AHEAD_BYTES = 1_048_576;

type LaneState = 'starting' | 'running' | 'failing' | 'halted' | 'lost';
const LONGEST_RETRY_MS = 5_000;

export class PartitionLane {
  readonly topic: string;
  readonly partition: number;
  /** Resolves when the last `start` found its place, or failed to. */
  begun: Promise<void> = Promise.resolve();
  readonly #consumer: LaneConsumer;
  #state: LaneState = 'starting';
  /** Grows whenever what was delivered before becomes void: an older batch is lost. */
  #epoch = 0;
  #waiting: ReceivedRecord[] = [];
  #waitingBytes = 0;
  #highWatermark = 0n;
  /** The offset of the next record to take in, and of the first one not handled; undefined: Kafka's to say. */
  #next: bigint | undefined;
  #unhandled: bigint | undefined;
  #paused = false;
  #working: Promise<void>;
  #isWorking = false;
  #draining = false;
  #attempts = 0;
  #reason = '';
  #retryTimer: NodeJS.Timeout | undefined;
  #release: (() => void) | undefined;

  /** @param after What this process still does with the partition from an earlier time that it owned it. */
  constructor(consumer: LaneConsumer, topic: string, partition: number, after: Promise<void> = Promise.resolve()) {
    this.#consumer = consumer;
    this.#working = after;
    this.topic = topic;
    this.partition = partition;
  }

  get state(): { halted: boolean; attempts: number; reason: string; lag: number } {
    const lag = this.#unhandled === undefined ? 0 : Math.max(Number(this.#highWatermark - this.#unhandled), 0);
    return { halted: this.#state === 'halted', attempts: this.#attempts, reason: this.#reason, lag };
  }

  /** Asks where to start, then lets records in. The partition is paused until then. */
  start(): void {
    this.#pause();
    this.#state = 'starting';
    const epoch = ++this.#epoch;
    this.begun = this.#begin(epoch).catch((error: unknown) => {
      if (epoch === this.#epoch) this.#failed(error);
    });
  }

  async #begin(epoch: number): Promise<void> {
    // A handler that still runs belongs to a former epoch: never two at once.
    await this.#working;
    if (epoch !== this.#epoch) return;
    const offset = (await this.#consumer.startOffset(this.topic, this.partition)) ?? this.#unhandled;
    if (epoch !== this.#epoch || this.#draining) return;
    if (offset !== undefined) this.#goTo(offset);
    this.#state = 'running';
    this.#resume();
  }

  /** After a rebalance that left the partition here: kafkajs has forgotten how far it fetched, perhaps its pause too. */
  keep(): void {
    if (this.#paused) this.#consumer.pause(this.topic, this.partition);
    if (this.#state === 'running' && this.#next !== undefined) {
      this.#consumer.seek(this.topic, this.partition, this.#next);
    }
  }

  /** Drops what waits and goes on from there. */
  seek(offset: bigint): void {
    if (this.#state === 'halted' || this.#state === 'lost') return;
    this.#forget();
    this.#goTo(offset);
    if (this.#state === 'running') this.#resume();
  }

  /** Takes in what was fetched. False: nothing of it was, so kafkajs must not move on. */
  accept(records: ReceivedRecord[], highWatermark: bigint): boolean {
    if (this.#state !== 'running' || this.#draining) return false;
    this.#highWatermark = highWatermark;
    for (const record of records) {
      // Trap: old batches are delivered after a rebalance. What is below was handled or waits already.
      if (this.#next !== undefined && record.offset < this.#next) continue;
      this.#waiting.push(record);
      this.#waitingBytes += record.size;
      this.#next = record.offset + 1n;
    }
    if (this.#waitingBytes >= this.#consumer.maxWaitingBytes()) this.#pause();
    this.#work();
    return true;
  }

  /** The offset of the next record to come; undefined where Kafka is to say. */
  get expected(): bigint | undefined {
    return this.#state === 'running' ? this.#next : undefined;
  }

  isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** The log holds more than was taken in. */
  isBehind(): boolean {
    return this.#next !== undefined && this.#next < this.#highWatermark;
  }

  /** Resolves when more should be fetched, or after that time. */
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

  /** At the log's end, what arrives while the handler works makes one larger batch; before it, enough is at hand. */
  #hasEnough(): boolean {
    if (!this.#isWorking || this.#paused) return false;
    return !this.isBehind() || this.#waitingBytes >= AHEAD_BYTES;
  }

  /** No further batch; resolves when the one being handled is done. */
  async drain(): Promise<void> {
    this.#draining = true;
    clearTimeout(this.#retryTimer);
    this.#pause();
    await this.#working;
  }

  /** Given to another member. A handler that runs may ask its batch; resolves when it is done. */
  lose(): Promise<void> {
    this.#state = 'lost';
    clearTimeout(this.#retryTimer);
    this.#forget();
    // kafkajs keeps pauses over rebalances: should it come back, a new lane decides.
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
    this.#consumer.logger.error({ topic, partition, reason }, 'partition halted: nothing more of it is read');
  }

  #work(): void {
    if (this.#isWorking || this.#waiting.length === 0) return;
    this.#isWorking = true;
    this.#working = this.#handleAll().finally(() => {
      this.#isWorking = false;
      this.#release?.();
      // Taken in after a restart, while the last handler was still at it.
      if (this.#state === 'running' && !this.#draining) this.#work();
    });
  }

  async #handleAll(): Promise<void> {
    const epoch = this.#epoch;
    while (this.#waiting.length > 0 && this.#state === 'running' && epoch === this.#epoch && !this.#draining) {
      const records = this.#waiting.splice(0, this.#consumer.maxRecords);
      for (const record of records) this.#waitingBytes -= record.size;
      if (this.#waitingBytes < this.#consumer.maxWaitingBytes()) this.#resume();
      if (!this.#hasEnough()) this.#release?.();
      const first = records[0]!.offset;
      this.#unhandled = first;
      try {
        await this.#consumer.handler(this.#batch(records, epoch, first));
      } catch (error) {
        // Trap: a TypeError, SyntaxError or RangeError that reached kafkajs would stop its consumer for good.
        if (epoch === this.#epoch) this.#failed(error);
        return;
      }
      if (epoch !== this.#epoch) return;
      this.#attempts = 0;
      this.#unhandled = records.at(-1)!.offset + 1n;
      this.#consumer.handled(this.topic, this.partition, this.#unhandled);
    }
  }

  #batch(records: ReceivedRecord[], epoch: number, first: bigint): RecordBatch {
    return {
      topic: this.topic,
      partition: this.partition,
      highWatermark: this.#highWatermark,
      records,
      heartbeat: () => new Promise((resolve) => setImmediate(resolve)),
      isLost: () => epoch !== this.#epoch || this.#state !== 'running',
      fail: (error) => {
        if (epoch !== this.#epoch || this.#state !== 'running') return;
        this.#unhandled = first;
        this.#failed(error);
      },
    };
  }

  /** This partition alone waits, longer each time, and starts anew from its owner's cursor. */
  #failed(error: unknown): void {
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
    const waitMs = Math.min(this.#consumer.retryMs * 2 ** this.#attempts, LONGEST_RETRY_MS);
    this.#attempts += 1;
    const { topic, partition } = this;
    this.#consumer.logger.warn(
      { topic, partition, attempts: this.#attempts, waitMs, err: error },
      'batch failed, its partition tries again',
    );
    if (!this.#draining) this.#retryTimer = setTimeout(() => this.start(), waitMs);
  }

  #goTo(offset: bigint): void {
    this.#next = offset;
    this.#unhandled = offset;
    this.#consumer.seek(this.topic, this.partition, offset);
  }

  #forget(): void {
    this.#epoch += 1;
    this.#waiting = [];
    this.#waitingBytes = 0;
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
