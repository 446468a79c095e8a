import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startThings, type Answer, type CallOptions, type Things } from '../testing/things.service.ts';

let things: Things;
beforeAll(async () => {
  things = await startThings();
});
afterAll(() => things.stop());

const pointers = ({ body }: Answer): string[] => body.errors.map(({ pointer }: { pointer: string }) => pointer).sort();

describe('the first that applies', () => {
  const large = 'x'.repeat(2_000);
  it.each<[string, number, CallOptions]>([
    ['no token, whatever else', 401, { body: large, headers: { 'content-type': 'text/plain' } }],
    ['scope before size', 403, { scope: 'vouchers:read', body: large, headers: { 'content-type': 'text/plain' } }],
    [
      'size before media type',
      413,
      { scope: 'vouchers:write', body: large, headers: { 'content-type': 'text/plain' } },
    ],
    [
      'media type before If-Match',
      415,
      { scope: 'vouchers:write', body: 'x', headers: { 'content-type': 'text/plain' } },
    ],
    [
      'another charset',
      415,
      { scope: 'vouchers:write', body: '{}', headers: { 'content-type': 'application/json; charset=latin1' } },
    ],
    ['compressed', 415, { scope: 'vouchers:write', body: '{}', headers: { 'content-encoding': 'gzip' } }],
    ['If-Match before broken JSON', 428, { scope: 'vouchers:write', body: '{' }],
    ['If-Match without a body', 428, { scope: 'vouchers:write' }],
    ['broken JSON', 400, { scope: 'vouchers:write', body: '{', headers: { 'if-match': '"1"' } }],
  ])('%s: %i', async (_, status, options) => {
    expect(await things.call('PUT', '/v1/things/1', options)).toMatchObject({ status, body: { status } });
  });
});

describe('a body', () => {
  const make = (body: CallOptions['body']): Promise<Answer> =>
    things.call('POST', '/v1/things', { scope: 'vouchers:write', body });

  it('is told each of its faults, unknown and missing fields among them', async () => {
    const answer = await make(JSON.stringify({ amount: 'x', list: [1, null], 'a/b': 1 }));
    expect(answer.status).toBe(400);
    expect(pointers(answer)).toEqual(['/amount', '/a~1b', '/list/1', '/name']);
  });

  it('is told the same where the check is compiled', async () => {
    const headers = { 'idempotency-key': 'k' };
    expect(
      pointers(await things.call('POST', '/v1/things/1/claims', { scope: 'claims:write', body: '{"b":1}', headers })),
    ).toEqual(['/a', '/b']);
  });

  it.each([
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['an array', '[]'],
    ['null', 'null'],
    ['deep', '{"a":'.repeat(50) + '1' + '}'.repeat(50)],
    ['very deep', '['.repeat(100_000)],
    ['with __proto__', '{"name":"x","list":[],"__proto__":{"admin":true}}'],
    ['with constructor', '{"name":"x","list":[],"constructor":1}'],
    ['with a prototype further down', '{"name":"x","list":[{"constructor":{"prototype":1}}]}'],
    ['with a NUL', '{"name":"a\\u0000b","list":[]}'],
    ['with half a surrogate pair', '{"name":"\\ud800","list":[]}'],
  ])('is refused when it is %s', async (_, body) => {
    expect(await make(body)).toMatchObject({ status: 400, body: { status: 400 } });
  });

  it('may be Chinese, and of two equal keys the last counts', async () => {
    const answer = await make('{"name":"x","name":"满100减20","list":[]}');
    expect(answer.body).toEqual({ name: '满100减20', list: [] });
  });
});

describe('whom a call is about', () => {
  const claim = (scope: string, headers: Record<string, string> = {}): Promise<Answer> =>
    things.call('POST', '/v1/things/1/claims', {
      scope,
      body: '{"a":1}',
      headers: { 'idempotency-key': 'k', ...headers },
    });

  it('the token’s subject', async () => {
    expect((await claim('claims:write')).body).toMatchObject({ userId: 'alice', acting: false, team: 'default' });
  });

  it('the user named by a service', async () => {
    const answer = await claim('claims:act', { 'x-user-id': 'bob', 'x-user-attrs': '{"tier":"\\u91d1"}' });
    expect(answer.body).toMatchObject({ userId: 'bob', acting: true, sub: 'alice', userAttributes: { tier: '金' } });
  });

  it('nobody, where that is allowed', async () => {
    const answer = await things.call('DELETE', '/v1/things/1', { scope: 'claims:act' });
    expect(answer.body).toEqual({ userId: null, attributes: {} });
  });

  it.each<[string, number, string, Record<string, string>]>([
    ['a user named by no service', 403, 'claims:write', { 'x-user-id': 'bob' }],
    ['attributes given by no service', 403, 'claims:write', { 'x-user-attrs': '{}' }],
    ['a clock set without the scope', 403, 'claims:write', { 'x-occurred-at': '2026-01-01T00:00:00Z' }],
    ['no user named by a service', 400, 'claims:act', {}],
    ['an empty user', 400, 'claims:act', { 'x-user-id': '' }],
    ['attributes that are none', 400, 'claims:act', { 'x-user-id': 'bob', 'x-user-attrs': '[1]' }],
    ['broken attributes', 400, 'claims:act', { 'x-user-id': 'bob', 'x-user-attrs': '{' }],
    ['a time without offset', 400, 'claims:write clock:set', { 'x-occurred-at': '2026-01-01T00:00:00' }],
    ['a day that is none', 400, 'claims:write clock:set', { 'x-occurred-at': '2026-02-30T00:00:00Z' }],
    ['a key too long', 400, 'claims:write', { 'idempotency-key': 'x'.repeat(256) }],
    ['a key with a space', 400, 'claims:write', { 'idempotency-key': 'a b' }],
    ['no key', 428, 'claims:write', { 'idempotency-key': '' }],
  ])('%s: %i', async (_, status, scope, headers) => {
    expect((await claim(scope, headers)).status).toBe(status);
  });

  it('a key of 255 characters, and a time that the token may set', async () => {
    const answer = await claim('claims:write clock:set', {
      'x-occurred-at': '2026-01-01T08:00:00+08:00',
      'idempotency-key': '~'.repeat(255),
    });
    expect(answer.body.occurredAt).toBe('2026-01-01T00:00:00.000Z');
  });
});
