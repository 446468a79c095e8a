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
   * Without `startAt`: true (default) starts at the group's committed offset, or at the log's first one. False starts
   * at the end that the log has when the group is joined, and commits nothing: for a process that only needs new
   * records.
   */
  fromBeginning?: boolean;
  /**
   * The offset at which a partition starts, from its owner's own cursor. It is called at each assignment and after each
   * failure. Undefined: Kafka's committed offset. An offset outside of the log halts the partition (see `outOfRange`).
   */
  startAt?: (topic: string, partition: number) => Promise<bigint | undefined>;
  /** The reaction if `startAt` is below the log's first offset. Default `halt`. Above the log's end it always halts. */
  outOfRange?: 'halt' | 'earliest';
  /** Called with newly assigned partitions, before any of their records is delivered. */
  onAssigned?: (partitions: TopicPartition[]) => void;
  /** Called with partitions that a rebalance took away or `stop` gave up. */
  onRevoked?: (partitions: TopicPartition[]) => void;
  /** Called when the consumer died for good. Default: exits the process, so that its supervisor starts it again. */
  onCrash?: (error: Error) => void;
  /** The most records per batch. Default 500. */
  maxRecords?: number;
  /**
   * The pause between two fetches at the log's end. It makes batches larger, which is cheaper if nobody waits for the
   * records. Default 0.
   */
  restMs?: number;
  /** The most bytes per fetch and partition. Default 1 MiB. */
  maxBytesPerPartition?: number;
  /** A process that was killed keeps its partitions this long. Default 10,000, with a heartbeat every 2,000. */
  sessionTimeoutMs?: number;
  /**
   * Resolves if the systems that the handler needs work, for example after a write to its database. It is called when a
   * record fails alone, and when a batch fails by the infrastructure (failure-cause.ts). Without it, batches of other
   * partitions that are handled meanwhile are the proof.
   */
  probe?: () => Promise<void>;
  /**
   * An operator's order to set the stuck record aside: why and by whom; undefined if there is none. It is called before
   * each attempt for a record that has failed alone for 60 s.
   */
  skip?: (place: RecordPlace) => Promise<string | undefined>;
  /** Stops the consumer. If it is still starting, `consumeBatches` rejects. */
  signal?: AbortSignal;
  /** The first pause after a failed batch. It doubles at each failure, up to 5,000. Default 100. */
  retryMs?: number;
}

export interface Consumption {
  /** Stops fetching, waits for the batches being handled, commits the offsets to Kafka, and leaves the group. */
  stop(): Promise<void>;
  /** True if the group is joined, a fetch or heartbeat was answered lately, and nothing is halted, stuck or crashed. */
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
