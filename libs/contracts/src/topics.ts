// The names that a Kafka client needs. Fixed by the contract: they only grow.

export const TOPICS = {
  definitions: 'voucher.definitions.v1',
  pages: 'voucher.pages.v1',
  submissions: 'voucher.submissions.v1',
  outcomes: 'voucher.outcomes.v1',
  quarantine: 'voucher.submissions.quarantine.v1',
} as const;

export type TopicName = keyof typeof TOPICS;

/** Partitions of every topic, unless `KAFKA_PARTITIONS` says otherwise before they are created. */
export const DEFAULT_PARTITIONS = 12;

/** No record of another topic than definitions exceeds this. Unit: bytes. */
export const MAX_RECORD_BYTES = 900_000;
/** A definition with 20,000 goods. Unit: bytes. */
export const MAX_DEFINITION_BYTES = 3_000_000;

/** The days for which submissions and outcomes are kept. A backup of the ledger may not be older. */
export const SUBMISSIONS_DAYS = 30;
/** The days for which the quarantine is kept, unless the ledger's QUARANTINE_DAYS says otherwise. */
export const QUARANTINE_DAYS = 90;

const DAY_MS = 24 * 60 * 60 * 1_000;
const keptFor = (days: number) => ({ 'cleanup.policy': 'delete', 'retention.ms': String(days * DAY_MS) });
const THIRTY_DAYS = keptFor(SUBMISSIONS_DAYS);
const LARGE = { 'max.message.bytes': String(MAX_DEFINITION_BYTES) };

/** Kafka's settings of each topic, as they are given when it is made. */
export const TOPIC_SETTINGS: Record<TopicName, Record<string, string>> = {
  definitions: { 'cleanup.policy': 'compact', ...LARGE },
  pages: { 'cleanup.policy': 'compact' },
  // The broker's clock bounds what a submission says of its time (semantics.md).
  submissions: { ...THIRTY_DAYS, 'message.timestamp.type': 'LogAppendTime' },
  outcomes: THIRTY_DAYS,
  // A record of the quarantine may be as large as its first topic allows, and has a few headers more.
  quarantine: { ...keptFor(QUARANTINE_DAYS), ...LARGE },
};

/** CloudEvents 1.0, Kafka binary mode: attributes are headers with the prefix `ce_`. */
export const HEADERS = {
  id: 'ce_id',
  type: 'ce_type',
  source: 'ce_source',
  specVersion: 'ce_specversion',
  time: 'ce_time',
  subject: 'ce_subject',
  partition: 'ce_partition',
  sequence: 'ce_sequence',
  submissionId: 'ce_submissionid',
  /** The version of a deletion on a compacted topic. */
  version: 'ce_version',
  traceparent: 'traceparent',
} as const;

export type SubmissionKind = keyof typeof SUBMISSION_TYPES;

/** `ce_type` of each record on voucher.submissions.v1. */
export const SUBMISSION_TYPES = {
  push: 'voucher.push.v1',
  claim: 'voucher.claim.v1',
  lock: 'voucher.lock.v1',
  unlock: 'voucher.unlock.v1',
  release: 'voucher.release.v1',
  revoke: 'voucher.revoke.v1',
  redemption: 'voucher.redemption.v1',
  rollback: 'voucher.rollback.v1',
} as const;
export const DEFINITION_TYPE = 'voucher.definition.v1';
export const TICK_TYPE = 'voucher.tick.v1';
/** `ce_type` on voucher.pages.v1. */
export const PAGE_TYPE = 'voucher.page.v1';

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

/** The kind of submission that a verdict event answers, and how it answers. */
export interface AnsweredKind {
  readonly kind: SubmissionKind;
  readonly verdict: 'granted' | 'refused';
}
/** By the type of the verdict event. */
export const VERDICTS: ReadonlyMap<string, AnsweredKind> = new Map([
  ...answeredBy(GRANTED_TYPES, 'granted'),
  ...answeredBy(REFUSED_TYPES, 'refused'),
]);

function answeredBy(
  types: Partial<Record<SubmissionKind, string>>,
  verdict: AnsweredKind['verdict'],
): [string, AnsweredKind][] {
  return Object.entries(types).map(([kind, type]) => [type, { kind: kind as SubmissionKind, verdict }]);
}

export type RefusedKind = keyof typeof REFUSED_TYPES;
export type EventType =
  | 'voucher.defined.v1'
  | 'voucher.enabled.v1'
  | 'voucher.terminated.v1'
  | 'voucher.claim-expired.v1'
  | (typeof GRANTED_TYPES)[SubmissionKind]
  | (typeof REFUSED_TYPES)[RefusedKind];
