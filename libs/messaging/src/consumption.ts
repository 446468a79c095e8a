// The options and the status of a consumer.
import type { RecordPlace } from './record.ts';

export interface TopicPartition {
  topic: string;
  partition: number;
}

export interface ConsumeOptions {
  groupId: string;
  topics: string[];
  /**
   * Without `startAt`: true (default) starts at the group's committed offset, or at the first one; false starts at the
   * end of the log as it is when the group is joined, and commits nothing (a process that waits for what is to come).
   */
  fromBeginning?: boolean;
  /**
   * The offset at which a partition starts, from its owner's own cursor: asked at each assignment and after each
   * failure. Undefined: Kafka's committed offset. An offset outside of the log halts the partition (see `outOfRange`).
   */
  startAt?: (topic: string, partition: number) => Promise<bigint | undefined>;
  /** The reaction if `startAt` is below the log's first offset. Default `halt`. Above its end it always halts. */
  outOfRange?: 'halt' | 'earliest';
  /** Partitions now owned that were not; before any of their records is delivered. */
  onAssigned?: (partitions: TopicPartition[]) => void;
  /** Partitions lost in a rebalance or given up by `stop`. */
  onRevoked?: (partitions: TopicPartition[]) => void;
  /** The consumer died for good. Default: exit the process, so that whoever runs it starts it again. */
  onCrash?: (error: Error) => void;
  /** At most this many records a batch. Default 500. */
  maxRecords?: number;
  /**
   * At the log's end, from one fetch to the next: what nobody waits for comes in larger batches, and small ones are
   * what costs. Default 0.
   */
  restMs?: number;
  /** Fetched at once from a partition. Default 1 MiB. */
  maxBytesPerPartition?: number;
  /** Default 10,000, with a heartbeat each 2,000: a ghost left by kill -9 holds its partitions no longer. */
  sessionTimeoutMs?: number;
  /**
   * Resolves if the world goes on, for example by a write to the handler's database. It is called when a record fails
   * alone, and when a batch fails by the world's fault. Without it, other batches must have been handled meanwhile.
   */
  probe?: () => Promise<void>;
  /**
   * An operator's order to set the stuck record aside: why and by whom; undefined if there is none. It is called before
   * each attempt for a record that has failed alone for 60 s.
   */
  skip?: (place: RecordPlace) => Promise<string | undefined>;
  /** Stops the consumer. If it is still starting, `consumeBatches` rejects. */
  signal?: AbortSignal;
  /** First pause after a failed batch, doubled to at most 5,000. Default 100. */
  retryMs?: number;
}

export interface Consumption {
  /** Ends fetching, waits for the batches being handled, tells Kafka how far it came, and leaves the group. */
  stop(): Promise<void>;
  /** True if it has joined, fetched lately, and nothing is halted, stuck or crashed. */
  healthy(): boolean;
  status(): ConsumptionStatus;
}

export interface ConsumptionStatus {
  joined: boolean;
  crashed: boolean;
  /** Since the last fetch or heartbeat. */
  idleMs: number;
  /** `lag`: records in the log that are not yet handled, as of the last fetch. */
  assigned: (TopicPartition & { lag: number })[];
  halted: (TopicPartition & { reason: string })[];
  failing: (TopicPartition & { attempts: number; reason: string })[];
  /**
   * Records that have failed alone for 60 s while others went on; they wait for an operator. `since`: Unix
   * milliseconds.
   */
  stuck: (RecordPlace & { reason: string; since: number })[];
}
