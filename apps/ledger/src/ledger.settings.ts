import { getHeapStatistics } from 'node:v8';
import { QUARANTINE_DAYS, SERVICES, SUBMISSIONS_DAYS } from '@vouchers/contracts';
import { Env, IsWholeNumber, ServiceSettings, wholeNumber } from '@vouchers/service';

/** The default share of the largest heap. The rest is for batches, their statements, and readers. */
const KNOWLEDGE_SHARE = 0.3;

export class LedgerSettings extends ServiceSettings {
  readonly service = 'ledger';
  override port = SERVICES.ledger.port;
  /** Bytes of memory for known vouchers, claims and users. Postgres is asked for everything that does not fit. */
  @Env('LEDGER_KNOWLEDGE_BYTES', wholeNumber) @IsWholeNumber(1_000_000, 1_000_000_000_000) knowledgeBytes = Math.floor(
    getHeapStatistics().heap_size_limit * KNOWLEDGE_SHARE,
  );
  /** Connections to Postgres for counters and lists of events, separate from those for deciding. */
  @Env('HISTORY_CONNECTIONS', wholeNumber) @IsWholeNumber(1, 1_000) historyConnections = 4;
  /** The most past moments, series and proofs that are replayed at the same time, each with a connection of its own. */
  @Env('REPLAYS_AT_ONCE', wholeNumber) @IsWholeNumber(1, 1_000) replaysAtOnce = 2;
  /**
   * How many days the quarantine is kept. It must be kept as long as the submissions, since a ledger that is restored
   * from a backup decides them again and sets the same records aside.
   */
  @Env('QUARANTINE_DAYS', wholeNumber) @IsWholeNumber(SUBMISSIONS_DAYS, 3_650) quarantineDays = QUARANTINE_DAYS;
  /** The most event streams open at the same time: per caller, and in this replica. */
  @Env('STREAMS_PER_CALLER', wholeNumber) @IsWholeNumber(1, 1_000_000) streamsPerCaller = 20;
  @Env('STREAMS_AT_ONCE', wholeNumber) @IsWholeNumber(1, 1_000_000) streamsAtOnce = 1_000;
}
