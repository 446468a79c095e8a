// One event of the ledger as followers read it: from the outcomes topic, or from the ledger's list to fill a hole.
import { HEADERS, USER_FORGOTTEN, UUID, type EventData, type EventRow, type EventType } from '@vouchers/contracts';
import { headerOf, type IncomingRecord } from '@vouchers/messaging';
import { hash } from 'node:crypto';

/** The position of an event in the outcomes, as in the header `Voucher-Position`. */
export interface EventPosition {
  partition: number;
  seq: number;
}

/** The headers of an event. */
export interface OutcomeHead extends EventPosition {
  type: EventType;
  voucherId: string;
  submissionId?: string;
  /** The user whom the event forgets. Absent if it comes from the ledger's list, which does not tell the id. */
  forgotten?: ForgottenUser;
}

export interface Outcome extends OutcomeHead {
  data: EventData;
}

/** A user whom followers forget in a partition. Every row that names the user gets the pseudonym. */
export interface ForgottenUser {
  userId: string;
  pseudonym: string;
  /** Gives the ids of the user's orders the same pseudonyms as in the ledger. */
  orderOf(orderId: string): string;
  /** The hashes of those who asked in the user's place. */
  askers: readonly string[];
  /** When it was asked for. RFC 3339. */
  at: string;
}

const SEQ = /^[1-9]\d{0,14}$/;
const UTF_8 = new TextDecoder('utf-8', { fatal: true });
const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
const isText = (value: unknown): boolean => typeof value === 'string';

/** From the headers alone. Undefined if they are not the headers of an event of that partition. */
export function eventPositionOf(record: IncomingRecord, partition: number): EventPosition | undefined {
  const seq = headerOf(record, HEADERS.sequence);
  if (seq === undefined || !SEQ.test(seq) || headerOf(record, HEADERS.partition) !== String(partition))
    return undefined;
  return { partition, seq: Number(seq) };
}

/** Undefined if the headers are no event's. The value is not looked at, unless it says whom to forget. */
export function headOf(record: IncomingRecord, { partition, seq }: EventPosition): OutcomeHead | undefined {
  const type = headerOf(record, HEADERS.type);
  const voucherId = headerOf(record, HEADERS.subject);
  if (!type || !isId(voucherId)) return undefined;
  const submissionId = headerOf(record, HEADERS.submissionId);
  const data = type === USER_FORGOTTEN && record.value ? dataIn(record.value, voucherId) : undefined;
  const forgotten = data && forgottenIn(data);
  return { type: type as EventType, voucherId, submissionId, partition, seq, ...(forgotten && { forgotten }) };
}

/** Undefined if the record is no event of the ledger. */
export function outcomeOf(record: IncomingRecord, position: EventPosition): Outcome | undefined {
  const head = headOf(record, position);
  const data = head && record.value && dataIn(record.value, head.voucherId);
  return data ? { ...head, data } : undefined;
}

export function headOfRow({ type, voucherId, submissionId, partition, seq }: EventRow): OutcomeHead {
  return { type, voucherId, submissionId, partition, seq };
}

export function outcomeOfRow({ type, voucherId, submissionId, partition, seq, data }: EventRow): Outcome {
  return { type, voucherId, submissionId, partition, seq, data };
}

/** Checks only the keys of rows, since readers accept events of every release. */
function dataIn(value: Buffer, voucherId: string): EventData | undefined {
  const data = parsed(value);
  if (typeof data !== 'object' || data === null) return undefined;
  const { at, claim, redemption, entry } = data as EventData;
  if (!isText(at)) return undefined;
  if (claim !== undefined && !(isId(claim?.id) && claim.voucherId === voucherId && isText(claim.userId)))
    return undefined;
  if (redemption !== undefined && !(isId(redemption?.id) && isId(redemption.claimId) && isText(redemption.order?.id)))
    return undefined;
  if (entry !== undefined && !(isId(entry?.id) && entry.voucherId === voucherId && isText(entry.userId)))
    return undefined;
  return data as EventData;
}

function parsed(value: Buffer): unknown {
  try {
    return JSON.parse(UTF_8.decode(value));
  } catch {
    // The parser's message is dropped, since it repeats the content.
    return undefined;
  }
}

function forgottenIn({ at, forgotten }: EventData): ForgottenUser | undefined {
  if (forgotten?.userId === undefined) return undefined;
  const { userId, pseudonym, salt, askers = [] } = forgotten;
  // An event that was filled in from the ledger has the pseudonym already.
  const orderOf = (id: string): string =>
    id.startsWith('forgotten-') ? id : `forgotten-${hash('sha256', `${salt} order ${id}`).slice(0, 32)}`;
  return { userId, pseudonym, orderOf, askers, at };
}
