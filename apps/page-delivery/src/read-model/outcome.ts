// One event of the ledger as page-delivery reads it: from the outcomes topic, or from the ledger's list to fill a hole.
import {
  GRANTED_TYPES,
  HEADERS,
  REFUSED_TYPES,
  type EventData,
  type EventRow,
  type EventType,
} from '@vouchers/contracts';
import type { IncomingRecord } from '@vouchers/messaging';

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
export function placeOf({ headers }: IncomingRecord): { partition: number; seq: number } {
  return { partition: Number(headers[HEADERS.partition]), seq: Number(headers[HEADERS.sequence]) };
}

/** Throws where the record is not an event of the ledger. */
export function outcomeOf(record: IncomingRecord): Outcome {
  const { headers, value } = record;
  const { partition, seq } = placeOf(record);
  const type = headers[HEADERS.type];
  const voucherId = headers[HEADERS.subject];
  if (!value || !type || !voucherId || !Number.isSafeInteger(seq))
    throw new Error(`offset ${record.offset} holds no outcome`);
  const data = JSON.parse(value.toString('utf8')) as EventData;
  return { type: type as EventType, voucherId, submissionId: headers[HEADERS.submissionId], partition, seq, data };
}

export function outcomeOfRow({ type, voucherId, submissionId, partition, seq, data }: EventRow): Outcome {
  return { type, voucherId, submissionId, partition, seq, data };
}
