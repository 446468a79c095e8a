// The names that a Kafka client needs. The contract fixes them: names may be added, but never changed.

export const TOPICS = {
  definitions: 'voucher.definitions.v1',
  pages: 'voucher.pages.v1',
  submissions: 'voucher.submissions.v1',
  outcomes: 'voucher.outcomes.v1',
  quarantine: 'voucher.submissions.quarantine.v1',
  heads: 'voucher.heads.v1',
} as const;

export type TopicName = keyof typeof TOPICS;

/** The topics whose readers act on each record. Their records are signed. */
export const SIGNED_TOPICS = ['submissions', 'definitions', 'pages'] as const satisfies TopicName[];

/** The number of partitions of each topic, unless `KAFKA_PARTITIONS` sets another before the topics are made. */
export const DEFAULT_PARTITIONS = 12;

/** The largest record of any topic except definitions. Unit: bytes. */
export const MAX_RECORD_BYTES = 900_000;
/** The largest definition, which has 20,000 goods. Unit: bytes. */
export const MAX_DEFINITION_BYTES = 3_000_000;

/** The days for which submissions and outcomes are kept. A backup of the ledger must not be older. */
export const SUBMISSIONS_DAYS = 30;
/** The days for which the quarantine is kept, unless the ledger's QUARANTINE_DAYS sets another number. */
export const QUARANTINE_DAYS = 90;

const DAY_MS = 24 * 60 * 60 * 1_000;
const keptFor = (days: number) => ({ 'cleanup.policy': 'delete', 'retention.ms': String(days * DAY_MS) });
const THIRTY_DAYS = keptFor(SUBMISSIONS_DAYS);
const LARGE = { 'max.message.bytes': String(MAX_DEFINITION_BYTES) };

/** The Kafka settings with which each topic is made. */
export const TOPIC_SETTINGS: Record<TopicName, Record<string, string>> = {
  definitions: { 'cleanup.policy': 'compact', ...LARGE },
  pages: { 'cleanup.policy': 'compact' },
  // Broker time limits the time that a submission may have (semantics.md).
  submissions: { ...THIRTY_DAYS, 'message.timestamp.type': 'LogAppendTime' },
  outcomes: THIRTY_DAYS,
  // A record in quarantine may be as large as its original topic allows, and has a few more headers.
  quarantine: { ...keptFor(QUARANTINE_DAYS), ...LARGE },
  // Not compacted, so that no later record can take the place of a head.
  heads: { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' },
};

/** Full topic names, e.g. `demo.voucher.submissions.v1`. */
export function topicNames(namespace: string): Record<TopicName, string> {
  const named = Object.entries(TOPICS).map(([key, name]) => [key, namespace ? `${namespace}.${name}` : name]);
  return Object.fromEntries(named) as Record<TopicName, string>;
}

export interface TopicSpec {
  topic: string;
  partitions: number;
  /** Copies per partition; absent: the brokers' default. */
  replication?: number;
  /** Kafka's settings for the new topic, such as `cleanup.policy`. */
  config: Record<string, string>;
}

/**
 * The topics of the contract, under the given (namespaced) names.
 * @param replication copies per partition; a write waits for all but one. 0: the brokers' defaults
 */
export function platformTopics(names: Record<TopicName, string>, partitions: number, replication = 0): TopicSpec[] {
  const copies = { 'min.insync.replicas': String(Math.max(1, replication - 1)) };
  return (Object.keys(TOPIC_SETTINGS) as TopicName[]).map((name) => ({
    topic: names[name],
    partitions,
    ...(replication > 0 && { replication }),
    config: { ...TOPIC_SETTINGS[name], ...(replication > 0 && copies) },
  }));
}

/** The headers of CloudEvents 1.0 in Kafka binary mode: attributes have the prefix `ce_`. */
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
  dataSchema: 'ce_dataschema',
  /** The version of a deleted item on a compacted topic. */
  version: 'ce_version',
  /** The id of the key that signed the record, a colon, and the MAC: see signatures.ts. */
  signature: 'ce_signature',
  traceparent: 'traceparent',
} as const;

