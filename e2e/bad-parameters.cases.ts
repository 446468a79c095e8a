// For every parameter in the services' OpenAPI documents, values that must be refused.
import type { Operation } from './openapi.document.ts';

export type Parameter = NonNullable<Operation['parameters']>[number];

const cursor = (...parts: string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
const many = (count: number): string => encodeURIComponent('😀'.repeat(count));

/** A NUL, bytes that are not UTF-8, and half a surrogate pair, in percent-encoding. */
const NO_TEXT = ['%00', 'a%00b', '%ff', '%ED%A0%80', '%'];
const NO_TIME = [
  ...NO_TEXT,
  '',
  'noon',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00%2B00:01',
  '9999-12-31T23:59:59-14:00',
];
const NO_WHOLE = [...NO_TEXT, '', 'x', '-1', '1.5', '1e2', '99999999999999999999'];
const NO_ID = [...NO_TEXT, '', 'x', 'urn:uuid:018bcfe5-6800-7003-8000-000000000001'];
const NO_CHOICE = [...NO_TEXT, '', 'other'];

/** Bad values by place and name. An entry with an operation counts before the general one. */
export const BAD: Record<string, readonly string[]> = {
  'query at': NO_TIME,
  'query from': NO_TIME,
  'query to': NO_TIME,
  'GET /v1/vouchers/{id}/counters/series query to': [...NO_TIME, '2020-01-01T00:00:00Z'],
  'query class': NO_CHOICE,
  'query step': [...NO_TEXT, '', '1', 'PT0S', '-PT1H', 'PT0.0001S', 'P99999999D', 'P9000Y', 'P99999999999Y', 'PT1S'],
  'query limit': [...NO_WHOLE, '0', '201'],
  'GET /v1/events query limit': [...NO_WHOLE, '0', '5001'],
  'query partition': [...NO_WHOLE, '4096'],
  'query after': [...NO_TEXT, '', 'x', cursor('a\0'), cursor('\ud83d'), cursor('a', 'b')],
  'query id': NO_ID,
  'query voucherId': NO_ID,
  'query claimId': NO_ID,
  'query state': NO_CHOICE,
  'query order': NO_CHOICE,
  'query include': NO_CHOICE,
  'query type': NO_CHOICE,
  'query reason': NO_CHOICE,
  'query full': NO_CHOICE,
  'query attention': NO_CHOICE,
  'query soldOut': NO_CHOICE,
  'query time': NO_CHOICE,
  'query sort': NO_CHOICE,
  'query team': NO_TEXT,
  'query by': NO_TEXT,
  'query userId': NO_TEXT,
  'query orderId': NO_TEXT,
  'DELETE /v1/claims/{id}/lock query orderId': [...NO_TEXT, '', many(201)],
  'query key': [...NO_TEXT, '', 'A', 'a b'],
  'query label': [...NO_TEXT, '', 'x', 'A:x', `a:${many(201)}`],
  'query search': [...NO_TEXT, many(201)],
  'header X-Occurred-At': ['noon', '2026-01-01', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59-14:00'],
  'header X-User-Id': ['x'.repeat(256), 'a b', '"', '""', '"a\\u0000"', '"a\\nb"', `"${'x'.repeat(256)}"`],
  'header X-User-Attrs': ['[1]', '{', '{"a":"\\u0000"}', '{"a":"\\ud83d"}'],
  'header Idempotency-Key': ['a b', 'x'.repeat(256)],
  'header Voucher-Position': ['x', '4096:1', '0:-1', '0:9999999999999999', '0:1,', '0:1; 0:2', '0:1, x'],
  // An invalid tag names no version (412). A stream that does not know the event begins with the present counters.
  'header If-Match': [],
  'header Last-Event-ID': [],
  // A text that cannot be an id or a slug is unknown (404), as the documents say.
  'path id': ['x', 'x%00y'],
  'POST /v1/users/{id}/forget path id': ['%00', 'a%0Ab', 'x'.repeat(256), many(256)],
  'GET /v1/users/{id}/activity path id': ['x%00y', many(256)],
  'path orderId': ['x%00y', 'x'.repeat(201), 'nobody-knows-it'],
  'path kind': ['x', '%00'],
  'path name': ['%00', '%20', 'x'.repeat(61)],
  'path slug': ['A_Page', 'x%00y', 'x'.repeat(81)],
  'path version': ['x', '0', '1%00', '99999999999999999999'],
};

export const badValuesOf = (operation: string, { in: place, name }: Parameter): readonly string[] | undefined =>
  BAD[`${operation} ${place} ${name}`] ?? BAD[`${place} ${name}`];
