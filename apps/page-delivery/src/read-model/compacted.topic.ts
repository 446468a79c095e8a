// Reads a whole compacted topic in each process, and knows whether the topic is read to its end.
import { HEADERS } from '@vouchers/contracts';
import { SIGNATURE_FAULTS } from '@vouchers/contracts/signatures';
import {
  consumeBatches,
  endOffsets,
  handleInSpans,
  headerOf,
  type Consumption,
  type IncomingRecord,
  type RecordBatch,
} from '@vouchers/messaging';
import {
  showConsumption,
  showSignatures,
  signatureRefused,
  unavailable,
  unreadableRecord,
  unsignedAccepted,
  type Readiness,
} from '@vouchers/service';
import type { PlatformKafka } from '../messaging/platform.kafka.ts';
import { coalesced } from './coalesced.ts';
import type { MaybePromise } from './maybe-promise.ts';

/** The longest time for which a request waits until the topic is read to its present end. */
const END_WAIT_MS = 2_000;

/** The topic counts as completely read for this long after it was read to its end. */
const CONFIRMED_MS = 1_000;
/** The most keys with an unreadable newest record that are remembered. Others count as keys without a record. */
const MOST_UNREADABLE = 10_000;

/**
 * Takes the newest record of a key so far; null if the key was deleted. Returns false if the record cannot be read. The
 * key is then left out until a readable record comes.
 */
export type Take = (key: string, value: Buffer | null, record: IncomingRecord) => boolean;

export interface CompactedTopicOptions {
  /** The name of the readiness check. */
  name: string;
  /** The form of this topic's keys. Records with other keys are ignored. */
  key: RegExp;
  topic: string;
  groupId: string;
  /** Tells whether a key has a stored record. */
  isKnown: (key: string) => Promise<boolean>;
}

export class CompactedTopic {
  private consumption?: Consumption;
  private complete = false;
  /** The log's end when this process began to read it. */
  private startEnds: bigint[] = [];
  /** By partition: the next offset to read. */
  private readonly next = new Map<number, bigint>();
  /** Keys whose newest record cannot be read, with the partition and offset of that record. */
  private readonly unreadable = new Map<string, { partition: number; offset: bigint }>();
  private readonly waiting = new Set<{ ends: bigint[]; resolve: () => void }>();
  /** When the last successful read to the end began, in milliseconds of this process. */
  private confirmedAt = -Infinity;
  private confirming?: Promise<void>;
  /** Waits until the topic is read to its present end. 503 without Kafka. */
  readonly toPresentEnd = coalesced(() => this.readToEnd());

  constructor(
    private readonly platform: PlatformKafka,
    private readonly options: CompactedTopicOptions,
    readiness: Readiness,
    private readonly take: Take,
    /** Stores the records that were taken from a batch. After that, the batch counts as read. */
    private readonly store: () => Promise<void>,
  ) {
    showConsumption(options.name, () => this.consumption);
    if (platform.kafka.signatures) showSignatures(options.name);
    readiness.add(options.name, () => {
      if (!this.complete) throw new Error('not yet read to the end');
      if (!this.consumption?.healthy()) throw new Error('not followed');
    });
    readiness.note('unreadable', () =>
      [...this.unreadable].map(([key, { partition, offset }]) => ({
        topic: options.topic,
        key,
        partition,
        offset: Number(offset),
      })),
    );
  }

  /** Reads the topic from its beginning, and goes on. Resolves when the records that it had at the start are stored. */
  async follow(): Promise<void> {
    await this.platform.whenReady();
    await this.platform.untilDone(this.options.name, () => this.start());
    this.complete = true;
  }

  /** Reads the topic to its end, once for all waiting callers. Does nothing if that was done within the last second. */
  confirmed(): MaybePromise<void> {
    if (performance.now() - this.confirmedAt < CONFIRMED_MS) return;
    this.confirming ??= this.toPresentEnd().finally(() => (this.confirming = undefined));
    return this.confirming;
  }

  async stop(): Promise<void> {
    await this.consumption?.stop();
  }

  /** True if the newest record of the key cannot be read. */
  isUnreadable(key: string): boolean {
    return this.unreadable.has(key);
  }

