// The events of the ledger on voucher.outcomes.v1: one record per event row.
import { CHECKOUT_REASONS, FIRST_REASONS, REASONS } from '../reasons.ts';
import { SUBMISSION_TYPES, USER_FORGOTTEN, type EventType, type SubmissionKind } from '../topics.ts';
import { CLAIM, CLAIM_STATE, MONEY, REDEMPTION } from './claim.schema.ts';
import { ENTRY_STATE, EVENT_ENTRY } from './entry.schema.ts';
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
  withFields,
  type Schema,
  type TypeOf,
} from './schema.ts';
import { ACTOR } from './submission.schema.ts';
import { DEFINITION } from './voucher.schema.ts';

export const REASON = choice(...REASONS, 'unreadable');
/** The reason of a refusal. `unreadable`: the record could not be judged; it is in the quarantine topic. */
export type Reason = TypeOf<typeof REASON>;

export const SUBMISSION_KIND = choice(...(Object.keys(SUBMISSION_TYPES) as SubmissionKind[]));

export const CHECK = named(
  'Check',
  record({
    check: { ...text(), description: 'bears the name of its reason' },
    passed: FLAG,
    /** The reason, or the nearest change that would make the check pass. It has no facts about the user. */
    detail: maybe(text()),
  }),
);
/** One check of a decision. Checks are in the order of semantics.md, up to the first that failed. */
export interface Check extends TypeOf<typeof CHECK> {}

export const FORGOTTEN = named(
  'Forgotten',
  record({
    forgettingId: { ...ID, description: 'the same in all partitions' },
    pseudonym: { ...text(), description: "stands in the user's place in this partition" },
    events: { ...COUNT, description: 'how many decisions of the partition named the user' },
    attestation: { ...text(), description: 'SHA-256 over their seqs and what the forgetting left of them; hex' },
    /** Only the record on Kafka has this and the next fields. The ledger does not keep them. */
    userId: maybe({ ...text(), description: 'only on Kafka: who is to be forgotten by followers' }),
    salt: maybe({ ...text(), description: 'only on Kafka: the ids of orders become hashes with it' }),
    askers: maybe({ ...arrayOf(text()), description: "only on Kafka: hashes of those who asked in the user's place" }),
  }),
  'A user who was forgotten in a partition',
);
export interface Forgotten extends TypeOf<typeof FORGOTTEN> {}

const RESERVATION = named(
  'Reservation',
  record({
    orderCall: ID,
    /** Absent if the benefit takes no money off. */
    discount: maybe(named('Money', record(MONEY))),
    lockUntil: maybe({
      ...TIME,
      description: 'the end of the lock that the order had before; it stands again afterwards',
    }),
  }),
  'A use and a discount that the lock of an order call keeps for it',
);

export const EVENT_DATA = named(
  'EventData',
  record({
    voucherVersion: whole(1),
    team: text(),
    labels: named('EventLabels', mapOf(text())),
    at: { ...TIME, description: 'the time at which it was judged' },
    occurredAt: { ...TIME, description: 'the raw time of the submission behind it, else the same as `at`' },
    decidedAt: { ...TIME, description: "the ledger's own clock" },
    userId: maybe(text()),
    pageSlug: maybe(text()),
    claim: maybe(CLAIM),
    /** Absent if the claim is new or did not change. */
    before: maybe({ ...CLAIM_STATE, description: "the claim's state before this event" }),
    /** How a `redeemed` claim ended. It can be held again only if it was ended by its uses. */
    endedBy: maybe(choice('uses', 'expiry', 'release', 'revocation')),
    redemption: maybe(REDEMPTION),
    /** Only in voucher.defined.v1: the defined version, without goods. */
    definition: maybe(DEFINITION),
    reason: maybe(REASON),
    comment: maybe({ ...text(), description: 'the words given with a revocation or rollback' }),
    /** The edge compares it: the same idempotency key with another body is answered 422. */
    bodyHash: maybe({ ...text(), description: "SHA-256 of the submission's body" }),
    asker: maybe(text()),
    /** Only verdicts on revocations, redemptions and rollbacks have it. Earlier releases did not record it. */
    by: maybe(ACTOR),
    checks: maybe(arrayOf(CHECK)),
    /** Only in voucher.user-forgotten.v1. Its `voucherId` is the forgetting's id, because it belongs to no voucher. */
    forgotten: maybe(FORGOTTEN),
    /** Only verdict events have it. Absent if no event follows. */
    followedBy: maybe({ ...COUNT, description: 'how many events of the same decision follow this one' }),
    entry: maybe(EVENT_ENTRY),
    /** Absent if the entry is new or did not change. */
    entryBefore: maybe({ ...ENTRY_STATE, description: "the entry's state before this event" }),
    why: maybe({
      ...choice('per-user-limit', 'user-forgotten'),
      description: 'why the ledger took an entry off the list',
    }),
    noticesAt: maybe({ ...arrayOf(TIME), description: 'when it will be said that the claim expires soon' }),
    /** Only redemptions and reserving locks have it. Earlier releases did not record it. */
    discount: maybe(
      named(
        'SubmittedDiscount',
        record({ ...MONEY, version: whole(1) }),
        'what it takes off the order, by this version of definition and goods',
      ),
    ),
    /** That of the claim's lock after this event. */
    reservation: maybe(RESERVATION),
    /** That which this event ended. */
    endedReservation: maybe(RESERVATION),
    hold: maybe({ ...FLAG, description: 'rolled back with `hold`, whatever the pool says' }),
  }),
  'What an event says, on Kafka and in lists. Claim and redemption are as they are after it',
);
/** The data of an event as the ledger stores it. */
export interface EventData extends TypeOf<typeof EVENT_DATA> {}

