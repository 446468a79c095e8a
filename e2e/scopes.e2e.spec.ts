// Each route of each service is tried with each scope alone, and with none.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCOPES, SERVICE_NAMES, type Scope, type ServiceName, type Voucher } from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { committed, operationsOf } from './openapi.document.ts';
import { publishedVoucher, send, STAFF, type RequestOptions } from './requests.ts';
import { ACCESS, UNDOCUMENTED } from './scopes.cases.ts';

const NOBODY = '018bcfe5-6800-7003-8000-000000000001';

let services: TestServices;
const tokens = new Map<Scope | 'none', string>();
beforeAll(async () => {
  services = await startServices();
  for (const scope of SCOPES) tokens.set(scope, await services.signToken({ scope }));
  tokens.set('none', await services.signToken({ scope: '' }));
}, 90_000);
afterAll(() => services?.stop());

const routes = SERVICE_NAMES.flatMap((service) =>
  Object.entries(ACCESS[service] ?? {}).map(([operation, access]) => ({ service, operation, access })),
);
const closed = routes.filter(({ access }) => access.length > 0);

/** Without a body, and about what does not exist: whoever is admitted is told so, and nothing changes. */
function tryOut(service: ServiceName, operation: string, token?: string) {
  const [method, path] = operation.split(' ') as [string, string];
  const at = path.replace('{id}', NOBODY).replace('{slug}', 'none').replace('{version}', '1');
  return send(method, services.urls[service] + at, { ...(token !== undefined && { token }) });
}

describe('the table of routes', () => {
  it.each(SERVICE_NAMES)('has each route that %s documents, with its scopes', (service) => {
    const documented = operationsOf(committed(service)).map(([operation, { security = [] }]) => [
      operation,
      security.flatMap((one) => Object.values(one).flat()),
    ]);
    expect(ACCESS[service]).toEqual(Object.fromEntries(documented));
  });

  it('has hundreds of ways in', () => {
    expect(closed.length * (SCOPES.length + 1)).toBeGreaterThanOrEqual(430);
  });
});

describe('a route', () => {
  it.each(closed)('of $service, $operation, admits $access alone', async ({ service, operation, access }) => {
    expect((await tryOut(service, operation)).status).toBe(401);
    for (const [scope, token] of tokens) {
      const { status, body } = await tryOut(service, operation, token);
      if (access.includes(scope as Scope)) expect([scope, [401, 403].includes(status)]).toEqual([scope, false]);
      else {
        expect([scope, status]).toEqual([scope, 403]);
        for (const one of access) expect(body.detail).toContain(one);
      }
    }
  });

  it.each(SERVICE_NAMES.flatMap((service) => (UNDOCUMENTED[service] ?? []).map((path) => ({ service, path }))))(
    'of $service, $path, is open to all',
    async ({ service, path }) => {
      expect([200, 404]).toContain((await fetch(services.urls[service] + path)).status);
    },
  );
});

describe('beside its scope', () => {
  let voucher: Voucher;
  beforeAll(async () => {
    voucher = await publishedVoucher(services, await services.signToken({ scope: STAFF }));
  });
  const put = (scope: string, { id, version }: Pick<Voucher, 'id' | 'version'>, name: string) =>
    services.signToken({ scope }).then((token) =>
      send('PUT', `${services.urls.config}/v1/vouchers/${id}`, {
        token,
        body: { name, resourceType: 'coupon', windows: { timeZone: 'UTC', valid: voucher.windows.valid } },
        headers: { 'If-Match': `"${version}"` },
      }),
    );
  const edge = (method: string, path: string, scope: string, options: RequestOptions = {}) =>
    services
      .signToken({ scope })
      .then((token) => send(method, `${services.urls['page-delivery']}/v1${path}`, { token, ...options }));

  it.each(SCOPES.filter((scope) => scope !== 'vouchers:publish'))(
    'a change of a live voucher needs vouchers:publish, not %s',
    async (scope) => {
      const { status, body } = await put(`vouchers:write ${scope}`, voucher, 'Changed');
      expect([status, body.detail]).toEqual([403, expect.stringContaining('vouchers:publish')]);
    },
  );

  it('a change of a live voucher is made with both scopes, and of a draft with one', async () => {
    expect((await put('vouchers:write vouchers:publish', voucher, 'Changed')).status).toBe(200);
    const draft = await send<Voucher>('POST', `${services.urls.config}/v1/vouchers`, {
      token: tokens.get('vouchers:write')!,
      body: { name: 'Draft', resourceType: 'coupon', windows: { timeZone: 'UTC', valid: voucher.windows.valid } },
    });
    expect((await put('vouchers:write', draft.body, 'Changed')).status).toBe(200);
  });

  it.each(SCOPES.filter((scope) => scope !== 'vouchers:publish'))(
    'a batch that is published at once needs vouchers:publish, not %s',
    async (scope) => {
      const token = await services.signToken({ scope: `vouchers:write ${scope}` });
      const body = { items: [], publish: true };
      const sent = await send('POST', `${services.urls.config}/v1/vouchers/batch`, { token, body });
      expect([sent.status, sent.body.detail]).toEqual([403, expect.stringContaining('vouchers:publish')]);
    },
  );

  it.each(SCOPES.filter((scope) => scope !== 'claims:act'))('a named user needs claims:act, not %s', async (scope) => {
    for (const header of ['X-User-Id', 'X-User-Attrs']) {
      const headers = { [header]: '{}' };
      expect((await edge('GET', '/claims', `claims:write ${scope}`, { headers })).status).toBe(403);
    }
  });

  it.each(SCOPES.filter((scope) => scope !== 'clock:set'))(
    'a time of its own needs clock:set, not %s',
    async (scope) => {
      const headers = { 'X-Occurred-At': '2026-01-01T00:00:00Z', 'X-User-Id': 'ann' };
      const sent = await edge('GET', '/claims', `claims:act ${scope}`, { headers });
      expect([sent.status, sent.body.detail]).toEqual([403, expect.stringContaining('clock:set')]);
    },
  );
});
