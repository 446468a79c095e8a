// The rows of the ledger's tables. Times are Unix milliseconds. JSON is text, since only the domain knows its meaning.
import type { ClaimState, EntryState, EventType } from '@vouchers/contracts';
import type pg from 'pg';

/** An event about to be stored; its seq follows from the cursor and its position in the batch. */
export interface EventToStore {
  type: EventType;
  voucherId: string;
  voucherVersion: number;
  submissionId: string | null;
  userId: string | null;
  claimId: string | null;
  redemptionId: string | null;
  reason: string | null;
  at: number;
  occurredAt: number;
  traceparent: string | null;
  /** `EventData` as UTF-8 JSON, encoded once: these bytes are stored and published. */
  data: Buffer;
  /** Flat JSON. It is never published and may be removed later. */
  facts: string | null;
  /**
   * For a verdict event: the fields of its submission that the event lacks. JSON. It is never published and may be
   * removed later.
   */
  submission: string | null;
  /** Random, for the commitment to what is personal. Null if the event has no submission, or is forgotten. */
  salt: string | null;
}

/** An event with its partition and seq. */
export interface StoredEvent extends EventToStore {
  /** JSON that is published within `data.forgotten` and not stored with the event. Absent in nearly all events. */
  disclosed?: string;
  partition: number;
  seq: number;
  decidedAt: number;
  /** Hex. Stored when a user is forgotten; until then it follows from salt and content, and is null. */
  commitment: string | null;
}

/** A voucher's state, which the ledger loads after a restart instead of its history. */
export interface VoucherRow {
  voucherId: string;
  status: string;
  enabled: boolean;
  revoking: boolean;
  /** Whether a slice has ended amid the offers that follow from one event. */
  offering: boolean;
  /** The voucher's time. */
  time: number;
  lastVersion: number;
  /** The last submission that was decided. */
  lastVerdict: string | null;
  headSeq: number;
  headAt: number;
  free: number | null;
  /** JSON: every counter but `free`. */
  counters: string;
  /** JSON: the definition in force. null in a write: unchanged. */
  definition: string | null;
  /** JSON object, for sums by label. null in a write: unchanged. */
  labels: string | null;
  /**
   * The earliest moment at which time alone may change the voucher (expiry, a node); null: never. It may be too early,
   * and does not follow from the events.
   */
  wakeAt: number | null;
}

export interface ClaimRow {
  claimId: string;
  voucherId: string;
  voucherVersion: number;
  userId: string;
  state: ClaimState;
  uses: number;
  heldAt: number;
  useFrom: number;
  useUntil: number;
  lockOrderId: string | null;
  lockUntil: number | null;
  endedBy: string | null;
  /** The time at which the claim changes by itself (expiry, the end of a lock); null after it ended. */
  dueAt: number | null;
  /** The seq of its `voucher.claimed.v1`. */
  claimedSeq: number;
  /** Flat JSON. */
  facts: string;
  /** JSON: the times of its notices, its extensions, and the reservation of its lock. Null if it has none of them. */
  more: string | null;
}

/** An entry on the waiting list of a voucher. */
export interface EntryRow {
  entryId: string;
  voucherId: string;
  voucherVersion: number;
  userId: string;
  state: EntryState;
  rank: number;
  number: number;
  joinedAt: number;
  /** The seq of its `voucher.waiting-list-joined.v1`. */
  joinedSeq: number;
  offerAt: number | null;
  offerUntil: number | null;
  endedAt: number | null;
}

/** A voucher's record of a user. */
export interface UserRow {
  voucherId: string;
  userId: string;
  pushed: boolean;
  /** All claims that the user ever had, without released ones. */
  claims: number;
}

export interface RedemptionRow {
  redemptionId: string;
  claimId: string;
  voucherId: string;
  userId: string;
  /** JSON. */
  order: string;
  at: number;
  rolledBackAt: number | null;
  /** JSON. Null if it took no money off, or if an earlier release recorded it. */
  discount: string | null;
}

/** The progress of a partition: the next offset to read and the next seq to assign. */
export interface Cursor {
  nextOffset: number;
  nextSeq: number;
  /** A rebuild increases it when it changes projections. Then everything in memory about them is void. */
  epoch: number;
  /** The hash of the last event, which the hash of the next one continues. Hex. */
  hash: string;
}

/** All that one batch writes: its events in order, and each projection row as it is after the last of them. */
export interface Batch {
  partition: number;
  /** The batch is only written if this is the partition's cursor. */
  from: Cursor;
  nextOffset: number;
  decidedAt: number;
  events: EventToStore[];
  /** The hash of each event, hex, all in one text. */
  hashes: string;
  vouchers: VoucherRow[];
  newClaims: ClaimRow[];
  changedClaims: ClaimRow[];
  /** Users that certainly have no row yet. */
  newUsers: UserRow[];
  /** Users that may have a row. */
  changedUsers: UserRow[];
  newRedemptions: RedemptionRow[];
  changedRedemptions: RedemptionRow[];
  newEntries: EntryRow[];
  changedEntries: EntryRow[];
  /** Complete states of vouchers at some of these events, for `at=` and proofs. */
  checkpoints: CheckpointRow[];
  /** Refused pushes are not events; they are only counted. */
  refusedPushes: RefusedPushes[];
  /** Statements that precede the batch in its transaction. Only batches that forget a user have some. */
  before?: readonly pg.QueryConfig[];
}

/** Adds this count to a voucher's refused pushes for one reason. */
export interface RefusedPushes {
  voucherId: string;
  reason: string;
  count: number;
}

export interface CheckpointRow {
  voucherId: string;
  seq: number;
  /** JSON. */
  state: string;
}
