// The ledger's outcomes, as published on voucher.outcomes.v1: one record an event row.
import type { Claim, ClaimState, Redemption } from './claim.ts';
import type { Reason } from './reasons.ts';
import type { SubmissionKind } from './submissions.ts';
import type { Definition } from './voucher.ts';

/** The refused one of each kind of submission that can be refused (a push not granted is nothing at all). */
export const REFUSED_TYPES = {
  claim: 'voucher.claim-refused.v1',
  lock: 'voucher.lock-refused.v1',
  unlock: 'voucher.unlock-refused.v1',
  release: 'voucher.release-refused.v1',
  revoke: 'voucher.revoke-refused.v1',
  redemption: 'voucher.redemption-refused.v1',
  rollback: 'voucher.rollback-refused.v1',
} as const satisfies Record<Exclude<SubmissionKind, 'push'>, string>;

/** The granted one of each kind. Without a submission id, the same types tell what fell due or followed. */
export const GRANTED_TYPES = {
  push: 'voucher.pushed.v1',
  claim: 'voucher.claimed.v1',
  lock: 'voucher.locked.v1',
  unlock: 'voucher.unlocked.v1',
  release: 'voucher.claim-released.v1',
  revoke: 'voucher.claim-revoked.v1',
  redemption: 'voucher.redeemed.v1',
  rollback: 'voucher.redemption-rolled-back.v1',
} as const satisfies Record<SubmissionKind, string>;

export type RefusedKind = keyof typeof REFUSED_TYPES;
export type EventType =
  | 'voucher.defined.v1'
  | 'voucher.enabled.v1'
  | 'voucher.terminated.v1'
  | 'voucher.claim-expired.v1'
  | (typeof GRANTED_TYPES)[SubmissionKind]
  | (typeof REFUSED_TYPES)[RefusedKind];

/** One step of a decision, in the order of semantics.md, up to the one that decided. */
export interface Check {
  /** Bears the name of its reason. */
  check: string;
  passed: boolean;
  /** Why, and where computable the nearest change that would flip it. Free of facts about the user. */
  detail?: string;
}

/** `data` of an event: on Kafka, in the ledger's lists and streams. Times RFC 3339, UTC. */
export interface EventData {
  voucherVersion: number;
  team: string;
  labels: Record<string, string>;
  /** The time at which it was judged. */
  at: string;
  /** The raw time of the submission behind it, else = `at`. */
  occurredAt: string;
  /** The ledger's own clock when the batch was decided. */
  decidedAt: string;
  userId?: string;
  pageSlug?: string;
  /** As it is after this event. */
  claim?: Claim;
  /** The claim's state before this event; absent where there was none, or where nothing changed. */
  before?: ClaimState;
  /** How a `redeemed` claim came to be so: only one that spent its uses can be held again. */
  endedBy?: 'uses' | 'expiry' | 'release' | 'revocation';
  redemption?: Redemption;
  /** voucher.defined.v1: the version read, without goods. */
  definition?: Definition;
  /** Why refused; or the words given with a revocation or rollback are in `comment`. */
  reason?: Reason;
  comment?: string;
  /** Hash of the submission's body: the same idempotency key with another body is 422. */
  bodyHash?: string;
  asker?: string;
  checks?: Check[];
  /** Verdict events: how many events of the same decision follow this one directly. Absent: none. */
  followedBy?: number;
}

/** An event row, in all lists and streams of the ledger. */
export interface EventRow {
  id: string;
  type: EventType;
  voucherId: string;
  partition: number;
  seq: number;
  at: string;
  occurredAt: string;
  decidedAt: string;
  submissionId?: string;
  data: EventData;
}

/** `GET /v1/submissions/{id}/decision`. */
export interface DecisionTrace {
  submissionId: string;
  kind: SubmissionKind;
  voucherId: string;
  voucherVersion: number;
  at: string;
  occurredAt: string;
  /** Flat: `{"user.tier": "gold"}`. */
  facts: Record<string, unknown>;
  checks: Check[];
  verdict: 'granted' | 'refused';
  reason?: Reason;
}
