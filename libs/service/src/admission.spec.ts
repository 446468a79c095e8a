import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startThings, type Answer, type CallOptions, type Things } from '../testing/things.service.ts';

let things: Things;
beforeAll(async () => {
  things = await startThings();
});
afterAll(() => things.stop());

const pointers = ({ body }: Answer): string[] => body.errors.map(({ pointer }: { pointer: string }) => pointer).sort();

describe('only the first refusal is answered', () => {
  const large = 'x'.repeat(2_000);
  it.each<[string, number, CallOptions]>([
    ['no token, with other faults', 401, { body: large, headers: { 'content-type': 'text/plain' } }],
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

  it('is refused with all its faults, including unknown and missing fields', async () => {
    const answer = await make(JSON.stringify({ amount: 'x', list: [1, null], 'a/b': 1 }));
    expect(answer.status).toBe(400);
    expect(pointers(answer)).toEqual(['/amount', '/a~1b', '/list/1', '/name']);
  });

  it('is refused with the same faults by a compiled check', async () => {
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

  it('may be Chinese, and the last of two equal keys counts', async () => {
    const answer = await make('{"name":"x","name":"满100减20","list":[]}');
    expect(answer.body).toEqual({ name: '满100减20', list: [] });
  });
});

describe('a query', () => {
  const list = (query: string): Promise<Answer> =>
    things.call('GET', `/v1/things?${query}`, { scope: 'vouchers:read' });

  it.each([
    ['other=1', ['/other']],
    ['constructor=1&__proto__=1', ['/__proto__', '/constructor']],
    ['a/b=1&%00=1', ['/\0', '/a~1b']],
    ['limit=0', ['/limit']],
    ['limit=1e1', ['/limit']],
    ['limit=', ['/limit']],
    ['limit=1&limit=2', ['/limit']],
    ['after=W10', ['/after']],
    [`after=${Buffer.from('["\\u0000","b"]').toString('base64url')}`, ['/after']],
    [`after=${Buffer.from('["a","\\ud83d"]').toString('base64url')}`, ['/after']],
    ['at=noon', ['/at']],
    ['at=0000-01-01T00:00:00Z', ['/at']],
    ['at=9999-12-31T23:59:59-14:00', ['/at']],
    ['of=her', ['/of']],
    ['id=urn:uuid:018bcfe5-6800-7003-8000-000000000001', ['/id']],
    ['text=a%00b', ['/text']],
    ['text=%ff', ['/text']],
    ['text=%ED%A0%80', ['/text']],
    ['text=%', ['/text']],
    ['text=%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80', ['/text']],
    ['tag=a&tag=%00', ['/tag']],
    ['tag=a&tag=abcd', ['/tag']],
  ])('with %s is refused with the pointer', async (query, told) => {
    const answer = await list(query);
    expect([answer.status, pointers(answer)]).toEqual([400, told]);
  });

  it('may have the declared parameters: characters are code points, and a list may have one item', async () => {
    const id = '018BCFE5-6800-7003-8000-000000000001';
    const answer = await list(`text=%F0%9F%98%80a%0A&tag=a&of=us&at=9999-12-31T23:59:59Z&id=${id}&limit=7`);
    expect(answer).toMatchObject({ status: 200, body: { text: '😀a\n', tag: 'a', of: 'us', id, limit: 7 } });
  });

  it('is refused if the route declares none, and ignored outside /v1', async () => {
    const made = await things.call('POST', '/v1/things?dry=1', { scope: 'vouchers:write', body: '{}' });
    expect([made.status, pointers(made)]).toEqual([400, ['/dry']]);
    for (const path of ['/health/live?utm_source=x', '/metrics?%00', '/docs-json?x=%ff'])
      expect((await things.call('GET', path)).status).toBe(200);
  });
});

describe('the user of a call', () => {
  const claim = (scope: string, headers: Record<string, string> = {}): Promise<Answer> =>
    things.call('POST', '/v1/things/1/claims', {
      scope,
      body: '{"a":1}',
      headers: { 'idempotency-key': 'k', ...headers },
    });

  it('is the token’s subject', async () => {
    expect((await claim('claims:write')).body).toMatchObject({ userId: 'alice', acting: false, team: 'default' });
  });

  it('is the user named by a service', async () => {
    const answer = await claim('claims:act', { 'x-user-id': 'bob', 'x-user-attrs': '{"tier":"\\u91d1"}' });
    expect(answer.body).toMatchObject({ userId: 'bob', acting: true, sub: 'alice', userAttributes: { tier: '金' } });
  });

  it.each<[string, string]>([
    ['"bob"', 'bob'],
    ['"\\u00e9 a"', 'é a'],
    ['"\\"bob\\""', '"bob"'],
    [JSON.stringify('😀'.repeat(255)).replaceAll('😀', '\\ud83d\\ude00'), '😀'.repeat(255)],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['[1]', '[1]'],
  ])('is the user that a service names as %s', async (header, userId) => {
    expect((await claim('claims:act', { 'x-user-id': header })).body.userId).toBe(userId);
  });

  it.each([
    'x'.repeat(256),
    `"${'x'.repeat(256)}"`,
    '"',
    '""',
    '"bob',
    '"a\\u0000b"',
    '"a\\nb"',
    '"\\ud83d"',
    '"é"',
    'é',
    'a b',
  ])('is never named as %s: 400 that names the header', async (header) => {
    const answer = await claim('claims:act', { 'x-user-id': header });
    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining('X-User-Id')]);
  });

  it('may be absent on some routes', async () => {
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
    ['a time before the year 1', 400, 'claims:write clock:set', { 'x-occurred-at': '0000-01-01T00:00:00Z' }],
    ['a time past the year 9999', 400, 'claims:write clock:set', { 'x-occurred-at': '9999-12-31T23:59:59-14:00' }],
    ['a day that is none', 400, 'claims:write clock:set', { 'x-occurred-at': '2026-02-30T00:00:00Z' }],
    ['a key too long', 400, 'claims:write', { 'idempotency-key': 'x'.repeat(256) }],
    ['a key with a space', 400, 'claims:write', { 'idempotency-key': 'a b' }],
    ['no key', 428, 'claims:write', { 'idempotency-key': '' }],
  ])('%s: %i', async (_, status, scope, headers) => {
    expect((await claim(scope, headers)).status).toBe(status);
  });

  it('a key of 255 characters and a time that the token may set are accepted', async () => {
    const answer = await claim('claims:write clock:set', {
      'x-occurred-at': '2026-01-01T08:00:00+08:00',
      'idempotency-key': '~'.repeat(255),
    });
    expect(answer.body.occurredAt).toBe('2026-01-01T00:00:00.000Z');
  });
});
