// The part of a follower that differs between services.
import type { EventRow } from '@vouchers/contracts';
import type { IncomingRecord } from '@vouchers/messaging';
import type { OutcomeHead, EventPosition } from './outcome.ts';
import type { AskStatement } from './outcomes.database.ts';

/** How Postgres writes the rows of a batch. */
export interface Writing {
  /** CTEs that write the rows of a batch if the CTE `fence` has a row. Their parameters are $1 to $`parameters`. */
  rowsBehind(fence: string): string;
  readonly parameters: number;
}

/**
 * How outcomes become rows of a service's tables. `O`: what it reads of an event. Every row must follow from the
 * outcomes alone, so that it can be made again.
 */
export interface Projection<O extends OutcomeHead = OutcomeHead> extends Writing {
  /**
   * The table of positions: `partition`, `cluster_id`, `topic_id`, `next_offset`, `next_seq`, `revision`. `revision`
   * grows when anything but the follower writes rows of the partition.
   */
  readonly positions: string;
  /** Undefined if the record is no event of the ledger. The ledger is then asked for the event at that position. */
  read(record: IncomingRecord, position: EventPosition): O | undefined;
  /** Reads an event of the ledger's list. */
  readRow(row: EventRow): O;
  /**
   * The same for an event that forgets a user, which comes alone. It is a statement of its own, since Postgres opens
   * each table that a statement may change, and these events are rare.
   */
  readonly forgetting: Writing;
  /**
   * Begins with a partition or with one voucher.
   * @param ask reads stored rows. Without it, every voucher is made from its first event on.
   */
  begin(ask?: AskStatement): RowsMaker<O>;
}

/** Makes rows of outcomes, in the order of seq. It may remember what was written, to make the next ones. */
export interface RowsMaker<O> {
  rowsOf(outcomes: readonly O[]): Promise<Rows> | Rows;
  /** Its memory of the voucher is void. */
  forget?(voucherId: string): void;
}

export interface Rows {
  /** Values of the parameters of `rowsBehind`. */
  readonly values: unknown[];
  /** True if they are those of `forgetting`. */
  readonly isForgetting?: boolean;
  /** Called when they are written. */
  written?(): void;
}
