import { describe, expect, it } from '@jest/globals';
import { HEADERS, SUBMISSION_TYPES, uuidv7, type SubmissionKind } from '@vouchers/contracts';
import type { IncomingRecord } from '@vouchers/messaging';
import fc from 'fast-check';
import { readRecord, unreadableOf, type ParsedRecord } from './submission.reader.ts';

const voucherId = uuidv7(1, 0, 1, 1);
const submissionId = uuidv7(1, 0, 1, 2);
const claimId = uuidv7(1, 0, 1, 3);
const ORDER = { id: 'o', amount: 1, currency: 'EUR' };
const BODIES: Record<'push' | 'claim' | 'lock' | 'redemption', object> = {
  push: { userId: 'alice', pageSlug: 'home' },
  claim: { claimId, userId: 'alice', attributes: {} },
  lock: { claimId, userId: 'alice', orderId: 'o', ttlSeconds: 1 },
  redemption: { claimId, redemptionId: claimId, order: ORDER },
};
const KINDS = Object.keys(BODIES) as (keyof typeof BODIES)[];

function read(kind: keyof typeof BODIES, changes: object = {}, headers: Record<string, string> = {}): ParsedRecord {
  const asked = { submissionId, voucherId, at: '2026-06-01T12:00:00Z', asker: 'a', bodyHash: 'b' };
  return readRecord(recordOf(kind, { kind, ...asked, ...BODIES[kind], ...changes }, headers), 0);
}

function recordOf(kind: SubmissionKind, value: unknown, headers: Record<string, string> = {}): IncomingRecord {
  return {
    offset: 0n,
    timestamp: 0,
    key: voucherId,
    value: Buffer.from(JSON.stringify(value) ?? ''),
    headers: { [HEADERS.type]: SUBMISSION_TYPES[kind], [HEADERS.submissionId]: submissionId, ...headers },
  };
}

describe('a submission', () => {
  it.each<[keyof typeof BODIES, object]>([
    ['claim', { userId: 'x'.repeat(255) }],
    ['claim', { userId: '😀'.repeat(255) }],
    ['push', { pageSlug: 'x'.repeat(80) }],
    ['redemption', { order: { ...ORDER, items: [{ sku: 'A', quantity: 1, amount: 0 }], note: 'of a later release' } }],
    ['redemption', { order: { ...ORDER, currency: 'XXX' } }],
    ['redemption', { by: { sub: 'till-7', team: 'shops' } }],
    ['lock', { orderId: '😀'.repeat(200) }],
    ['redemption', { order: { ...ORDER, id: '😀'.repeat(200) } }],
  ])('is parsed: %s (%#)', (kind, changes) => expect(read(kind, changes).type).toBe('submission'));

  it.each<[keyof typeof BODIES, object, string]>([
    ['claim', { userId: 'x'.repeat(256) }, 'userId'],
    ['claim', { userId: '😀'.repeat(256) }, 'userId'],
    ['claim', { userId: 'a\u0007b' }, 'userId'],
    ['claim', { userId: 'a\u0085b' }, 'userId'],
    ['claim', { userId: 'a\u0000b' }, 'userId'],
    ['push', { userId: 'x'.repeat(3_000) }, 'userId'],
    ['push', { pageSlug: 'x'.repeat(81) }, 'pageSlug'],
    ['claim', { asker: 'x'.repeat(256) }, 'asker'],
    ['lock', { orderId: 'x'.repeat(256) }, 'orderId'],
    ['lock', { orderId: '\u0000' }, 'orderId'],
    ['lock', { ttlSeconds: 0 }, 'ttlSeconds'],
    ['lock', { ttlSeconds: 86_401 }, 'ttlSeconds'],
    ['lock', { ttlSeconds: 1.5 }, 'ttlSeconds'],
    ['claim', { attributes: null }, 'attributes'],
    ['claim', { userId: 7 }, 'userId'],
    ['claim', { claimId: claimId.replace('-8', '-A') }, 'claimId'],
    ['claim', { strippedBy: 0 }, 'strippedBy'],
    ['claim', { kind: 'lock' }, 'kind'],
    ['redemption', { matchesGoods: 'yes' }, 'matchesGoods'],
    ['redemption', { by: 'till-7' }, 'by'],
    ['redemption', { by: { sub: 'x'.repeat(256), team: 'shops' } }, 'by.sub'],
    ['redemption', { by: { sub: 'till-7' } }, 'by.team'],
    ['redemption', { order: { ...ORDER, id: 'x'.repeat(256) } }, 'order.id'],
    ['redemption', { order: { id: 'o' } }, 'order.amount'],
    ['redemption', { order: { ...ORDER, items: [null] } }, 'order.items.0'],
    ['redemption', { order: { ...ORDER, items: [{ sku: 'A', quantity: 0, amount: 1 }] } }, 'order.items.0.quantity'],
    ['claim', { claimId: uuidv7(1, 1, 1, 3) }, 'claimId'],
    ['claim', { at: 'yesterday' }, 'at'],
  ])('is unreadable if a field is too long or malformed: %s (%#)', (kind, changes, name) => {
    const parsed = read(kind, changes);
    expect(parsed).toMatchObject({ type: 'unreadable', why: `the submission's ${name} cannot be read` });
    if (kind !== 'push') expect(parsed).toMatchObject({ submissionId, voucherId, kind });
  });

  it('with any value is parsed or unreadable, and nothing is thrown', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KINDS),
        fc.anything({ withBigInt: false }),
        fc.object(),
        (kind, value, changes) => {
          expect(['submission', 'unreadable']).toContain(read(kind, changes).type);
          expect(readRecord(recordOf(kind, value), 0).type).toBe('unreadable');
        },
      ),
    );
  });

  it('loses a trace that Postgres would refuse', () => {
    expect(read('claim', {}, { [HEADERS.traceparent]: '00-\u0000' })).toMatchObject({ traceparent: null });
  });

  it('that is set aside keeps its submission id, unless it is silent', () => {
    expect(unreadableOf(read('claim'), { why: 'no' })).toEqual({
      type: 'unreadable',
      why: 'no',
      submissionId,
      voucherId,
      kind: 'claim',
    });
    expect(unreadableOf(read('claim'), { why: 'no', silent: true })).toEqual({
      type: 'unreadable',
      why: 'no',
      silent: true,
    });
    expect(unreadableOf(read('push'), { why: 'no' })).toEqual({ type: 'unreadable', why: 'no', voucherId });
  });
});
