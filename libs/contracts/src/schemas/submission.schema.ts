// The records on voucher.submissions.v1, the ledger's only input.
import { SUBMISSION_TYPES, type SubmissionKind } from '../topics.ts';
import { DISCOUNT_LINES, MONEY, NAME, ORDER } from './claim.schema.ts';
import {
  ACTORS_NAME,
  closed,
  constant,
  COUNT,
  FLAG,
  judged,
  maybe,
  OWN_ID,
  named,
  record,
  SLUG,
  text,
  TIME,
  VERSION,
  whole,
  withFields,
  type Schema,
  type TypeOf,
} from './schema.ts';
import type { Definition } from './voucher.schema.ts';

export type FactValue = string | number | boolean | null | FactValue[] | { [key: string]: FactValue };
/** The user attributes that the edge knew when it accepted the submission. */
export type Facts = Record<string, FactValue>;

const FACTS: Schema<Facts> = {
  title: 'Attributes',
  type: 'object',
  additionalProperties: true,
  description: 'attributes of the user, as the token or the acting service tells them',
};
/** The version by which the edge removed other attributes. Absent if none was removed. */
const STRIPPED_BY = maybe({
  ...VERSION,
  description: 'the version whose named attributes these are; absent: all are here',
});
/** An RFC 3339 time in UTC with milliseconds. */
const WHEN = judged(
  { ...TIME, description: 'when the edge accepted it, or X-Occurred-At' },
  { format: 'parsed-by-its-reader' },
);

/** A user id of at most 255 characters, because Postgres indexes it and an index row has at most 2,704 bytes. */
const USER = judged(text(), { format: 'party' });
const HASH = judged(text(), { format: 'hash' });
/** The comment of a revocation or rollback. */
const WORDS = text(1_000, 1);
/** The duration of a lock, from one second to a day. */
const LOCK_SECONDS = whole(1, 86_400);

/**
 * A random id that hides what is personal in the event's commitment. Records of earlier releases have none, so the
 * ledger derives one from the submission's id and a secret.
 */
const SALT = maybe({ ...OWN_ID, description: "random: the salt of the event's commitment to what is personal" });

/** The bodies of the calls that become submissions. The body of a redemption is `ORDER_INPUT`. */
export const CLAIM_INPUT = named('ClaimInput', closed(record({ pageSlug: maybe(SLUG) })));
export const JOIN_INPUT = named('JoinInput', closed(record({ pageSlug: maybe(SLUG) })));
export const EXTENSION_INPUT = named('ClaimExtensionInput', closed(record({})));
export const LOCK_INPUT = named('LockInput', closed(record({ orderId: NAME, ttlSeconds: LOCK_SECONDS })));
export const REASON_INPUT = named('ReasonInput', closed(record({ reason: WORDS })));

/** The fields of all submissions except pushes, which no caller requests. */
const ASKED = {
  submissionId: OWN_ID,
  voucherId: OWN_ID,
  at: WHEN,
  /** A hash of team, sub and acting user, because a submission is shown only to its caller. */
  asker: { ...HASH, description: 'hash of who asked' },
  bodyHash: { ...HASH, description: 'SHA-256 of the body as canonical JSON, hex' },
  traceparent: maybe({ ...text(), description: 'W3C Trace Context of the request' }),
  salt: SALT,
};
/** The one who did what only staff and services do. An earlier release does not say. */
export const ACTOR = named(
  'Actor',
  record({
    sub: USER,
    team: USER,
    name: maybe(judged(ACTORS_NAME, { format: 'party' })),
  }),
  'who asked, from the token',
);
export interface Actor extends TypeOf<typeof ACTOR> {}
const BY = maybe(ACTOR);
const ORDER_ID = judged(text(), NAME);
const PAGE_SLUG = judged(text(), SLUG);
const REASON = judged(text(), WORDS);

/** The amount that the benefit takes off, as the edge computed it by this version of the definition and its goods. */
const DISCOUNT = record({ ...MONEY, version: VERSION });
/** The id of the order call that sends it. Absent if none does. */
const ORDER_CALL = maybe({ ...OWN_ID, description: 'the order call that sends it' });
/** The fields that a redemption and a lock that reserves one share. */
const USE = {
  /** From a token whose `sub` is the claim's user, or from X-User-Attrs. If absent, the claim's facts count. */
  attributes: maybe(FACTS),
  strippedBy: STRIPPED_BY,
  /** Present if the use condition names it. `goodsVersion` is the version whose goods were compared. */
  matchesGoods: maybe({ ...FLAG, description: "an item's sku is among the voucher's goods" }),
  goodsVersion: maybe(COUNT),
};

