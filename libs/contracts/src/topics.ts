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
