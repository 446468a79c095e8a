// Reads records of the one ordered input. The checks are written by hand, since they run for every record.
import {
  DEFINITION_TYPE,
  HEADERS,
  MAX_RECORD_BYTES,
  SUBMISSION_TYPES,
  TICK_TYPE,
  UUID,
  partitionOf,
  type Definition,
  type RefusedKind,
  type Submission,
  type SubmissionKind,
} from '@vouchers/contracts';
import { headerOf, type IncomingRecord } from '@vouchers/messaging';

/** A record that cannot be judged; with its submission id it is refused as `unreadable`, and always quarantined. */
export interface Unreadable {
  type: 'unreadable';
  why: string;
  /** True if nobody is told, since not even its refusal can be written. */
  silent?: boolean;
  voucherId?: string;
  submissionId?: string;
  kind?: RefusedKind;
}

/** `at` is the submission's own time, Unix milliseconds, not yet settled against the broker's. */
export type Reading =
  | { type: 'submission'; voucherId: string; at: number; value: Submission; traceparent: string | null }
  | { type: 'definition'; voucherId: string; value: Definition; traceparent: string | null }
  | { type: 'tick'; at: number }
  | Unreadable;

type Check = (value: unknown) => boolean;
const LOWER_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const text: Check = (value) => typeof value === 'string' && value.length <= 4_000 && !value.includes('\u0000');
/**
 * The longest value of an indexed column, in characters as Postgres counts them. An index row has at most 2,704 bytes.
 */
const MAX_CHARACTERS = 255;
const bounded: Check = (value) =>
  text(value) && ((value as string).length <= MAX_CHARACTERS || codePoints(value as string) <= MAX_CHARACTERS);
const CONTROL = /\p{Cc}/u;
const user: Check = (value) => bounded(value) && !CONTROL.test(value as string);
const id: Check = (value) => typeof value === 'string' && LOWER_UUID.test(value);
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const object: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const order: Check = (value) => object(value) && bounded((value as { id?: unknown }).id);

const ASKED = { asker: bounded, bodyHash: bounded, traceparent: optional(text) };
const fields = (checks: Record<string, Check>): { name: string; check: Check }[] =>
  Object.entries(checks).map(([name, check]) => ({ name, check }));
const FIELDS: Record<SubmissionKind, { name: string; check: Check }[]> = {
  push: fields({ userId: user, pageSlug: bounded }),
  claim: fields({
    ...ASKED,
    claimId: id,
    userId: user,
    pageSlug: optional(bounded),
    attributes: object,
    strippedBy: optional(whole),
  }),
  lock: fields({ ...ASKED, claimId: id, userId: user, orderId: bounded, ttlSeconds: whole }),
  unlock: fields({ ...ASKED, claimId: id, userId: user, orderId: bounded }),
  release: fields({ ...ASKED, claimId: id, userId: user }),
  revoke: fields({ ...ASKED, claimId: id, reason: text }),
  redemption: fields({
    ...ASKED,
    redemptionId: id,
    claimId: id,
    order,
    attributes: optional(object),
    strippedBy: optional(whole),
  }),
  rollback: fields({ ...ASKED, redemptionId: id, claimId: id, reason: text }),
};
const KINDS = new Map<string, SubmissionKind>(
  Object.entries(SUBMISSION_TYPES).map(([kind, type]) => [type, kind as SubmissionKind]),
);
const INTENTS = new Set<unknown>(['draft', 'published', 'paused', 'terminated']);
/** What an event repeats of its submission must fit a record of the outcomes; bodies are smaller by far. */
const MAX_BYTES = MAX_RECORD_BYTES / 2;
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Never throws: what cannot be read is `unreadable`, with as much as could be. */
export function readRecord(record: IncomingRecord, partition: number): Reading {
  const type = headerOf(record, HEADERS.type) ?? '';
  const kind = KINDS.get(type);
  const unreadable = (why: string): Unreadable => ({ type: 'unreadable', why, ...identityOf(record, kind) });
  if (!kind && type !== DEFINITION_TYPE && type !== TICK_TYPE)
    return unreadable(`unknown type ${JSON.stringify(type)}`);
  if (!record.value) return unreadable('no value');
  if (record.value.length > MAX_BYTES) return unreadable(`larger than ${MAX_BYTES} bytes`);
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(UTF_8.decode(record.value)) as Record<string, unknown>;
  } catch {
    // Not the parser's own words: they repeat what stands there, and the reason is logged.
    return unreadable('the value is no JSON in UTF-8');
  }
  if (!object(value)) return unreadable('the value is no JSON object');
  if (kind) {
    const read = readSubmission(kind, value, record, partition);
    return typeof read === 'string' ? unreadable(`the submission's ${read} cannot be read`) : read;
  }
  const at = typeof value['at'] === 'string' ? Date.parse(value['at']) : Number.NaN;
  if (type === TICK_TYPE) return Number.isNaN(at) ? unreadable('a tick without a time') : { type: 'tick', at };
  return readDefinition(value, record) ?? unreadable('the definition lacks something');
}