  unreadableKeys(): string[] {
    return [...this.unreadable.keys()];
  }

  private async start(): Promise<void> {
    const { kafka, signal } = this.platform;
    const { topic, groupId } = this.options;
    const ends = await endOffsets(kafka, topic);
    this.startEnds = ends;
    this.consumption ??= await consumeBatches(
      kafka,
      {
        groupId,
        topics: [topic],
        signal,
        startAt: async (_topic, partition) => this.next.get(partition) ?? 0n,
        outOfRange: 'earliest',
      },
      (batch) => handleInSpans('follow', batch, () => this.handle(batch)),
    );
    await this.reached(ends);
  }

  private async readToEnd(): Promise<void> {
    const begun = performance.now();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error('not reached in time')), END_WAIT_MS);
    try {
      await Promise.race([
        endOffsets(this.platform.kafka, this.options.topic).then((ends) => this.reached(ends)),
        late.promise,
      ]);
      this.confirmedAt = begun;
    } catch {
      throw unavailable('Kafka or Postgres is away.');
    } finally {
      clearTimeout(timer);
    }
  }

  private async handle({ partition, records, aside }: RecordBatch): Promise<void> {
    const refused: IncomingRecord[] = [];
    // The partitions of a topic are handled concurrently, so nothing may be awaited between here and `store`.
    for (const record of records)
      if (aside) this.keepOut(partition, record, 'it cannot be stored');
      else if (this.isRefused(partition, record)) refused.push(record);
      else this.takeIfReadable(partition, record);
    await this.store();
    for (const record of refused) await this.parkIfUnknown(partition, record);
    this.next.set(partition, records.at(-1)!.offset + 1n);
    for (const waiter of this.waiting) {
      if (!this.has(waiter.ends)) continue;
      this.waiting.delete(waiter);
      waiter.resolve();
    }
  }

  /**
   * True if the record's signature is missing or wrong. Such a record changes nothing, so a forgery cannot replace the
   * newest version. Old ones are not counted: config has published their keys again, signed, and compaction removes
   * them later.
   */
  private isRefused(partition: number, record: IncomingRecord): boolean {
    const { kafka, logger } = this.platform;
    const { name, topic } = this.options;
    const fault = kafka.signatures?.faultOf(topic, record, headerOf(record, HEADERS.type) ?? '');
    if (fault === undefined) return false;
    if (fault === 'missing' && kafka.signatures?.mode === 'accept') {
      unsignedAccepted(name);
      return false;
    }
    const { offset } = record;
    if (offset < (this.startEnds[partition] ?? 0n)) return true;
    signatureRefused(name, fault);
    unreadableRecord(name, logger, { topic, partition, offset }, SIGNATURE_FAULTS[fault]);
    return true;
  }

  /** A key that has only refused records is unreadable until config publishes it, signed. */
  private async parkIfUnknown(partition: number, { key, offset }: IncomingRecord): Promise<void> {
    if (key === null || !this.options.key.test(key) || this.unreadable.size >= MOST_UNREADABLE) return;
    if (!(await this.options.isKnown(key))) this.unreadable.set(key, { partition, offset });
  }

  private takeIfReadable(partition: number, record: IncomingRecord): void {
    const { key, value } = record;
    if (key !== null && this.options.key.test(key)) {
      this.unreadable.delete(key);
      if (this.take(key, value, record)) return;
    }
    this.keepOut(partition, record, 'its value or key is not one of this topic');
  }

  /** Remembers that the key is unreadable until a readable record comes. */
  private keepOut(partition: number, { key, offset }: IncomingRecord, why: string): void {
    const { name, topic, key: pattern } = this.options;
    if (key !== null && pattern.test(key) && this.unreadable.size < MOST_UNREADABLE)
      this.unreadable.set(key, { partition, offset });
    unreadableRecord(name, this.platform.logger, { topic, partition, offset }, why);
  }

  private reached(ends: bigint[]): Promise<void> {
    if (this.has(ends)) return Promise.resolve();
    return new Promise((resolve) => this.waiting.add({ ends, resolve }));
  }

  private has(ends: bigint[]): boolean {
    return ends.every((end, partition) => (this.next.get(partition) ?? 0n) >= end);
  }
}