/** The required fields of each event type, besides those that all types have. */
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
  [USER_FORGOTTEN]: ['forgotten'],
  'voucher.claim-refused.v1': ['reason'],
  'voucher.lock-refused.v1': ['reason'],
  'voucher.unlock-refused.v1': ['reason'],
  'voucher.release-refused.v1': ['reason'],
  'voucher.revoke-refused.v1': ['reason'],
  'voucher.redemption-refused.v1': ['reason'],
  'voucher.rollback-refused.v1': ['reason'],
  'voucher.waiting-list-joined.v1': ['userId', 'entry'],
  'voucher.waiting-list-left.v1': ['userId', 'entry'],
  'voucher.offered.v1': ['userId', 'entry'],
  'voucher.offer-lapsed.v1': ['userId', 'entry'],
  'voucher.offer-withdrawn.v1': ['userId', 'entry'],
  'voucher.claim-expiring.v1': ['userId', 'claim'],
  'voucher.claim-extended.v1': ['userId', 'claim'],
  'voucher.join-refused.v1': ['reason'],
  'voucher.leave-refused.v1': ['reason'],
  'voucher.extension-refused.v1': ['reason'],
};

export const EVENT_TYPES = Object.keys(SAYS) as readonly EventType[];

/** The published form of `EVENT_DATA`: a sink that keeps values without headers and keys still knows the event. */
export const PUBLISHED_DATA = withFields(EVENT_DATA, identity(choice(...EVENT_TYPES)));
export interface PublishedData extends TypeOf<typeof PUBLISHED_DATA> {}

function identity(type: Schema<EventType>) {
  return {
    voucherId: maybe({ ...ID, description: 'as in `ce_subject`. Records of 0.1.0 lack these four fields' }),
    type: maybe({ ...type, description: 'as in `ce_type`' }),
    partition: maybe({ ...COUNT, description: 'as in `ce_partition`' }),
    sequence: maybe({ ...whole(1), description: 'as in `ce_sequence`, and as `seq` of an event row' }),
  };
}

/** The description of a list of values that may grow within v1. The comparison with the last release knows it. */
export const MAY_GROW = 'later releases may add values';

/** Only refusals of these types have a reason that 0.1.0 did not know. */
const NEW_REFUSALS: readonly EventType[] = [
  'voucher.join-refused.v1',
  'voucher.leave-refused.v1',
  'voucher.extension-refused.v1',
];
const FIRST_REASON = maybe(choice(...FIRST_REASONS, 'unreadable') as Schema<Reason>);
/** Refusals of uses have the reasons of prices, too. */
const USE_REASON = maybe({
  ...(choice(...FIRST_REASONS, ...CHECKOUT_REASONS, 'unreadable') as Schema<Reason>),
  description: MAY_GROW,
});
const USE_REFUSALS: readonly EventType[] = ['voucher.lock-refused.v1', 'voucher.redemption-refused.v1'];

/** The schema of `data` in the events of one type. */
export const eventDataOf = (type: EventType): Schema<PublishedData> => ({
  ...withFields(
    NEW_REFUSALS.includes(type)
      ? EVENT_DATA
      : withFields(EVENT_DATA, { reason: USE_REFUSALS.includes(type) ? USE_REASON : FIRST_REASON }),
    identity(choice(type)),
  ),
  title: type,
  required: [...(EVENT_DATA['required'] as string[]), ...SAYS[type]],
});

export const EVENT_ROW = named(
  'EventRow',
  record({
    id: ID,
    type: choice(...EVENT_TYPES),
    voucherId: ID,
    partition: COUNT,
    seq: whole(1),
    at: TIME,
    occurredAt: TIME,
    decidedAt: TIME,
    submissionId: maybe(ID),
    data: PUBLISHED_DATA,
  }),
);
/** An event row, in all lists and streams of the ledger. */
export interface EventRow extends TypeOf<typeof EVENT_ROW> {}

const FACTS: Schema<Record<string, unknown>> = {
  title: 'Facts',
  type: 'object',
  additionalProperties: true,
  examples: [{ 'user.tier': 'gold' }],
};

export const DECISION = named(
  'Decision',
  record({
    submissionId: ID,
    kind: SUBMISSION_KIND,
    voucherId: ID,
    voucherVersion: whole(1),
    at: TIME,
    occurredAt: TIME,
    /** The attributes that counted. They are flat: `{"user.tier": "gold"}`. */
    facts: FACTS,
    checks: arrayOf(CHECK),
    verdict: choice('granted', 'refused'),
    reason: maybe(REASON),
    partition: COUNT,
    seq: whole(1),
    /** The seq of the last event of the decision. */
    lastSeq: whole(1),
    asker: maybe(text()),
    by: maybe(ACTOR),
    bodyHash: maybe(text()),
    userId: maybe(text()),
    claimId: maybe(ID),
    redemptionId: maybe(ID),
    claim: maybe(CLAIM),
    redemption: maybe(REDEMPTION),
    entry: maybe(EVENT_ENTRY),
  }),
);
/**
 * The answer of `GET /v1/submissions/{id}/decision`: the decision, its partition and seq, the caller, and the claim and
 * redemption in their present state.
 */
export interface DecisionTrace extends TypeOf<typeof DECISION> {}
