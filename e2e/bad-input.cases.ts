// Requests that break the contract, one per row, with the refusal that each must get.
import type { RequestOptions } from './requests.ts';

/** One token per role. */
export interface Tokens {
  staff: string;
  alice: string;
  acting: string;
  till: string;
}

/** Title, request, status, and the pointers (or the reason) that the problem must contain. */
export type Case = [
  what: string,
  method: string,
  path: string,
  sending: (of: Tokens) => RequestOptions,
  status: number,
  told?: string | string[],
];

const NOBODY = '018bcfe5-6800-7003-8000-000000000001';
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const spec = (more: object = {}): Record<string, unknown> => ({
  name: 'A voucher',
  resourceType: 'coupon',
  windows: { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' } },
  ...more,
});
const withProto = (json: object): string => JSON.stringify(json).replace('{', '{"__proto__":{"admin":true},');
const badUtf8 = (json: object): Uint8Array => {
  const bytes = Buffer.from(JSON.stringify(json));
  bytes[bytes.indexOf('voucher')] = 0xff;
  return bytes;
};
const order = { id: 'order-1', amount: 1, currency: 'EUR' };

const create = (what: string, body: unknown, status: number, told?: string[]): Case => [
  what,
  'POST',
  '/v1/vouchers',
  ({ staff }) => ({ token: staff, body }),
  status,
  told,
];
const claim = (
  what: string,
  sending: RequestOptions & { as?: keyof Tokens },
  status: number,
  told?: string | string[],
): Case => [
  what,
  'POST',
  '/v1/vouchers/{voucher}/claims',
  (of) => ({ token: of[sending.as ?? 'alice'], key: 'k', ...sending }),
  status,
  told,
];

export const CONFIG: Case[] = [
  create('JSON that ends too early', '{"name":', 400),
  create('no object', '[]', 400),
  create('nothing', '', 400),
  create('100,000 levels', deep(100_000), 400),
  create('100,000 levels in a field', `{"name":"x","labels":${deep(100_000)}}`, 400),
  create('bytes that are not UTF-8', badUtf8(spec()), 400),
  create('__proto__', withProto(spec()), 400, ['/__proto__']),
  create('an unknown field', spec({ owner: 'me' }), 400, ['/owner']),
  create('a field that only the server sets', spec({ state: 'enabled', team: 'x' }), 400, ['/state', '/team']),
  create('missing fields', {}, 400, ['/name', '/resourceType', '/windows']),
  create('an unknown type', spec({ resourceType: 'money' }), 400, ['/resourceType']),
  create('a name of 201 characters', spec({ name: 'x'.repeat(201) }), 400, ['/name']),
  create(
    'a window that ends before it begins',
    spec({ windows: { timeZone: 'UTC', valid: { from: '2021-01-01T00:00:00Z', to: '2020-01-01T00:00:00Z' } } }),
    400,
    ['/windows/valid/to'],
  ),
  create(
    'a time without offset',
    spec({ windows: { timeZone: 'UTC', valid: { from: '2021-01-01T00:00:00', to: '2022-01-01T00:00:00Z' } } }),
    400,
    ['/windows/valid/from'],
  ),
  create(
    'a zone that does not exist',
    spec({
      windows: { timeZone: 'Europe/Atlantis', valid: { from: '2021-01-01T00:00:00Z', to: '2022-01-01T00:00:00Z' } },
    }),
    400,
    ['/windows/timeZone'],
  ),
  create('a blank name', spec({ name: ' \u200b' }), 400, ['/name']),
  create(
    'an amount without its currency',
    spec({ benefit: { type: 'percent-off', percent: 5, maxAmount: 500 } }),
    400,
    ['/benefit/currency'],
  ),
  create('an unknown currency', spec({ benefit: { type: 'amount-off', amount: 1, currency: 'RMB' } }), 400, [
    '/benefit/currency',
  ]),
  create('fewer pushes than claims', spec({ quantities: { push: 1, claim: 2 } }), 400, ['/quantities/push']),
  create('half a unit', spec({ quantities: { claim: 1.5 } }), 400, ['/quantities/claim']),
  create('20,001 goods', spec({ goods: Array.from({ length: 20_001 }, (_, sku) => ({ sku: `${sku}` })) }), 400, [
    '/goods',
  ]),
  create('2 MB and more', spec({ description: 'x'.repeat(2_100_000) }), 413),
  [
    'another media type',
    'POST',
    '/v1/vouchers',
    ({ staff }) => ({ token: staff, headers: { 'Content-Type': 'text/plain' }, body: JSON.stringify(spec()) }),
    415,
  ],
  [
    'a batch with one bad voucher',
    'POST',
    '/v1/vouchers/batch',
    ({ staff }) => ({ token: staff, body: { items: [spec(), spec({ name: '' })] } }),
    400,
    ['/items/1/name'],
  ],
  [
    'a batch of 1,001',
    'POST',
    '/v1/vouchers/batch',
    ({ staff }) => ({ token: staff, body: { items: Array.from({ length: 1_001 }, () => spec()) } }),
    400,
    ['/items'],
  ],
  ['a malformed id', 'GET', '/v1/vouchers/x%00y', ({ staff }) => ({ token: staff }), 404],
  ['an id that nobody has', 'GET', `/v1/vouchers/${NOBODY}`, ({ staff }) => ({ token: staff }), 404],
  ['a change without If-Match', 'PUT', '/v1/vouchers/{voucher}', ({ staff }) => ({ token: staff, body: spec() }), 428],
  [
    'a change of an old version',
    'PUT',
    '/v1/vouchers/{voucher}',
    ({ staff }) => ({ token: staff, body: spec(), headers: { 'If-Match': '"999"' } }),
    412,
  ],
  ['a limit above 200', 'GET', '/v1/vouchers?limit=201', ({ staff }) => ({ token: staff }), 400],
  ['a limit of zero', 'GET', '/v1/vouchers?limit=0', ({ staff }) => ({ token: staff }), 400],
  [
    'a page with an unknown voucher',
    'PUT',
    '/v1/pages/a-page',
    ({ staff }) => ({ token: staff, body: { title: 'x', voucherIds: [NOBODY] } }),
    400,
    ['/voucherIds/0'],
  ],
  [
    'a malformed slug',
    'PUT',
    '/v1/pages/A_Page',
    ({ staff }) => ({ token: staff, body: { title: 'x', voucherIds: [] } }),
    400,
  ],
  ['no token', 'POST', '/v1/vouchers', () => ({ body: spec() }), 401],
  ['a malformed token', 'POST', '/v1/vouchers', () => ({ token: 'a.b.c', body: spec() }), 401],
  ['another scope', 'POST', '/v1/vouchers', ({ alice }) => ({ token: alice, body: spec() }), 403],
];

export const PAGE_DELIVERY: Case[] = [
  claim('no Idempotency-Key', { key: undefined }, 428),
  claim('a key of 256 characters', { key: 'k'.repeat(256) }, 400),
  claim('JSON that ends too early', { body: '{' }, 400),
  claim('a list', { body: [] }, 400),
  claim('100,000 levels', { body: deep(100_000) }, 400),
  claim('__proto__', { body: withProto({ pageSlug: 'x' }).replace(',"pageSlug":"x"', '') }, 400, ['/__proto__']),
  claim('bytes that are not UTF-8', { body: badUtf8({ pageSlug: 'voucher' }) }, 400),
  claim('attributes in the body', { body: { attributes: { tier: 'gold' } } }, 400, ['/attributes']),
  claim('a malformed slug', { body: { pageSlug: 'A_Page' } }, 400, ['/pageSlug']),
  claim('256 kB and more', { body: { pageSlug: 'x'.repeat(300_000) } }, 413),
  claim('another media type', { headers: { 'Content-Type': 'text/plain' }, body: '{}' }, 415),
  claim('a user that only a service may name', { headers: { 'X-User-Id': 'bob' } }, 403),
  claim('a time that only the clock’s keeper may set', { headers: { 'X-Occurred-At': '2021-01-01T00:00:00Z' } }, 403),
  claim('a service that names no user', { as: 'acting' }, 400),
  claim(
    'attributes that are not JSON',
    { as: 'acting', headers: { 'X-User-Id': 'bob', 'X-User-Attrs': '{tier}' } },
    400,
  ),
  claim('a malformed time', { as: 'acting', headers: { 'X-User-Id': 'bob', 'X-Occurred-At': 'yesterday' } }, 400),
  claim(
    'a time for a voucher on the wall clock',
    { as: 'acting', headers: { 'X-User-Id': 'bob', 'X-Occurred-At': '2021-01-01T00:00:00Z' } },
    400,
  ),
  claim('no token', { token: undefined }, 401),
  claim('another scope', { as: 'till' }, 403),
  ['a malformed voucher id', 'POST', '/v1/vouchers/x/claims', ({ alice }) => ({ token: alice, key: 'k' }), 404],
  [
    'a voucher that nobody has',
    'POST',
    `/v1/vouchers/${NOBODY}/claims`,
    ({ alice }) => ({ token: alice, key: 'k' }),
    404,
    'unknown-voucher',
  ],
  ['a page that nobody has', 'GET', '/v1/pages/no-page', ({ alice }) => ({ token: alice }), 404],
  ['a malformed claim id', 'GET', '/v1/claims/x', ({ alice }) => ({ token: alice }), 404],
  ['a claim that nobody has', 'GET', `/v1/claims/${NOBODY}`, ({ alice }) => ({ token: alice }), 404],
  [
    'a redemption of a claim that nobody has',
    'POST',
    `/v1/claims/${NOBODY}/redemptions`,
    ({ till }) => ({ token: till, key: 'k', body: { order } }),
    404,
  ],
  [
    'a redemption without order',
    'POST',
    `/v1/claims/${NOBODY}/redemptions`,
    ({ till }) => ({ token: till, key: 'k', body: {} }),
    400,
    ['/order'],
  ],
  [
    'an order without amount',
    'POST',
    `/v1/claims/${NOBODY}/redemptions`,
    ({ till }) => ({ token: till, key: 'k', body: { order: { id: 'x', currency: 'EUR' } } }),
    400,
    ['/order/amount'],
  ],
  [
    'a negative amount',
    'POST',
    `/v1/claims/${NOBODY}/redemptions`,
    ({ till }) => ({ token: till, key: 'k', body: { order: { ...order, amount: -1 } } }),
    400,
    ['/order/amount'],
  ],
  [
    'an unknown currency',
    'POST',
    `/v1/claims/${NOBODY}/redemptions`,
    ({ till }) => ({ token: till, key: 'k', body: { order: { ...order, currency: 'ZZZ' } } }),
    400,
    ['/order/currency'],
  ],
  [
    'an unknown currency in a qualification',
    'POST',
    '/v1/qualifications',
    ({ alice }) => ({ token: alice, body: { order: { ...order, currency: 'RMB' } } }),
    400,
    ['/order/currency'],
  ],
  [
    'times that are in no calendar',
    'POST',
    '/v1/dry-run',
    ({ staff }) => ({
      token: staff,
      body: {
        spec: spec({ windows: { ...(spec()['windows'] as object), claim: { hours: [] } } }),
        cases: [
          { node: 'enable', at: '0000-01-01T00:00:00Z' },
          { node: 'enable', at: '9999-12-31T23:59:59-14:00' },
          { node: 'enable', claim: { heldAt: '2026-02-30T00:00:00Z' } },
        ],
      },
    }),
    400,
    ['/cases/0/at', '/cases/1/at', '/cases/2/claim/heldAt'],
  ],
  [
    'a dry run with a window that never opens',
    'POST',
    '/v1/dry-run',
    ({ staff }) => ({
      token: staff,
      body: { spec: spec({ windows: { ...(spec()['windows'] as object), use: { hours: [] } } }), cases: [] },
    }),
    400,
    ['/spec/windows/use/hours'],
  ],
  ['a submission that nobody made', 'GET', `/v1/submissions/${NOBODY}`, ({ alice }) => ({ token: alice }), 404],
];

export const LEDGER: Case[] = [
  ['no token', 'GET', '/v1/vouchers/{voucher}/counters', () => ({}), 401],
  ['another scope', 'GET', '/v1/vouchers/{voucher}/counters', ({ alice }) => ({ token: alice }), 403],
  ['a malformed voucher id', 'GET', '/v1/vouchers/x/counters', ({ staff }) => ({ token: staff }), 404],
  ['a voucher that nobody has', 'GET', `/v1/vouchers/${NOBODY}/counters`, ({ staff }) => ({ token: staff }), 404],
  ['a malformed moment', 'GET', '/v1/vouchers/{voucher}/counters?at=noon', ({ staff }) => ({ token: staff }), 400],
  ['a malformed label', 'GET', '/v1/counters?label=x', ({ staff }) => ({ token: staff }), 400],
  [
    '201 vouchers at once',
    'GET',
    `/v1/counters?voucherId=${Array.from({ length: 201 }, () => NOBODY).join(',')}`,
    ({ staff }) => ({ token: staff }),
    400,
  ],
  ['a malformed limit', 'GET', '/v1/vouchers/{voucher}/events?limit=x', ({ staff }) => ({ token: staff }), 400],
  ['a malformed cursor', 'GET', '/v1/vouchers/{voucher}/events?after=%00', ({ staff }) => ({ token: staff }), 400],
  [
    'a decision that nobody asked for',
    'GET',
    `/v1/submissions/${NOBODY}/decision`,
    ({ staff }) => ({ token: staff }),
    404,
  ],
  ['a claim that nobody has', 'GET', `/v1/claims/${NOBODY}/history`, ({ staff }) => ({ token: staff }), 404],
  ['a malformed partition', 'GET', '/v1/events?partition=x', ({ staff }) => ({ token: staff }), 400],
];