/** The `$id` of the JSON Schema of a message type. Records name it in `ce_dataschema`. */
export const schemaIdOf = (type: string): string => `urn:voucher-platform:${type}`;

export type SubmissionKind = keyof typeof SUBMISSION_TYPES;

/** The `ce_type` of submissions on voucher.submissions.v1. */
export const SUBMISSION_TYPES = {
  push: 'voucher.push.v1',
  claim: 'voucher.claim.v1',
  lock: 'voucher.lock.v1',
  unlock: 'voucher.unlock.v1',
  release: 'voucher.release.v1',
  revoke: 'voucher.revoke.v1',
  redemption: 'voucher.redemption.v1',
  rollback: 'voucher.rollback.v1',
  join: 'voucher.join.v1',
  leave: 'voucher.leave.v1',
  extension: 'voucher.extension.v1',
} as const;
export const DEFINITION_TYPE = 'voucher.definition.v1';
export const TICK_TYPE = 'voucher.tick.v1';
/** The `ce_type` on voucher.heads.v1. */
export const HEAD_TYPE = 'voucher.head.v1';
/** A request to forget a user. Each partition of the submissions gets one. */
export const FORGET_TYPE = 'voucher.forget.v1';
/** The ledger's own record: it has found the user's events, and forgets the user at this place. */
export const FORGET_NOW_TYPE = 'voucher.forget-now.v1';
/** The event of a partition in which a user was forgotten. It belongs to no voucher. */
export const USER_FORGOTTEN = 'voucher.user-forgotten.v1';
/** The `ce_type` on voucher.pages.v1. */
export const PAGE_TYPE = 'voucher.page.v1';

/** The event type of each kind of refused submission. A refused push has no event. */
export const REFUSED_TYPES = {
  claim: 'voucher.claim-refused.v1',
  lock: 'voucher.lock-refused.v1',
  unlock: 'voucher.unlock-refused.v1',
  release: 'voucher.release-refused.v1',
  revoke: 'voucher.revoke-refused.v1',
  redemption: 'voucher.redemption-refused.v1',
  rollback: 'voucher.rollback-refused.v1',
  join: 'voucher.join-refused.v1',
  leave: 'voucher.leave-refused.v1',
  extension: 'voucher.extension-refused.v1',
} as const satisfies Record<Exclude<SubmissionKind, 'push'>, string>;

/** The event type of each kind of granted submission. Events without submission id use some of these types, too. */
export const GRANTED_TYPES = {
  push: 'voucher.pushed.v1',
  claim: 'voucher.claimed.v1',
  lock: 'voucher.locked.v1',
  unlock: 'voucher.unlocked.v1',
  release: 'voucher.claim-released.v1',
  revoke: 'voucher.claim-revoked.v1',
  redemption: 'voucher.redeemed.v1',
  rollback: 'voucher.redemption-rolled-back.v1',
  join: 'voucher.waiting-list-joined.v1',
  leave: 'voucher.waiting-list-left.v1',
  extension: 'voucher.claim-extended.v1',
} as const satisfies Record<SubmissionKind, string>;

/** The kind of submission that a verdict event decides, and the verdict. */
export interface AnsweredKind {
  readonly kind: SubmissionKind;
  readonly verdict: 'granted' | 'refused';
}
/** The kind and verdict of each type of verdict event. */
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
  | typeof USER_FORGOTTEN
  | 'voucher.claim-expiring.v1'
  | 'voucher.offered.v1'
  | 'voucher.offer-lapsed.v1'
  | 'voucher.offer-withdrawn.v1'
  | (typeof GRANTED_TYPES)[SubmissionKind]
  | (typeof REFUSED_TYPES)[RefusedKind];
