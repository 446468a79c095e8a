// What stands on voucher.submissions.v1: the ledger's one ordered input.
import { SUBMISSION_TYPES, type SubmissionKind } from '../topics.ts';
import { ORDER } from './claim.schema.ts';
import {
  constant,
  COUNT,
  FLAG,
  ID,
  maybe,
  named,
  record,
  text,
  TIME,
  whole,
  type Schema,
  type TypeOf,
} from './schema.ts';
import type { Definition } from './voucher.schema.ts';

export type FactValue = string | number | boolean | null | FactValue[] | { [key: string]: FactValue };
/** What was known of the user (and at the edge of the order) when it was asked. */
export type Facts = Record<string, FactValue>;

const FACTS: Schema<Facts> = {
  type: 'object',
  additionalProperties: true,
  description: 'attributes of the user, as the token or the acting service tells them',
};
/** The version by which the edge removed other attributes. Absent if none was removed. */
const STRIPPED_BY = maybe({
  ...whole(1),
  description: 'the version whose named attributes these are; absent: all are here',
});
/** RFC 3339, UTC, milliseconds. */
const WHEN = { ...TIME, description: 'when the edge accepted it, or X-Occurred-At' };

/** What every submission bears but a push, which nobody asked for. */
const ASKED = {
  submissionId: ID,
  voucherId: ID,
  at: WHEN,
  /** Of team, sub and acting user: a submission is shown to its asker alone. */
  asker: { ...text(), description: 'hash of who asked' },
  bodyHash: { ...text(), description: 'SHA-256 of the body as canonical JSON, hex' },
  traceparent: maybe({ ...text(), description: 'W3C Trace Context of the request' }),
};

const SUBMISSIONS = {
  push: record({
    kind: constant('push'),
    submissionId: ID,
    voucherId: ID,
    at: WHEN,
    userId: text(),
    pageSlug: text(),
  }),
  claim: record({
    ...ASKED,
    kind: constant('claim'),
    claimId: ID,
    userId: text(),
    pageSlug: maybe(text()),
    /** The user attributes that the newest version known to the edge names. */
    attributes: FACTS,
    strippedBy: STRIPPED_BY,
  }),
  lock: record({
    ...ASKED,
    kind: constant('lock'),
    claimId: ID,
    userId: text(),
    orderId: text(),
    ttlSeconds: whole(1),
  }),
  unlock: record({ ...ASKED, kind: constant('unlock'), claimId: ID, userId: text(), orderId: text() }),
  release: record({ ...ASKED, kind: constant('release'), claimId: ID, userId: text() }),
  revoke: record({ ...ASKED, kind: constant('revoke'), claimId: ID, reason: text() }),
  redemption: record({
    ...ASKED,
    kind: constant('redemption'),
    redemptionId: ID,
    claimId: ID,
    order: ORDER,
    /** Of a token whose `sub` is the claim's user, or of X-User-Attrs. Absent: the facts kept at the claim count. */
    attributes: maybe(FACTS),
    strippedBy: STRIPPED_BY,
    /** Where the use condition names it, and by which version. */
    matchesGoods: maybe({ ...FLAG, description: "an item's sku is among the voucher's goods" }),
    goodsVersion: maybe(COUNT),
  }),
  rollback: record({ ...ASKED, kind: constant('rollback'), redemptionId: ID, claimId: ID, reason: text() }),
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

/** A submission of one kind, under the name of its type. */
export const submissionOf = (kind: SubmissionKind): Schema<Submission> =>
  named<Submission>(SUBMISSION_TYPES[kind], SUBMISSIONS[kind]);

/** Time passing in a partition: brings what is due, and judges what time may turn true. Key: empty. */
export const TICK = named('Tick', record({ at: TIME }));
export interface Tick extends TypeOf<typeof TICK> {}

export type SubmissionRecord =
  { type: 'submission'; value: Submission } | { type: 'definition'; value: Definition } | { type: 'tick'; value: Tick };
