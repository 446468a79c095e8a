import { type Check, type DecisionTrace, type EventData, type EventRow, type EventType } from '../events.ts';
import { REASONS } from '../reasons.ts';
import { SUBMISSION_TYPES } from '../submissions.ts';
import { CLAIM, CLAIM_STATE, REDEMPTION } from './claim.schema.ts';
import {
  arrayOf,
  choice,
  COUNT,
  FLAG,
  ID,
  mapOf,
  maybe,
  named,
  record,
  text,
  TIME,
  whole,
  type Fields,
  type Schema,
} from './schema.ts';
import { DEFINITION } from './voucher.schema.ts';

export const REASON = choice(...REASONS, 'unreadable');
export const SUBMISSION_KIND = choice(...Object.keys(SUBMISSION_TYPES));

export const CHECK = named(
  'Check',
  record<Check>({
    check: { type: 'string', description: 'bears the name of its reason' },
    passed: FLAG,
    detail: maybe(text()),
  }),
);

export const EVENT_DATA = named(
  'EventData',
  record<EventData>({
    voucherVersion: whole(1),
    team: text(),
    labels: mapOf(text()),
    at: { ...TIME, description: 'the time at which it was judged' },
    occurredAt: { ...TIME, description: 'the raw time of the submission behind it, else the same as `at`' },
    decidedAt: { ...TIME, description: "the ledger's own clock" },
    userId: maybe(text()),
    pageSlug: maybe(text()),
    claim: maybe(CLAIM),
    before: maybe({ ...CLAIM_STATE, description: "the claim's state before this event" }),
    endedBy: maybe(choice('uses', 'expiry', 'release', 'revocation')),
    redemption: maybe(REDEMPTION),
    definition: maybe(DEFINITION),
    reason: maybe(REASON),
    comment: maybe({ type: 'string', description: 'the words given with a revocation or rollback' }),
    bodyHash: maybe({ type: 'string', description: "SHA-256 of the submission's body" }),
    asker: maybe(text()),
    checks: maybe(arrayOf(CHECK)),
    followedBy: maybe({ ...COUNT, description: 'how many events of the same decision follow this one' }),
  }),
  'What an event says, on Kafka and in lists. Claim and redemption are as they are after it',
);

/** What an event of each type says beside what all of them say. */
const SAYS: Record<EventType, readonly (keyof EventData)[]> = {
  'voucher.defined.v1': ['definition'],
  'voucher.enabled.v1': [],
  'voucher.terminated.v1': [],
  'voucher.pushed.v1': ['userId', 'pageSlug'],
  'voucher.claimed.v1': ['userId', 'claim'],
  'voucher.locked.v1': ['userId', 'claim'],
  'voucher.unlocked.v1': ['userId', 'claim'],
  'voucher.redeemed.v1': ['userId', 'claim', 'redemption'],
  'voucher.redemption-rolled-back.v1': ['userId', 'claim', 'redemption'],
  'voucher.claim-expired.v1': ['userId', 'claim'],
  'voucher.claim-released.v1': ['userId', 'claim'],
  'voucher.claim-revoked.v1': ['userId', 'claim'],
  'voucher.claim-refused.v1': ['reason'],
  'voucher.lock-refused.v1': ['reason'],
  'voucher.unlock-refused.v1': ['reason'],
  'voucher.release-refused.v1': ['reason'],
  'voucher.revoke-refused.v1': ['reason'],
  'voucher.redemption-refused.v1': ['reason'],
  'voucher.rollback-refused.v1': ['reason'],
};

export const EVENT_TYPES = Object.keys(SAYS) as readonly EventType[];

/** `data` of the events of one type. */
export const eventDataOf = (type: EventType): Schema => ({
  ...EVENT_DATA,
  title: type,
  required: [...(EVENT_DATA['required'] as string[]), ...SAYS[type]],
});

export const EVENT_ROW = named(
  'EventRow',
  record<EventRow>({
    id: ID,
    type: choice(...EVENT_TYPES),
    voucherId: ID,
    partition: COUNT,
    seq: whole(1),
    at: TIME,
    occurredAt: TIME,
    decidedAt: TIME,
    submissionId: maybe(ID),
    data: EVENT_DATA,
  }),
);

export const DECISION_TRACE_FIELDS = {
  submissionId: ID,
  kind: SUBMISSION_KIND,
  voucherId: ID,
  voucherVersion: whole(1),
  at: TIME,
  occurredAt: TIME,
  facts: { type: 'object', additionalProperties: true, examples: [{ 'user.tier': 'gold' }] },
  checks: arrayOf(CHECK),
  verdict: choice('granted', 'refused'),
  reason: maybe(REASON),
} satisfies Fields<DecisionTrace>;
