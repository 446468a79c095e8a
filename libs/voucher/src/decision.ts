// The decider's inputs and outputs. Everything it may know arrives here: no clock, no randomness, no I/O.
import type {
  Check,
  ClaimState,
  Definition,
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
  checks?: Check[];
  followedBy?: number;
  /** Recorded beside the event, never published. Flat: `{"user.tier": "gold"}`. */
  facts?: Facts;
  /** Of a verdict event: recorded beside it, never published. */
  submission?: Recorded;
}

/**
 * What is recorded of a submission beside its verdict event (`submissions/recorded.ts`). An absent field is said by the
 * event, or the kind has no such field.
 */
export interface Recorded {
  /** Of a refused claim. */
  claimId?: string;
  /** Of a refused redemption, as `order`. */
  redemptionId?: string;
  order?: Order;
  /** Of a lock or unlock. */
  orderId?: string;
  ttlSeconds?: number;
  matchesGoods?: boolean;
  goodsVersion?: number;
  /** A redemption brought attributes of its own: the facts are from them, not from the claim. */
  attributesGiven?: true;
  /** Where it is not the version that decided. */
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
  /** A push that is not granted is no event: why, to be counted. Absent for one that repeats. */
  refusedPush?: PushReason;
}
