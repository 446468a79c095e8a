// What stands in a record of the one ordered input. Cheap checks by hand: they run for every record.
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
const id: Check = (value) => typeof value === 'string' && LOWER_UUID.test(value);
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const object: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const order: Check = (value) => object(value) && text((value as { id?: unknown }).id);

const ASKED = { asker: text, bodyHash: text, traceparent: optional(text) };
const fields = (checks: Record<string, Check>): { name: string; check: Check }[] =>
  Object.entries(checks).map(([name, check]) => ({ name, check }));
const FIELDS: Record<SubmissionKind, { name: string; check: Check }[]> = {
  push: fields({ userId: text, pageSlug: text }),
  claim: fields({
    ...ASKED,
    claimId: id,
    userId: text,
    pageSlug: optional(text),
    attributes: object,
    strippedBy: optional(whole),
  }),
  lock: fields({ ...ASKED, claimId: id, userId: text, orderId: text, ttlSeconds: whole }),
  unlock: fields({ ...ASKED, claimId: id, userId: text, orderId: text }),
  release: fields({ ...ASKED, claimId: id, userId: text }),
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
  if (kind) return readSubmission(kind, value, record, partition) ?? unreadable('the submission lacks something');
  const at = typeof value['at'] === 'string' ? Date.parse(value['at']) : Number.NaN;
  if (type === TICK_TYPE) return Number.isNaN(at) ? unreadable('a tick without a time') : { type: 'tick', at };
  return readDefinition(value, record) ?? unreadable('the definition lacks something');
}

function readSubmission(
  kind: SubmissionKind,
  value: Record<string, unknown>,
  record: IncomingRecord,
  partition: number,
): Reading | undefined {
  const { voucherId, submissionId, at } = value;
  if (value['kind'] !== kind || !id(voucherId) || voucherId !== record.key || !id(submissionId)) return undefined;
  const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(time)) return undefined;
  for (const { name, check } of FIELDS[kind]) if (!check(value[name])) return undefined;
  // The id of what a submission makes must lead back to this partition.
  if (kind === 'claim' && partitionOf(value['claimId'] as string) !== partition) return undefined;
  if (kind === 'redemption' && partitionOf(value['redemptionId'] as string) !== partition) return undefined;
  const submission = value as unknown as Submission;
  const traceparent =
    headerOf(record, HEADERS.traceparent) ?? ('traceparent' in submission ? submission.traceparent : null);
  return {
    type: 'submission',
    voucherId: submission.voucherId,
    at: time,
    value: submission,
    traceparent: traceparent ?? null,
  };
}

function readDefinition(value: Record<string, unknown>, record: IncomingRecord): Reading | undefined {
  const { voucherId, version, intent, team, spec } = value;
  if (!id(voucherId) || voucherId !== record.key || !whole(version) || !INTENTS.has(intent)) return undefined;
  if (!text(team) || !object(spec)) return undefined;
  const traceparent = record.headers[HEADERS.traceparent] ?? null;
  return { type: 'definition', voucherId: voucherId as string, value: value as unknown as Definition, traceparent };
}

/** Headers and key tell who waits for an answer even where the value cannot be read. */
function identityOf(record: IncomingRecord, kind: SubmissionKind | undefined): Partial<Unreadable> {
  const submissionId = headerOf(record, HEADERS.submissionId)?.toLowerCase();
  if (!submissionId || !UUID.test(submissionId) || !kind || kind === 'push') return {};
  return { submissionId, kind, ...(record.key && LOWER_UUID.test(record.key) && { voucherId: record.key }) };
}
