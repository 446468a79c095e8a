// Evidence without a violation, and one change per case that must violate the named invariant.
import { describe, expect, it } from '@jest/globals';
import {
  DEFINITION_TYPE,
  eventId,
  HEADERS,
  SPEC_DEFAULTS,
  SUBMISSION_TYPES,
  type EventData,
} from '@vouchers/contracts';
import type { AuditedRequest, Answer } from './account.ts';
import type { Evidence, LedgerEvent, TopicRecord } from './evidence.ts';
import { violations } from './invariants.ts';

const [VOUCHER, CLAIM, ANOTHER] = ['v', 'c', 'd'];
const SUBMISSION = '00000000-0000-8000-8000-000000000001';
const spec = { ...SPEC_DEFAULTS, quantities: { push: null, claim: 1, redeem: null } };
const definition = { voucherId: VOUCHER, version: 1, intent: 'published', spec };
const held = (id: string) => ({ id, voucherId: VOUCHER, userId: 'ann', state: 'held' });

function event(seq: number, type: string, data: object, submissionId: string | null = null): LedgerEvent {
  const text = JSON.stringify(data);
  const place = { partition: 0, seq, decidedAt: 1_000 + seq };
  return { ...place, type, voucherId: VOUCHER, submissionId, text, data: data as unknown as EventData };
}
function record(offset: number, headers: Record<string, string>, value: string): TopicRecord {
  return { partition: 0, offset, key: VOUCHER, headers, value, bytes: Buffer.from(value), timestamp: 0 };
}
function published({ partition, seq, decidedAt, type, voucherId, submissionId, text }: LedgerEvent): TopicRecord {
  return record(
    seq - 1,
    {
      [HEADERS.id]: eventId(decidedAt, partition, seq),
      [HEADERS.type]: type,
      [HEADERS.partition]: String(partition),
      [HEADERS.sequence]: String(seq),
      ...(submissionId && { [HEADERS.submissionId]: submissionId }),
    },
    `{"voucherId":"${voucherId}","type":"${type}","partition":${partition},"sequence":${seq},${text.slice(1)}`,
  );
}

const DEFINED = event(1, 'voucher.defined.v1', { definition });
const CLAIMED = event(2, 'voucher.claimed.v1', { claim: held(CLAIM) }, SUBMISSION);
const entry = (userId: string, number: number, state: string) => ({ id: userId, userId, rank: 0, number, state });
const waiting = (...users: string[]) =>
  users.map((userId, index) =>
    event(5 + index, 'voucher.waiting-list-joined.v1', { entry: entry(userId, index + 1, 'waiting') }),
  );
const offerTo = (userId: string) => ({ entry: entry(userId, 2, 'offered'), entryBefore: 'waiting' });
const ANSWER: Answer = { status: 201, submissionId: SUBMISSION, body: { id: CLAIM }, tookMs: 5 };
const requested = (...answers: Answer[]): AuditedRequest => ({
  service: 'page-delivery',
  method: 'POST',
  path: '/claims',
  key: 'k',
  answers,
});
const COUNTERS = {
  ...{ pushed: 0, claimed: 1, redeemed: 0, rolledBack: 0, held: 1, locked: 0, used: 0, expired: 0, released: 0 },
  ...{ revoked: 0, retired: 0, offered: 0, refused: {} },
  ...{ waiting: 0, joined: 0, claimedFromOffer: 0, lapsed: 0, left: 0, extended: 0 },
  ...{ discounted: {}, reserved: { uses: 0, discount: {} } },
};
const CURSOR = { partition: 0, next: 2, seq: 3, wanted: 2, end: 2 };

const WELL: Evidence = {
  requests: [requested(ANSWER)],
  events: [DEFINED, CLAIMED],
  vouchers: [{ voucherId: VOUCHER, free: 0, counters: COUNTERS }],
  submissions: [
    record(0, { [HEADERS.type]: DEFINITION_TYPE }, JSON.stringify(definition)),
    record(1, { [HEADERS.type]: SUBMISSION_TYPES.claim, [HEADERS.submissionId]: SUBMISSION }, '{}'),
  ],
  outcomes: [published(DEFINED), published(CLAIMED)],
  quarantine: [],
  cursors: [CURSOR],
  regressions: [],
  restored: false,
  untrue: [],
  unready: [],
  unrepeated: [],
  configured: [{ voucherId: VOUCHER, version: 1 }],
  differences: [],
};
const second = event(3, 'voucher.claimed.v1', { claim: held(ANOTHER) });
const later = { ...CLAIMED, decidedAt: 9_000, text: CLAIMED.text.replace('{', '{"decidedAt":"later",') };

