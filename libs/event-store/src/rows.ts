// The rows of the ledger's tables as the store takes and gives them. Times are Unix milliseconds, JSON is text:
// what it means is the domain's, the store only keeps it.
import type { ClaimState, EventType } from '@vouchers/contracts';

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
  /** Flat JSON, never published; may be blanked later. */
  facts: string | null;
  /**
   * For a verdict event: the fields of its submission that the event lacks. JSON, never published, may be blanked
   * later.
   */
  submission: string | null;
}

/** An event with its place. */
export interface StoredEvent extends EventToStore {
  partition: number;
  seq: number;
  decidedAt: number;
}

/** A voucher's small state: what a restart loads instead of a history. */
export interface VoucherRow {
  voucherId: string;
  status: string;
  enabled: boolean;
  revoking: boolean;
  /** The voucher's time. */
  time: number;
  lastVersion: number;
  /** The submission decided last. */
  lastVerdict: string | null;
  headSeq: number;
  headAt: number;
  free: number | null;
  /** JSON: every counter but `free`. */
  counters: string;
  /** JSON: the definition in force. null in a write: as it was. */
  definition: string | null;
  /** JSON object, for sums by label. null in a write: as they were. */
  labels: string | null;
  /** Lower bound of the next moment when time alone may matter; null: never. A hint, no projection. */
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
  /** When something falls due for it by itself; null once it ended. */
  dueAt: number | null;
  /** Where its `voucher.claimed.v1` stands. */
  claimedSeq: number;
  /** Flat JSON kept at the claim. */
  facts: string;
}

/** A voucher's record of a user. */
export interface UserRow {
  voucherId: string;
  userId: string;
  pushed: boolean;
  /** All that the user ever had but those released. */
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
}

/** Where a partition stands: the next record to read, the next seq to give. */
export interface Cursor {
  nextOffset: number;
  nextSeq: number;
  /** A rebuild moves it when it changes projections. Everything remembered of them before is then void. */
  epoch: number;
}

/** A batch, whole: events in order, and every projection row as it is after the last of them. */
export interface Batch {
  partition: number;
  /** Where the partition must stand for this batch to be written. */
  from: Cursor;
  nextOffset: number;
  decidedAt: number;
  events: EventToStore[];
  vouchers: VoucherRow[];
  newClaims: ClaimRow[];
  changedClaims: ClaimRow[];
  /** Users of whom surely no row is there. */
  newUsers: UserRow[];
  /** Others, whether or not a row is there. */
  changedUsers: UserRow[];
  newRedemptions: RedemptionRow[];
  changedRedemptions: RedemptionRow[];
  /** Vouchers' whole states at some of these events, for `at=` and proofs. */
  checkpoints: CheckpointRow[];
  /** Refused pushes. They are no events and are only counted. */
  refusedPushes: RefusedPushes[];
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