const SUBMISSIONS = {
  push: record({
    kind: constant('push'),
    submissionId: OWN_ID,
    voucherId: OWN_ID,
    at: WHEN,
    userId: USER,
    pageSlug: PAGE_SLUG,
    salt: SALT,
  }),
  claim: record({
    ...ASKED,
    kind: constant('claim'),
    claimId: OWN_ID,
    userId: USER,
    pageSlug: maybe(PAGE_SLUG),
    /** The attributes that are named by the newest version that the edge knows. */
    attributes: FACTS,
    strippedBy: STRIPPED_BY,
  }),
  lock: record({
    ...ASKED,
    kind: constant('lock'),
    claimId: OWN_ID,
    userId: USER,
    orderId: ORDER_ID,
    ttlSeconds: judged(whole(1), LOCK_SECONDS),
    /** With it, the lock reserves the use of this order: it is judged as its redemption would be. */
    orderCall: ORDER_CALL,
    /** Present beside `orderCall`. Its id is `orderId`. */
    order: maybe(ORDER),
    discount: maybe(DISCOUNT),
    ...USE,
  }),
  unlock: record({
    ...ASKED,
    kind: constant('unlock'),
    claimId: OWN_ID,
    userId: USER,
    orderId: ORDER_ID,
    /** With it, only a reserving lock of the same call ends. */
    orderCall: ORDER_CALL,
  }),
  release: record({ ...ASKED, kind: constant('release'), claimId: OWN_ID, userId: USER }),
  revoke: record({ ...ASKED, kind: constant('revoke'), claimId: OWN_ID, reason: REASON, by: BY }),
  redemption: record({
    ...ASKED,
    kind: constant('redemption'),
    redemptionId: OWN_ID,
    claimId: OWN_ID,
    order: ORDER,
    ...USE,
    by: BY,
    /** Earlier releases did not compute it. */
    discount: maybe(withFields(DISCOUNT, { lines: DISCOUNT_LINES })),
    orderCall: ORDER_CALL,
  }),
  rollback: record({
    ...ASKED,
    kind: constant('rollback'),
    redemptionId: OWN_ID,
    claimId: OWN_ID,
    reason: REASON,
    by: BY,
    hold: maybe({ ...FLAG, description: 'its user has the claim again, whatever the pool says' }),
  }),
  join: record({
    ...ASKED,
    kind: constant('join'),
    entryId: OWN_ID,
    userId: USER,
    pageSlug: maybe(PAGE_SLUG),
    /** The attributes that are named by the newest version that the edge knows. */
    attributes: FACTS,
    strippedBy: STRIPPED_BY,
  }),
  leave: record({ ...ASKED, kind: constant('leave'), userId: USER }),
  extension: record({ ...ASKED, kind: constant('extension'), claimId: OWN_ID, userId: USER }),
} satisfies Record<SubmissionKind, Schema>;

export type SubmissionOf<K extends SubmissionKind> = TypeOf<(typeof SUBMISSIONS)[K]>;
export type Submission = SubmissionOf<SubmissionKind>;
export type PushSubmission = SubmissionOf<'push'>;
export type ClaimSubmission = SubmissionOf<'claim'>;
export type LockSubmission = SubmissionOf<'lock'>;
export type UnlockSubmission = SubmissionOf<'unlock'>;
export type ReleaseSubmission = SubmissionOf<'release'>;
export type RevokeSubmission = SubmissionOf<'revoke'>;
export type RedemptionSubmission = SubmissionOf<'redemption'>;
export type RollbackSubmission = SubmissionOf<'rollback'>;
export type JoinSubmission = SubmissionOf<'join'>;
export type LeaveSubmission = SubmissionOf<'leave'>;
export type ExtensionSubmission = SubmissionOf<'extension'>;

/** The schema of submissions of one kind. Its title is their type. */
export const submissionOf = (kind: SubmissionKind): Schema<Submission> =>
  named<Submission>(SUBMISSION_TYPES[kind], SUBMISSIONS[kind]);

/**
 * A tick: time passes in a partition, so due claims change and nodes that depend on time are judged. Its key is empty.
 */
export const TICK = named('Tick', record({ at: judged(TIME, { format: 'parsed-by-its-reader' }) }));
export interface Tick extends TypeOf<typeof TICK> {}

/** Asks the ledger to forget a user. Its key is empty, as is that of a tick. */
export const FORGET = named(
  'Forget',
  record({
    forgettingId: { ...OWN_ID, description: 'the same in all partitions' },
    at: WHEN,
    userId: USER,
    /** The pseudonyms are hashes with it. Nothing keeps it: it leaves with the record. */
    salt: { ...HASH, description: 'random; 32 bytes, hex' },
    by: ACTOR,
  }),
);
export interface Forget extends TypeOf<typeof FORGET> {}

/** The ledger forgets a user at the place of this record. It appends it when it has found the user's events. */
export const FORGET_NOW = named('ForgetNow', record({ forgettingId: OWN_ID, at: WHEN }));
export interface ForgetNow extends TypeOf<typeof FORGET_NOW> {}

export type SubmissionRecord =
  { type: 'submission'; value: Submission } | { type: 'definition'; value: Definition } | { type: 'tick'; value: Tick };
