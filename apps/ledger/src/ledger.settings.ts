import { Matches } from 'class-validator';
import { getHeapStatistics } from 'node:v8';
import { QUARANTINE_DAYS, SERVICES, SUBMISSIONS_DAYS } from '@vouchers/contracts';
import { Env, IsWholeNumber, ServiceSettings, wholeNumber } from '@vouchers/service';

/** The default share of the largest heap. The rest is for batches, their statements, and readers. */
const KNOWLEDGE_SHARE = 0.3;

export class LedgerSettings extends ServiceSettings {
  readonly service = 'ledger';
  override port = SERVICES.ledger.port;
  /** The bytes of memory for vouchers, claims and users. Others are looked up in Postgres. */
  @Env('LEDGER_KNOWLEDGE_BYTES', wholeNumber) @IsWholeNumber(1_000_000, 1_000_000_000_000) knowledgeBytes = Math.floor(
    getHeapStatistics().heap_size_limit * KNOWLEDGE_SHARE,
  );
  /** The connections to Postgres for counters and lists of events, apart from those for deciding. */
  @Env('HISTORY_CONNECTIONS', wholeNumber) @IsWholeNumber(1, 1_000) historyConnections = 4;
  /** The most replays at once (past moments, series and proofs). Each has a connection. */
  @Env('REPLAYS_AT_ONCE', wholeNumber) @IsWholeNumber(1, 1_000) replaysAtOnce = 2;
  /** The memory of the thread that simulates. Unit: bytes. A longer history is in a table of Postgres meanwhile. */
  @Env('SIMULATION_BYTES', wholeNumber) @IsWholeNumber(128_000_000, 1_000_000_000_000) simulationBytes = 256_000_000;
  /**
   * The days for which the quarantine is kept. It must be kept as long as the submissions, because a ledger that is
   * restored from a backup decides them again and must set the same records aside.
   */
  @Env('QUARANTINE_DAYS', wholeNumber) @IsWholeNumber(SUBMISSIONS_DAYS, 3_650) quarantineDays = QUARANTINE_DAYS;
  /** The interval at which the head of each partition's chain is published. Unit: milliseconds. */
  @Env('HEADS_EVERY_MS', wholeNumber) @IsWholeNumber(1_000, 86_400_000) headsEveryMs = 3_600_000;
  /**
   * The `ce_source` of outcomes. Source and id are an event's identity for consumers, so it must be set from the start.
   */
  @Env('EVENT_SOURCE')
  @Matches(/^[\w.~:/?#@!$&'()*+,;=%-]{1,255}$/, { message: 'must be a URI reference' })
  eventSource = '/ledger';
  /** The most open event streams per caller and in this replica. */
  @Env('STREAMS_PER_CALLER', wholeNumber) @IsWholeNumber(1, 1_000_000) streamsPerCaller = 20;
  @Env('STREAMS_AT_ONCE', wholeNumber) @IsWholeNumber(1, 1_000_000) streamsAtOnce = 1_000;
}