/** The fields of a record that are needed to refuse it. */
export function unreadableOf(reading: Reading, { why, silent = false }: { why: string; silent?: boolean }): Unreadable {
  const unreadable: Unreadable = { type: 'unreadable', why, ...(silent && { silent }) };
  if (silent || (reading.type !== 'submission' && reading.type !== 'unreadable')) return unreadable;
  if (reading.type === 'unreadable') return { ...reading, ...unreadable };
  const { kind, submissionId, voucherId } = reading.value;
  return { ...unreadable, voucherId, ...(kind !== 'push' && { kind, submissionId }) };
}

/** @returns the name of a field that is missing, malformed or too long. */
function readSubmission(
  kind: SubmissionKind,
  value: Record<string, unknown>,
  record: IncomingRecord,
  partition: number,
): Reading | string {
  const { voucherId, submissionId, at } = value;
  if (value['kind'] !== kind) return 'kind';
  if (!id(voucherId) || voucherId !== record.key) return 'voucherId';
  if (!id(submissionId)) return 'submissionId';
  const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(time)) return 'at';
  for (const { name, check } of FIELDS[kind]) if (!check(value[name])) return name;
  // The id of what a submission makes must lead back to this partition.
  if (kind === 'claim' && partitionOf(value['claimId'] as string) !== partition) return 'claimId';
  if (kind === 'redemption' && partitionOf(value['redemptionId'] as string) !== partition) return 'redemptionId';
  const submission = value as unknown as Submission;
  const told = headerOf(record, HEADERS.traceparent) ?? ('traceparent' in submission ? submission.traceparent : null);
  return {
    type: 'submission',
    voucherId: submission.voucherId,
    at: time,
    value: submission,
    traceparent: traceOf(told),
  };
}

function readDefinition(value: Record<string, unknown>, record: IncomingRecord): Reading | undefined {
  const { voucherId, version, intent, team, spec } = value;
  if (!id(voucherId) || voucherId !== record.key || !whole(version) || !INTENTS.has(intent)) return undefined;
  if (!text(team) || !object(spec)) return undefined;
  const traceparent = traceOf(record.headers[HEADERS.traceparent]);
  return { type: 'definition', voucherId: voucherId as string, value: value as unknown as Definition, traceparent };
}

/** The trace is stored as it came. One that is no text is ignored. */
const traceOf = (told: string | null | undefined): string | null => (text(told) ? (told as string) : null);

/** Counts characters as Postgres does. */
function codePoints(value: string): number {
  let count = value.length;
  for (let at = 1; at < value.length; at += 1) {
    const isPair = (value.charCodeAt(at) & 0xfc00) === 0xdc00 && (value.charCodeAt(at - 1) & 0xfc00) === 0xd800;
    if (isPair) count -= 1;
  }
  return count;
}

/** Headers and key tell who waits for an answer even where the value cannot be read. */
function identityOf(record: IncomingRecord, kind: SubmissionKind | undefined): Partial<Unreadable> {
  const submissionId = headerOf(record, HEADERS.submissionId)?.toLowerCase();
  if (!submissionId || !UUID.test(submissionId) || !kind || kind === 'push') return {};
  return { submissionId, kind, ...(record.key && LOWER_UUID.test(record.key) && { voucherId: record.key }) };
}
