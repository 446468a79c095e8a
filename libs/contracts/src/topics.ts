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
  traceparent: 'traceparent',
} as const;
