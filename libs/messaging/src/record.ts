// Records as the platform sees them: Kafka's Buffers and number strings end here.

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
  /** Of headers given twice, the last one. */
  readonly headers: Record<string, string>;
  /** One of `headers` without decoding the others; see `headerOf`. */
  header?(name: string): string | undefined;
  /** Key and headers as they came, for the quarantine: decoding may lose bytes that are no UTF-8. */
  readonly raw?: RawRecord;
}

export interface RawRecord {
  key: Buffer | null;
  headers: Record<string, Buffer | string | (Buffer | string)[] | undefined>;
}

/** Says that the record is set aside: it failed alone several times, or an operator ordered it. */
export interface Aside {
  readonly reason: string;
  /** 1 at first. It grows when even setting aside failed; the consumer should then do less. */
  readonly attempt: number;
}

/** Consecutive records of one partition, in the order of their offsets. */
export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  /** The offset after the partition's last record, when these were fetched. */
  readonly highWatermark: bigint;
  /** At least one. */
  readonly records: readonly IncomingRecord[];
  /**
   * True if a batch with some of these records failed before. The handler's promise must not resolve before all its
   * work is done: what fails later would be blamed on the records that follow.
   */
  readonly suspect?: boolean;
  /**
   * The batch's one record cannot be handled. Do what this consumer does with such a record, without handling it, and
   * resolve: the next one follows.
   */
  readonly aside?: Aside;
  /** True once a rebalance took the partition away: what the handler still does is in vain, or in another's way. */
  isLost(): boolean;
  /**
   * Tells of work that failed after the handler's promise was resolved (a commit that overlaps the next batch):
   * what is queued is dropped and the partition starts anew at `startAt`. A `Halt` halts it.
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