describe('the invariants', () => {
  it('hold for sound evidence, also with duplicates of the same bytes', () => {
    expect(violations(WELL)).toEqual([]);
    expect(violations({ ...WELL, outcomes: [...WELL.outcomes, published(CLAIMED)] })).toEqual([]);
  });

  it.each<[string, string, Partial<Evidence>]>([
    ['I1', 'one unit too many', { events: [DEFINED, CLAIMED, second] }],
    ['I1', 'one claim granted twice', { events: [DEFINED, CLAIMED, { ...CLAIMED, seq: 3 }] }],
    ['I2', 'an answer without a decision', { events: [DEFINED] }],
    ['I2', 'two decisions', { events: [DEFINED, CLAIMED, { ...second, submissionId: SUBMISSION }] }],
    ['I2', 'an answer that differs from the decision', { requests: [requested({ ...ANSWER, body: { id: ANOTHER } })] }],
    [
      'I2',
      'an answer 409 to a granted claim',
      { requests: [requested({ ...ANSWER, status: 409, body: { reason: 'sold-out' } })] },
    ],
    ['I2', 'a 500', { requests: [requested({ status: 500, tookMs: 5 })] }],
    ['I2', 'a 202 whose submission is unknown', { untrue: ['a submission is unknown'] }],
    ['I3', 'an event without a record', { submissions: WELL.submissions.slice(0, 1) }],
    ['I3', 'a version that was never sent', { submissions: WELL.submissions.slice(1) }],
    ['I4', 'an event that was not published', { outcomes: WELL.outcomes.slice(0, 1) }],
    ['I4', 'a published event that is not in the tables', { outcomes: [...WELL.outcomes, published(second)] }],
    ['I4', 'two publications that differ', { outcomes: [...WELL.outcomes, { ...published(CLAIMED), value: '{}' }] }],
    ['I5', 'a hole', { outcomes: WELL.outcomes.slice(1) }],
    ['I5', 'another order', { outcomes: [...WELL.outcomes].reverse() }],
    ['I5', 'a version that did not come', { configured: [{ voucherId: VOUCHER, version: 2 }] }],
    ['I6', 'a projection that differs from a replay', { differences: ['a row'] }],
    ['I7', 'a record without a decision', { submissions: [...WELL.submissions, record(2, {}, '?')] }],
    ['I7', 'a cursor that went back', { regressions: ['it did'] }],
    ['I7', 'a cursor past the end', { cursors: [{ ...CURSOR, end: 1 }] }],
    ['I8', 'a partition that lags', { cursors: [{ ...CURSOR, wanted: 3, end: 3 }] }],
    ['I8', 'a request that is never decided', { requests: [requested({ status: 202, tookMs: 5 })] }],
    ['I8', 'a request that hangs', { requests: [requested({ status: 0, tookMs: 60_000 }, ANSWER)] }],
    ['I9', 'another answer to the same key', { requests: [requested(ANSWER, { ...ANSWER, body: { id: ANOTHER } })] }],
    ['I8', 'a service is not ready again', { unready: ['ledger was not ready'] }],
    ['I9', 'no answer to a repetition', { unrepeated: [requested(ANSWER)] }],
    ['I10', 'a unit that is missing', { vouchers: [{ voucherId: VOUCHER, free: 1, counters: COUNTERS }] }],
    [
      'I10',
      'a claim that is not counted',
      { vouchers: [{ voucherId: VOUCHER, free: 0, counters: { ...COUNTERS, held: 0 } }] },
    ],
    ['I11', 'a claim that took a unit while another waited', { events: [DEFINED, ...waiting('ann'), CLAIMED] }],
    [
      'I11',
      'an offer to one who is not next',
      { events: [DEFINED, ...waiting('bob', 'eve'), event(9, 'voucher.offered.v1', offerTo('eve'))] },
    ],
  ])('%s is violated by: %s', (invariant, _, change) => {
    expect(violations({ ...WELL, ...change }).map((one) => one.invariant)).toContain(invariant);
  });

  it('after a restored backup, repeated decisions must be the same except for their time', () => {
    const again = { ...WELL, restored: true, events: [DEFINED, later], outcomes: [...WELL.outcomes, published(later)] };
    expect(violations(again)).toEqual([]);
    const other = { ...later, text: later.text.replace('ann', 'bob') };
    const otherwise = { ...again, events: [DEFINED, other], outcomes: [...WELL.outcomes, published(other)] };
    expect(violations(otherwise).map(({ invariant }) => invariant)).toContain('I4');
  });
});
