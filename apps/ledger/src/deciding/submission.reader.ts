// Parses records of the submissions topic and checks them by the contract's schemas.
import {
  DEFINITION_TYPE,
  FORGET_NOW_TYPE,
  FORGET_TYPE,
  HEADERS,
  MAX_RECORD_BYTES,
  OWN_UUID,
  SUBMISSION_TYPES,
  TICK_TYPE,
  UUID,
  partitionOf,
  type Definition,
  type Forget,
  type ForgetNow,
  type RefusedKind,
  type Submission,
  type SubmissionKind,
  type Tick,
} from '@vouchers/contracts';
import { asRead, DEFINITION, FORGET, FORGET_NOW, submissionOf, TICK } from '@vouchers/contracts/schemas';
import { SIGNATURE_FAULTS } from '@vouchers/contracts/signatures';
import { headerOf, type IncomingRecord } from '@vouchers/messaging';
import { recordCheck } from '@vouchers/service/thread';
import type { SignatureCheck } from './signature.check.ts';

/** A record that cannot be judged. It is quarantined and, if its submission id is known, refused as `unreadable`. */
export interface Unreadable {
  type: 'unreadable';
  why: string;
  /** True if even its refusal cannot be written. Then it has no event. */
  silent?: boolean;
  voucherId?: string;
  submissionId?: string;
  kind?: RefusedKind;
}

/** A parsed record. `at` is its own time (Unix ms), not yet compared with the broker's. */
export type ParsedRecord =
  | { type: 'submission'; voucherId: string; at: number; value: Submission; traceparent: string | null }
  | { type: 'definition'; voucherId: string; value: Definition; traceparent: string | null }
  | { type: 'tick'; at: number }
  | { type: 'forget'; at: number; value: Forget }
  | { type: 'forget-now'; forgettingId: string }
  | Unreadable;

/** A value that was checked by the schema of its type. */
type Read =
  | { what: 'submission'; value: Submission & { traceparent?: string } }
  | { what: 'definition'; value: Definition & { traceparent?: undefined } }
  | { what: 'tick'; value: Tick }
  | { what: 'forget'; value: Forget }
  | { what: 'forget-now'; value: ForgetNow };

interface Readable {
  what: Read['what'];
  kind?: SubmissionKind;
  fault: (value: unknown) => string | undefined;
}

const READABLE = new Map<string, Readable>([
  ...Object.entries(SUBMISSION_TYPES).map(([name, type]): [string, Readable] => {
    const kind = name as SubmissionKind;
    return [type, { what: 'submission', kind, fault: recordCheck(submissionOf(kind)) }];
  }),
  [DEFINITION_TYPE, { what: 'definition', fault: recordCheck(asRead(DEFINITION)) }],
  [TICK_TYPE, { what: 'tick', fault: recordCheck(TICK) }],
  [FORGET_TYPE, { what: 'forget', fault: recordCheck(FORGET) }],
  [FORGET_NOW_TYPE, { what: 'forget-now', fault: recordCheck(FORGET_NOW) }],
]);
/** An event repeats parts of its submission and must fit a record of the outcomes. Bodies are far smaller. */
const MAX_BYTES = MAX_RECORD_BYTES / 2;
const LONGEST_TRACE = 4_000;
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses a record. It does not throw: a record that cannot be read becomes `unreadable`, with the fields that can. If
 * its signature is refused, nothing of it counts, not even its submission's id.
 */
export function readRecord(record: IncomingRecord, partition: number, check?: SignatureCheck): ParsedRecord {
  const type = headerOf(record, HEADERS.type) ?? '';
  const forged = check?.(record, type);
  if (forged) return { type: 'unreadable', why: SIGNATURE_FAULTS[forged], silent: true };
  const readable = READABLE.get(type);
  const unreadable = (why: string): Unreadable => ({ type: 'unreadable', why, ...identityOf(record, readable?.kind) });
  if (!readable) return unreadable(`unknown type ${JSON.stringify(type)}`);
  if (!record.value) return unreadable('no value');
  if (record.value.length > MAX_BYTES) return unreadable(`larger than ${MAX_BYTES} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(UTF_8.decode(record.value));
  } catch {
    // The parser's message is not used, because it repeats content and the reason is logged.
    return unreadable('the value is no JSON in UTF-8');
  }
  const { what } = readable;
  const read = { what, value } as Read;
  const fault = readable.fault(value) ?? misplaced(read, record, partition);
  if (fault === '') return unreadable('the value is no JSON object');
  if (fault !== undefined) return unreadable(`the ${what}'s ${fault} cannot be read`);
  const at = Date.parse(read.value.at);
  if (Number.isNaN(at)) return unreadable(`the ${what}'s at cannot be read`);
  if (read.what === 'tick') return { type: 'tick', at };
  if (read.what === 'forget') return { type: 'forget', at, value: read.value };
  if (read.what === 'forget-now') return { type: 'forget-now', forgettingId: read.value.forgettingId };
  const traceparent = traceOf(headerOf(record, HEADERS.traceparent) ?? read.value.traceparent);
  const { voucherId } = read.value;
  if (read.what === 'definition') return { type: 'definition', voucherId, value: read.value, traceparent };
  return { type: 'submission', voucherId, at, value: read.value, traceparent };
}

/** @returns a field that does not fit the record's key or partition; new ids must contain the partition */
function misplaced(read: Read, { key }: IncomingRecord, partition: number): string | undefined {
  if (read.what !== 'definition' && read.what !== 'submission') return undefined;
  if (read.value.voucherId !== key) return 'voucherId';
  if (read.what === 'definition') return undefined;
  const { kind } = read.value;
  if (kind === 'claim' && partitionOf(read.value.claimId) !== partition) return 'claimId';
  if (kind === 'redemption' && partitionOf(read.value.redemptionId) !== partition) return 'redemptionId';
  if (kind === 'join' && partitionOf(read.value.entryId) !== partition) return 'entryId';
  return undefined;
}

/** The trace in the form in which it came. A trace that Postgres would refuse is ignored. */
const traceOf = (told: unknown): string | null =>
  typeof told === 'string' && told.length <= LONGEST_TRACE && !told.includes('\u0000') ? told : null;

/** A record as unreadable, with the fields that are needed to refuse it. */
export function unreadableOf(
  parsed: ParsedRecord,
  { why, silent = false }: { why: string; silent?: boolean },
): Unreadable {
  const unreadable: Unreadable = { type: 'unreadable', why, ...(silent && { silent }) };
  if (silent || (parsed.type !== 'submission' && parsed.type !== 'unreadable')) return unreadable;
  if (parsed.type === 'unreadable') return { ...parsed, ...unreadable };
  const { kind, submissionId, voucherId } = parsed.value;
  return { ...unreadable, voucherId, ...(kind !== 'push' && { kind, submissionId }) };
}

/** The submission that a request may wait for, from headers and key, because the value may be unreadable. */
function identityOf(record: IncomingRecord, kind: SubmissionKind | undefined): Partial<Unreadable> {
  const submissionId = headerOf(record, HEADERS.submissionId)?.toLowerCase();
  if (!submissionId || !UUID.test(submissionId) || !kind || kind === 'push') return {};
  return { submissionId, kind, ...(record.key && OWN_UUID.test(record.key) && { voucherId: record.key }) };
}
