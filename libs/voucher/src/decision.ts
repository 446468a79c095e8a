// The decider's inputs and outputs. Everything it may know arrives here: no clock, no randomness, no I/O.
import type {
  Check,
  ClaimState,
  Definition,
  EventData,
  EventType,
  Facts,
  Order,
  PushReason,
  Reason,
  Submission,
  SubmissionKind,
} from '@vouchers/contracts';
import type { ClaimRecord, RedemptionRecord, VoucherState } from './state.ts';

/** At most so many events a transaction of what falls due or is revoked at once. */
export const SLICE = 1_000;

/** One event as the domain sees it. Whoever stores it adds its place, and encodes it by `encodeEvent`. */
export interface VoucherEvent {
  type: EventType;
  voucherId: string;
  /** The version that decided. */
  voucherVersion: number;
  at: number;
  occurredAt: number;
  /** Only a verdict event has one: what fell due before it or followed from it has none. */
  submissionId?: string;
  kind?: SubmissionKind;
  userId?: string;
  pageSlug?: string;
  /** As it is after this event. */
  claim?: ClaimRecord;
  /** The claim's state before this event; absent where there was none, or where nothing changed. */
  before?: ClaimState;
  redemption?: RedemptionRecord;
  definition?: Definition;
  reason?: Reason;
  comment?: string;
  bodyHash?: string;
  asker?: string;
  by?: EventData['by'];
  checks?: Check[];
  followedBy?: number;
  /** Recorded beside the event, never published. Flat: `{"user.tier": "gold"}`. */
  facts?: Facts;
  /** For a verdict event. It is stored with the event and never published. */
  submission?: Recorded;
}

/**
 * The part of a submission that is stored with its verdict event (`submissions/recorded.ts`). If a field is absent, the
 * event has it, or this kind of submission has no such field.
 */
export interface Recorded {
  /** For a refused claim. */
  claimId?: string;
  /** For a refused redemption, as is `order`. */
  redemptionId?: string;
  order?: Order;
  /** For a lock or unlock. */
  orderId?: string;
  ttlSeconds?: number;
  matchesGoods?: boolean;
  goodsVersion?: number;
  /** True if the facts are from the redemption's own attributes, not from the claim. */
  attributesGiven?: true;
  /** Present if it is not the version that decided. */
  strippedBy?: number;
}

/** An input with its time already settled against the broker's (see `settledTime`). Unix milliseconds. */
export type Input =
  | { type: 'submission'; at: number; value: Submission }
  | { type: 'definition'; at: number; value: Definition }
  | { type: 'tick'; at: number };

export interface Decision {
  events: VoucherEvent[];
  /** The state after all `events` (the caller's `knowledge` must reflect them, too, before it is asked again). */
  voucher: VoucherState | undefined;
  /** A full slice: write it, then decide the same input again with knowledge that reflects it. */
  more: boolean;
  /** The reason for which a push was refused, to be counted: it is no event. Absent for a repeat. */
  refusedPush?: PushReason;
}
