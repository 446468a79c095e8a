// What stands on voucher.submissions.v1.
import {
  SUBMISSION_TYPES,
  type Submission,
  type SubmissionKind,
  type SubmissionOf,
  type Tick,
} from '../submissions.ts';
import { ORDER } from './claim.schema.ts';
import { COUNT, FLAG, ID, maybe, named, record, text, TIME, whole, type Fields, type Schema } from './schema.ts';

const FACTS: Schema = {
  type: 'object',
  additionalProperties: true,
  description: 'attributes of the user, as the token or the acting service tells them',
};
const STRIPPED_BY = maybe({
  ...whole(1),
  description: 'the version whose named attributes these are; absent: all are here',
});
const WHEN = { ...TIME, description: 'when the edge accepted it, or X-Occurred-At' };

/** What every submission bears but a push, which nobody asked for. */
const ASKED = {
  submissionId: ID,
  voucherId: ID,
  at: WHEN,
  asker: { type: 'string', description: 'hash of who asked' },
  bodyHash: { type: 'string', description: 'SHA-256 of the body as canonical JSON, hex' },
  traceparent: maybe({ type: 'string', description: 'W3C Trace Context of the request' }),
};
const kindOf = <K extends SubmissionKind>(kind: K): Schema => ({ const: kind });

const FIELDS: { [K in SubmissionKind]: Fields<SubmissionOf<K>> } = {
  push: { kind: kindOf('push'), submissionId: ID, voucherId: ID, at: WHEN, userId: text(), pageSlug: text() },
  claim: {
    ...ASKED,
    kind: kindOf('claim'),
    claimId: ID,
    userId: text(),
    pageSlug: maybe(text()),
    attributes: FACTS,
    strippedBy: STRIPPED_BY,
  },
  lock: { ...ASKED, kind: kindOf('lock'), claimId: ID, userId: text(), orderId: text(), ttlSeconds: whole(1) },
  unlock: { ...ASKED, kind: kindOf('unlock'), claimId: ID, userId: text(), orderId: text() },
  release: { ...ASKED, kind: kindOf('release'), claimId: ID, userId: text() },
  revoke: { ...ASKED, kind: kindOf('revoke'), claimId: ID, reason: text() },
  redemption: {
    ...ASKED,
    kind: kindOf('redemption'),
    redemptionId: ID,
    claimId: ID,
    order: ORDER,
    attributes: maybe(FACTS),
    strippedBy: STRIPPED_BY,
    matchesGoods: maybe({ ...FLAG, description: "an item's sku is among the voucher's goods" }),
    goodsVersion: maybe(COUNT),
  },
  rollback: { ...ASKED, kind: kindOf('rollback'), redemptionId: ID, claimId: ID, reason: text() },
};

/** A submission of one kind, under the name of its type. */
export const submissionOf = (kind: SubmissionKind): Schema =>
  named(SUBMISSION_TYPES[kind], record<Submission>(FIELDS[kind] as Fields<Submission>));

/** Time passing in a partition. */
export const TICK = named('Tick', record<Tick>({ at: TIME }));
