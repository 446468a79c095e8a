// One event of the ledger as page-delivery reads it: from the outcomes topic, or from the ledger's list to fill a hole.
import {
  GRANTED_TYPES,
  HEADERS,
  REFUSED_TYPES,
  type EventData,
  type EventRow,
  type EventType,
} from '@vouchers/contracts';
import { headerOf, type IncomingRecord } from '@vouchers/messaging';

/** An event with its place. */
export interface Outcome {
  type: EventType;
  voucherId: string;
  submissionId?: string;
  partition: number;
  seq: number;
  data: EventData;
}

const KNOWN: ReadonlySet<string> = new Set<EventType>([
  'voucher.defined.v1',
  'voucher.enabled.v1',
  'voucher.terminated.v1',
  'voucher.claim-expired.v1',
  ...Object.values(GRANTED_TYPES),
  ...Object.values(REFUSED_TYPES),
]);

/** Readers ignore what they do not know, but count its place. */
export const isKnown = (type: string): type is EventType => KNOWN.has(type);

/** The place of a record, without parsing its value. NaN where a header is missing. */
export function placeOf(record: IncomingRecord): { partition: number; seq: number } {
  return {
    partition: Number(headerOf(record, HEADERS.partition)),
    seq: Number(headerOf(record, HEADERS.sequence)),
  };
}

/** Throws where the record is not an event of the ledger. */
export function outcomeOf(record: IncomingRecord): Outcome {
  const { value } = record;
  const { partition, seq } = placeOf(record);
  const type = headerOf(record, HEADERS.type);
  const voucherId = headerOf(record, HEADERS.subject);
  if (!value || !type || !voucherId || !Number.isSafeInteger(seq))
    throw new Error(`offset ${record.offset} holds no outcome`);
  const data = JSON.parse(value.toString('utf8')) as EventData;
  const submissionId = headerOf(record, HEADERS.submissionId);
  return { type: type as EventType, voucherId, submissionId, partition, seq, data };
}

export function outcomeOfRow({ type, voucherId, submissionId, partition, seq, data }: EventRow): Outcome {
  return { type, voucherId, submissionId, partition, seq, data };
}
