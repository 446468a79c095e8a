// The inputs and outputs of `decide`. It depends on nothing else: no clock, no randomness, no I/O.
import type {
  Check,
  ClaimState,
  Definition,
  EntryState,
  EventData,
  EventType,
  Facts,
  Order,
  PushReason,
  Reason,
  RedemptionSubmission,
  Submission,
  SubmissionKind,
} from '@vouchers/contracts';
import type { ClaimRecord, EntryRecord, RedemptionRecord, Reservation, VoucherState } from './state.ts';

/** The most events per transaction when many claims fall due or are revoked at once. */
export const SLICE = 1_000;

/** One event in the domain. The store adds its partition and seq and encodes it with `encodeEvent`. */
export interface VoucherEvent {
  type: EventType;
  voucherId: string;
  /** The version by which it was decided. */
  voucherVersion: number;
  at: number;
  occurredAt: number;
  /** Only a verdict event has one. The events before and after it in the same decision have none. */
  submissionId?: string;
  kind?: SubmissionKind;
  userId?: string;
  pageSlug?: string;
  /** The claim after this event. */
  claim?: ClaimRecord;
  /** The claim's state before this event. Absent if the claim is new or did not change. */
  before?: ClaimState;
  redemption?: RedemptionRecord;
  /** The entry after this event. */
  entry?: EntryRecord;
  /** The entry's state before this event. Absent if the entry is new or did not change. */
  entryBefore?: EntryState;
  /** Why the ledger took the entry off the list. */
  why?: EventData['why'];
  /** The discount that a redemption takes off, or a reserving lock reserves. */
  discount?: EventData['discount'];
  /** The reservation that this event ended. */
  endedReservation?: Reservation;
  /** A roll back that gives the claim back to its user, whatever the pool says. */
  hold?: true;
  definition?: Definition;
  reason?: Reason;
  comment?: string;
  bodyHash?: string;
  asker?: string;
  by?: EventData['by'];
  checks?: Check[];
  followedBy?: number;
  /** Stored with the event, but never published. Flat: `{"user.tier": "gold"}`. */
  facts?: Facts;
  /** Only a verdict event has one. It is stored with the event, but never published. */
  submission?: Recorded;
}

/**
 * The part of a submission that is stored with its verdict event (`submissions/recorded.ts`). If a field is absent, the
 * event has it, or this kind of submission has no such field.
 */
export interface Recorded {
  /** Only for a refused claim. */
  claimId?: string;
  /** Only for a refused joining. */
  entryId?: string;
  /** Only for a refused redemption. */
  redemptionId?: string;
  /** Only for a refused redemption or a reserving lock. */
  order?: Order;
  /** Only for a refused redemption or a refused reserving lock. */
  discount?: Partial<NonNullable<RedemptionSubmission['discount']>>;
  /** The order call that sent it. */
  orderCall?: string;
  /** Only for a rollback that was told so. */
  hold?: true;
  /** Only for a lock or unlock. */
  orderId?: string;
  ttlSeconds?: number;
  matchesGoods?: boolean;
  goodsVersion?: number;
  /** True if the facts come from the submission's own attributes, not from the claim. */
  attributesGiven?: true;
  /** Absent if it is the version by which the submission was decided. */
  strippedBy?: number;
}

/** An input with the time that `settledTime` gives. Unit: Unix ms. */
export type Input =
  | { type: 'submission'; at: number; value: Submission }
  | { type: 'definition'; at: number; value: Definition }
  | { type: 'tick'; at: number };

export interface Decision {
  events: VoucherEvent[];
  /** The state after all `events`. Before the next decision, the caller's `knowledge` must reflect them, too. */
  voucher: VoucherState | undefined;
  /** True if the slice is full: write it, then decide the same input again with knowledge that reflects it. */
  more: boolean;
  /** The reason why a push was refused, to be counted. There is no event for it. Absent for a repeated push. */
  refusedPush?: PushReason;
}
