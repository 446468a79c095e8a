// One event of the ledger as page-delivery reads it: from the outcomes topic, or from the ledger's list to fill a hole.
import {
  GRANTED_TYPES,
  HEADERS,
  REFUSED_TYPES,
  UUID,
  type EventData,
  type EventRow,
  type EventType,
} from '@vouchers/contracts';
import { headerOf, type IncomingRecord } from '@vouchers/messaging';
import { objectIn } from './json-object.ts';

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

/** The place of a record, from its headers alone; undefined if they are not those of an event of that partition. */
export function placeOf(record: IncomingRecord, partition: number): { partition: number; seq: number } | undefined {
  const seq = headerOf(record, HEADERS.sequence);
  if (seq === undefined || !SEQ.test(seq) || headerOf(record, HEADERS.partition) !== String(partition))
    return undefined;
  return { partition, seq: Number(seq) };
}

/** Undefined if the record is no event of the ledger. The ledger is then asked for the event of that place. */
export function outcomeOf(record: IncomingRecord, partition: number): Outcome | undefined {
  const place = placeOf(record, partition);
  const type = headerOf(record, HEADERS.type);
  const voucherId = headerOf(record, HEADERS.subject);
  if (!place || !type || !isId(voucherId)) return undefined;
  const data = dataIn(record.value, voucherId);
  if (!data) return undefined;
  return { type: type as EventType, voucherId, submissionId: headerOf(record, HEADERS.submissionId), ...place, data };
}

const SEQ = /^[1-9]\d{0,14}$/;
const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
const isText = (value: unknown): boolean => typeof value === 'string';

/** Checks only the keys of rows, since readers accept events of every release. */
function dataIn(value: Buffer | null, voucherId: string): EventData | undefined {
  const data = value && objectIn(value);
  if (!data) return undefined;
  const { at, claim, redemption } = data as unknown as EventData;
  if (!isText(at)) return undefined;
  if (claim !== undefined && !(isId(claim?.id) && claim.voucherId === voucherId && isText(claim.userId)))
    return undefined;
  if (redemption !== undefined && !(isId(redemption?.id) && isId(redemption.claimId) && isText(redemption.order?.id)))
    return undefined;
  return data as unknown as EventData;
}

export function outcomeOfRow({ type, voucherId, submissionId, partition, seq, data }: EventRow): Outcome {
  return { type, voucherId, submissionId, partition, seq, data };
}
