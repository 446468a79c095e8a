// The ledger's one ordered input: what stands on voucher.submissions.v1.
import type { Order } from './claim.ts';
import type { Definition } from './voucher.ts';

export type SubmissionKind = 'push' | 'claim' | 'lock' | 'unlock' | 'release' | 'revoke' | 'redemption' | 'rollback';

export type FactValue = string | number | boolean | null | FactValue[] | { [key: string]: FactValue };
/** What was known of the user (and at the edge of the order) when it was asked. */
export type Facts = Record<string, FactValue>;

interface SubmissionBase {
  submissionId: string;
  voucherId: string;
  /** When the edge accepted it, or X-Occurred-At. RFC 3339, UTC, milliseconds. */
  at: string;
  /** Hash of who asked (team, sub, acting user): a submission is shown to its asker alone. */
  asker: string;
  /** SHA-256 of the body as canonical JSON, hex. */
  bodyHash: string;
  traceparent?: string;
}

export interface PushSubmission {
  kind: 'push';
  submissionId: string;
  voucherId: string;
  at: string;
  userId: string;
  pageSlug: string;
}
export interface ClaimSubmission extends SubmissionBase {
  kind: 'claim';
  claimId: string;
  userId: string;
  pageSlug?: string;
  /** The user attributes that the newest version known to the edge names. */
  attributes: Facts;
  /** The version by which the edge removed other attributes. Absent if none was removed. */
  strippedBy?: number;
}
export interface LockSubmission extends SubmissionBase {
  kind: 'lock';
  claimId: string;
  userId: string;
  orderId: string;
  ttlSeconds: number;
}
export interface UnlockSubmission extends SubmissionBase {
  kind: 'unlock';
  claimId: string;
  userId: string;
  orderId: string;
}
export interface ReleaseSubmission extends SubmissionBase {
  kind: 'release';
  claimId: string;
  userId: string;
}
export interface RevokeSubmission extends SubmissionBase {
  kind: 'revoke';
  claimId: string;
  reason: string;
}
export interface RedemptionSubmission extends SubmissionBase {
  kind: 'redemption';
  redemptionId: string;
  claimId: string;
  order: Order;
  /**
   * Attributes of a token whose `sub` is the claim's user, or of X-User-Attrs. Absent: the facts kept at the claim
   * count.
   */
  attributes?: Facts;
  /** As in a claim. */
  strippedBy?: number;
  /** Where the use condition names it: is an item's sku among the voucher's goods, and of which version. */
  matchesGoods?: boolean;
  goodsVersion?: number;
}
export interface RollbackSubmission extends SubmissionBase {
  kind: 'rollback';
  redemptionId: string;
  claimId: string;
  reason: string;
}

export type Submission =
  | PushSubmission
  | ClaimSubmission
  | LockSubmission
  | UnlockSubmission
  | ReleaseSubmission
  | RevokeSubmission
  | RedemptionSubmission
  | RollbackSubmission;

export type SubmissionOf<K extends SubmissionKind> = Extract<Submission, { kind: K }>;

/** Time passing in a partition: brings what is due, and judges what time may turn true. Key: empty. */
export interface Tick {
  at: string;
}

/** `ce_type` of each record on voucher.submissions.v1, and what its value is. */
export const SUBMISSION_TYPES = {
  push: 'voucher.push.v1',
  claim: 'voucher.claim.v1',
  lock: 'voucher.lock.v1',
  unlock: 'voucher.unlock.v1',
  release: 'voucher.release.v1',
  revoke: 'voucher.revoke.v1',
  redemption: 'voucher.redemption.v1',
  rollback: 'voucher.rollback.v1',
} as const satisfies Record<SubmissionKind, string>;
export const DEFINITION_TYPE = 'voucher.definition.v1';
export const TICK_TYPE = 'voucher.tick.v1';

export type SubmissionRecord =
  { type: 'submission'; value: Submission } | { type: 'definition'; value: Definition } | { type: 'tick'; value: Tick };
