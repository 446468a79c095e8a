import { describe, expect, it } from '@jest/globals';
import { HEADERS } from '@vouchers/contracts';
import type { IncomingRecord } from '@vouchers/messaging';
import { headOf, outcomeOf, eventPositionOf } from './outcome.ts';

const ID = '01a20000-0000-7000-8000-00000000000a';
const OTHER = '01a20000-0000-7000-8000-00000000000b';
const HEAD = { [HEADERS.partition]: '2', [HEADERS.sequence]: '7', [HEADERS.type]: 'any.v1', [HEADERS.subject]: ID };
const record = (headers: Record<string, string>, value: unknown = { at: 'then' }): IncomingRecord => ({
  offset: 0n,
  timestamp: 0,
  key: ID,
  value: Buffer.isBuffer(value) || value === null ? value : Buffer.from(JSON.stringify(value)),
  headers,
});

describe('the position of an event', () => {
  it.each<[string, Record<string, string>, unknown]>([
    ['is in its headers', HEAD, { partition: 2, seq: 7 }],
    ['is none of another partition', { ...HEAD, [HEADERS.partition]: '3' }, undefined],
    ['is none without a number', { ...HEAD, [HEADERS.sequence]: '__proto__' }, undefined],
    ['begins with 1', { ...HEAD, [HEADERS.sequence]: '0' }, undefined],
    ['is a number that a double holds', { ...HEAD, [HEADERS.sequence]: '9'.repeat(16) }, undefined],
    ['is none without headers', {}, undefined],
  ])('%s', (_what, headers, position) => expect(eventPositionOf(record(headers), 2)).toEqual(position));
});

describe('an event', () => {
  const POSITION = { partition: 2, seq: 7 };
  const claim = { id: ID, voucherId: ID, userId: 'alice' };
  it.each<[string, Record<string, string>, unknown, boolean]>([
    ['of a known form', HEAD, { at: 'then' }, true],
    ['with a claim', HEAD, { at: 'then', claim }, true],
    ['with a claim of another voucher', HEAD, { at: 'then', claim: { ...claim, voucherId: OTHER } }, false],
    ['with a claim of nobody', HEAD, { at: 'then', claim: { ...claim, userId: 7 } }, false],
    ['with a claim that is null', HEAD, { at: 'then', claim: null }, false],
    ['with half a redemption', HEAD, { at: 'then', redemption: { id: ID, claimId: ID } }, false],
    ['without its time', HEAD, {}, false],
    ['that is a list', HEAD, [], false],
    ['without a value', HEAD, null, false],
    ['that is no JSON', HEAD, Buffer.from('{'), false],
    ['that is no UTF-8', HEAD, Buffer.from([0xff, 0xfe]), false],
    ['of no voucher', { ...HEAD, [HEADERS.subject]: 'x' }, { at: 'then' }, false],
    ['without a type', { ...HEAD, [HEADERS.type]: '' }, { at: 'then' }, false],
  ])('%s is read: %#', (_what, headers, value, isRead) => {
    expect(outcomeOf(record(headers, value), POSITION) !== undefined).toBe(isRead);
  });

  it('is known by its headers where the value does not matter', () =>
    expect(headOf(record(HEAD, null), POSITION)).toEqual({ type: 'any.v1', voucherId: ID, ...POSITION }));
});
