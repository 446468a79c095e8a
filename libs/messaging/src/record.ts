// The records that the platform works with, instead of Kafka's Buffers and number strings.

/** One record to publish. The partition is always explicit: see `partitionOfKey`. */
export interface OutgoingRecord {
  topic: string;
  partition: number;
  key: string | Buffer | null;
  value: Buffer | string | null;
  headers: Record<string, string | Buffer | (string | Buffer)[]>;
  /** Unix time in milliseconds; default now. Ignored by topics with LogAppendTime. */
  timestamp?: number;
}

/** One record received. */
export interface IncomingRecord {
  readonly offset: bigint;
  /** Unix time in milliseconds: the broker's own in topics with LogAppendTime. */
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  /** If several headers have the same name, the last one. */
  readonly headers: Record<string, string>;
  /** One of `headers` without decoding the others; see `headerOf`. */
  header?(name: string): string | undefined;
  /** Key and headers as received, for the quarantine: decoding loses bytes that are not UTF-8. */
  readonly raw?: RawRecord;
}

export interface RawRecord {
  key: Buffer | null;
  headers: Record<string, Buffer | string | (Buffer | string)[] | undefined>;
}

/** The record is set aside, because it failed alone several times or an operator ordered it. */
export interface Aside {
  readonly reason: string;
  /** Starts at 1 and grows each time that setting the record aside fails. The consumer should then do less. */
  readonly attempt: number;
}

/** Consecutive records of one partition, in the order of their offsets. */
export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  /** The offset after the partition's last record at the time of the fetch. */
  readonly highWatermark: bigint;
  /** At least one. */
  readonly records: readonly IncomingRecord[];
  /**
   * True if a batch with some of these records failed before. The handler's promise must then not resolve before all
   * its work is done: a later failure would be blamed on the records that follow.
   */
  readonly suspect?: boolean;
  /**
   * Set if the batch's only record cannot be handled. The handler must do what its consumer does with unreadable
   * records, and resolve. Then the next record follows.
   */
  readonly aside?: Aside;
  /** The first records that wait behind this batch, at most as many as a batch has. Their needs can be loaded ahead. */
  ahead(): readonly IncomingRecord[];
  /** True after a rebalance took the partition away. The handler should stop: another member owns the partition. */
  isLost(): boolean;
  /**
   * Reports work that failed after the handler's promise resolved (a commit that overlaps the next batch). The queued
   * records are dropped and the partition starts again at `startAt`. A `Halt` halts it.
   */
  fail(error: unknown): void;
}

export type BatchHandler = (batch: RecordBatch) => Promise<void>;

/** A record's place in Kafka. */
export interface RecordPlace {
  topic: string;
  partition: number;
  offset: bigint;
}
