// The services answer as their documents say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  perService,
  SCOPES,
  SERVICE_NAMES,
  SERVICES,
  type Claim,
  type EventRow,
  type List,
  type Redemption,
  type Simulation,
  type ServiceName,
  type Voucher,
} from '@vouchers/contracts';
import { closed, type Schema } from '@vouchers/contracts/schemas';
import { eventually, startServices, type TestServices } from '@vouchers/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { committed, Judge, operationsOf, type OpenApi } from './openapi.document.ts';
import { RecordedExamples } from './openapi.examples.ts';
import { publishedVoucher, send, type RequestOptions, type Answer } from './requests.ts';

const PUBLIC = ['GET /console.json'];
/** The number of an operation's content types, if it is not 1. */
const CONTENTS: Record<string, number> = { 'GET /v1/events': 2 };
const documented = SERVICE_NAMES.flatMap((service) =>
  operationsOf(committed(service)).map(([name, operation]) => [service, name, operation] as const),
);

const ORDER = { id: 'order-1', amount: 100, currency: 'EUR', items: [{ sku: 'a', quantity: 1, amount: 100 }] };

describe('every documented route', () => {
  it.each(documented)('of %s, %s, documents its answers', (_service, name, { responses, security, requestBody }) => {
    const statuses = Object.keys(responses).filter((status) => status !== 'default');
    const granted = statuses.filter((status) => status.startsWith('2'));
    expect(granted).not.toEqual([]);
    for (const status of granted)
      expect(Object.values(responses[status]!.content ?? {})).toHaveLength(
        CONTENTS[name] ?? (status === '204' ? 0 : 1),
      );
    for (const status of [...statuses.filter((status) => !granted.includes(status)), 'default'])
      expect(responses[status]!.content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    if (requestBody) expect(statuses).toEqual(expect.arrayContaining(['413', '415']));
    if (PUBLIC.includes(name)) return;
    expect(statuses).toEqual(expect.arrayContaining(['400', '401', '403', '503']));
    expect(responses['503']!.headers).toHaveProperty('Retry-After');
    const scopes = security!.flatMap(({ token }) => token!);
    expect(scopes).not.toEqual([]);
    expect(scopes.filter((scope) => !(SCOPES as readonly string[]).includes(scope))).toEqual([]);
  });

  it.each(documented)('of %s, %s, documents its parameters', (_service, name, { parameters = [] }) => {
    expect(parameters.filter(({ schema }) => !schema || Object.keys(schema).length === 0)).toEqual([]);
    const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    expect(parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name)).toEqual(
      inPath,
    );
  });
});

describe('the documents', () => {
  it('name each operation by a verb and a noun, and none twice', () => {
    const ids = documented.map(([, , { operationId }]) => operationId);
    expect(ids.filter((id) => !/^[a-z]+([A-Z][a-z]+)+$/.test(id))).toEqual([]);
    expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
    expect(ids).toEqual(expect.arrayContaining(['claimVoucher', 'listClaims', 'getProof', 'streamCounters']));
  });
});

describe('a running service', () => {
  let services: TestServices;
  let judges: Record<ServiceName, Judge>;
  let staff: string;
  let alice: string;
  let till: string;
  let voucher: Voucher;
  const examples = new RecordedExamples();
  beforeAll(async () => {
    services = await startServices();
    judges = perService((service) => new Judge(committed(service)));
    [staff, alice, till] = await Promise.all([
      services.signToken({ sub: 'sam', scope: 'vouchers:read vouchers:write vouchers:publish ledger:read' }),
      services.signToken({ sub: 'alice', scope: 'pages:read claims:write', attrs: { tier: 'gold' } }),
      services.signToken({ sub: 'till', scope: 'redemptions:write' }),
    ]);
    const benefit = { type: 'amount-off', amount: 20, currency: 'EUR' } as const;
    voucher = await publishedVoucher(services, staff, {
      benefit,
      quantities: { claim: 5 },
      labels: { campaign: '26' },
    });
  }, 90_000);
  afterAll(() => services?.stop());

  /** Calls `GET /v1/vouchers/{id}` with `at` in place of the braces, and expects a documented answer. */
  async function ask<Body>(
    service: ServiceName,
    operation: string,
    status: number,
    { at = '', query = '', ...sending }: RequestOptions & { at?: string | string[]; query?: string },
  ): Promise<Answer<Body>> {
    const [method, template] = operation.split(' ') as [string, string];
    const path = [at].flat().reduce((whole, part) => whole.replace(/\{\w+\}/, part), template);
    const answer = await send<Body>(method, services.urls[service] + path + query, sending);
    expect([operation, answer.status, judges[service].faults(operation, answer)]).toEqual([operation, status, []]);
    if (status < 300) examples.note(service, operation, sending.body, answer.body);
    return answer;
  }

  it.each(SERVICE_NAMES)('%s serves the document that is in docs', async (service) => {
    const { body } = await send<OpenApi>('GET', `${services.urls[service]}/docs-json`);
    const { servers, ...document } = committed(service);
    expect(servers).toEqual([{ url: `http://localhost:${SERVICES[service].port}`, description: expect.any(String) }]);
    const here = JSON.stringify(body).replaceAll(services.issuer.url, 'http://localhost:3000');
    expect(JSON.parse(here)).toEqual({ ...document, servers: [] });
  });

  it('answers staff as documented', async () => {
    const spec = {
      name: 'Documented',
      resourceType: 'gift',
      benefit: { type: 'percent-off', percent: 10 },
      windows: {
        timeZone: 'Asia/Shanghai',
        valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' },
        use: { afterClaim: { delay: 'PT0S', length: 'P7D' } },
      },
      operations: { popup: { trigger: 'on-load', title: 'A', text: 'B' } },
    };
    const made = await ask<Voucher>('config', 'POST /v1/vouchers', 201, { token: staff, body: spec });
    const { id } = made.body;
    const one = { token: staff, at: id };
    await ask('config', 'POST /v1/vouchers', 400, { token: staff, body: { ...spec, unknown: 1 } });
    await ask('config', 'POST /v1/vouchers', 401, { body: spec });
    await ask('config', 'POST /v1/vouchers', 403, { token: alice, body: spec });
    await ask('config', 'POST /v1/vouchers', 415, {
      token: staff,
      body: 'x',
      headers: { 'content-type': 'text/plain' },
    });
    await ask('config', 'GET /v1/vouchers/{id}', 200, one);
    await ask('config', 'GET /v1/vouchers/{id}', 404, { ...one, at: id.replace(/^./, 'f') });
    await ask('config', 'GET /v1/vouchers', 200, { token: staff, query: '?limit=1&label=campaign:26' });
    await ask('config', 'PUT /v1/vouchers/{id}', 428, { ...one, body: spec });
    await ask('config', 'PUT /v1/vouchers/{id}', 412, { ...one, body: spec, headers: { 'If-Match': '"9"' } });
    await ask('config', 'PUT /v1/vouchers/{id}', 200, { ...one, body: spec, headers: { 'If-Match': '"1"' } });
    await ask('config', 'POST /v1/vouchers/{id}/pause', 409, one);
    await ask('config', 'POST /v1/vouchers/{id}/publish', 200, one);
    await ask('config', 'GET /v1/vouchers/{id}/versions', 200, one);
    await ask('config', 'GET /v1/activity', 200, { token: staff });
    await ask('config', 'GET /v1/user-attributes', 200, { token: staff });
    await ask('config', 'GET /console.json', 200, {});
    await ask('config', 'POST /v1/rules/check', 200, { token: staff, body: { node: 'claim', when: 'nonsense(' } });
    const page = { token: staff, at: 'documented', body: { title: 'Documented', voucherIds: [voucher.id, id] } };
    await ask('config', 'PUT /v1/pages/{slug}', 201, page);
    await ask('config', 'PUT /v1/pages/{slug}', 428, page);
    await ask('config', 'PUT /v1/pages/{slug}', 200, { ...page, headers: { 'If-Match': '"1"' } });
    await ask('config', 'GET /v1/pages', 200, { token: staff });
    const draft = (await ask<Voucher>('config', 'POST /v1/vouchers', 201, { token: staff, body: spec })).body.id;
    const first = { headers: { 'If-Match': '"1"' } };
    await ask('config', 'DELETE /v1/vouchers/{id}', 428, { token: staff, at: draft });
    await ask('config', 'DELETE /v1/vouchers/{id}', 204, { token: staff, at: draft, ...first });
    await ask('config', 'DELETE /v1/vouchers/{id}', 404, { token: staff, at: draft, ...first });
    await ask('config', 'DELETE /v1/vouchers/{id}', 409, { ...one, headers: { 'If-Match': '"3"' } });
    const unwanted = { token: staff, at: 'unwanted', body: { title: 'Unwanted', voucherIds: [] } };
    await ask('config', 'PUT /v1/pages/{slug}', 201, unwanted);
    await ask('config', 'DELETE /v1/pages/{slug}', 412, {
      ...unwanted,
      headers: { 'If-Match': '"2"' },
      body: undefined,
    });
    await ask('config', 'DELETE /v1/pages/{slug}', 204, { ...unwanted, ...first, body: undefined });
    const dryRun = { spec, cases: [{ node: 'claim', user: { id: 'u', tier: 'gold' } }, { node: 'enable' }] };
    await ask('page-delivery', 'POST /v1/dry-run', 200, { token: staff, body: dryRun });
    const dryQuote = { order: ORDER, user: { id: 'u', tier: 'gold' }, voucherIds: [], draft: { spec } };
    await ask('page-delivery', 'POST /v1/dry-run/quotes', 200, { token: staff, body: dryQuote });
  });

  it('answers customer and till as documented, and so does the ledger', async () => {
    const { 'page-delivery': pageDelivery } = services.urls;
    await eventually('the page is known', async () => {
      return (await send('GET', `${pageDelivery}/v1/pages/documented`, { token: alice })).status === 200;
    });
    await ask('page-delivery', 'GET /v1/pages/{slug}', 200, { token: alice, at: 'documented' });
    const claiming = { token: alice, at: voucher.id, key: 'claim-1' };
    await ask('page-delivery', 'POST /v1/vouchers/{id}/claims', 428, { ...claiming, key: '' });
    const claimed = await ask<Claim>('page-delivery', 'POST /v1/vouchers/{id}/claims', 201, claiming);
    await ask('page-delivery', 'POST /v1/vouchers/{id}/claims', 422, { ...claiming, body: { pageSlug: 'other' } });
    const refused = await ask('page-delivery', 'POST /v1/vouchers/{id}/claims', 409, { ...claiming, key: 'claim-2' });
    const claim = { token: alice, at: claimed.body.id };
    const order = ORDER;
    await ask('page-delivery', 'GET /v1/claims/{id}', 200, claim);
    await ask('page-delivery', 'GET /v1/claims', 200, { token: alice, query: '?include=voucher' });
    await ask('page-delivery', 'POST /v1/qualifications', 200, {
      token: alice,
      body: { order, pageSlug: 'documented' },
    });
    await ask('page-delivery', 'POST /v1/quotes', 200, { token: alice, body: { order } });
    await ask('page-delivery', 'PUT /v1/claims/{id}/lock', 200, {
      ...claim,
      body: { orderId: 'order-1', ttlSeconds: 60 },
    });
    const redeemed = await ask<Redemption>('page-delivery', 'POST /v1/claims/{id}/redemptions', 201, {
      token: till,
      at: claimed.body.id,
      key: 'redeem-1',
      body: { order },
    });
    const redemption = { token: till, at: redeemed.body.id };
    await ask('page-delivery', 'DELETE /v1/claims/{id}', 409, claim);
    await ask('page-delivery', 'GET /v1/redemptions/{id}', 200, redemption);
    await ask('page-delivery', 'GET /v1/redemptions', 200, { token: till, query: '?orderId=order-1' });
    const taking = { ...redemption, key: 'back-1', body: { reason: 'returned' } };
    await ask('page-delivery', 'POST /v1/redemptions/{id}/rollback', 200, taking);
    const whole = { token: till, at: 'order-3' };
    const used = { order: { ...order, id: 'order-3' }, claimIds: [claimed.body.id] };
    await ask('page-delivery', 'POST /v1/orders/{orderId}/redemptions', 201, { ...whole, key: 'order-3', body: used });
    await ask('page-delivery', 'POST /v1/orders/{orderId}/redemptions', 409, { ...whole, key: 'again', body: used });
    await ask('page-delivery', 'GET /v1/orders/{orderId}', 200, whole);
    const undone = { ...whole, key: 'back-3', body: { reason: 'returned' } };
    await ask('page-delivery', 'POST /v1/orders/{orderId}/rollback', 200, undone);
    await ask('page-delivery', 'DELETE /v1/claims/{id}', 200, claim);
    const submission = { token: alice, at: refused.headers.get('submission-id')! };
    await ask('page-delivery', 'GET /v1/submissions/{id}', 200, submission);

    const asked = { token: staff, at: voucher.id };
    await ask('ledger', 'GET /v1/vouchers/{id}/counters', 200, asked);
    await ask('ledger', 'GET /v1/vouchers/{id}/counters', 200, { ...asked, query: `?at=${new Date().toISOString()}` });
    await ask('ledger', 'GET /v1/counters', 200, { token: staff, query: '?label=campaign:26' });
    await ask('ledger', 'GET /v1/counters', 200, { token: staff, query: `?voucherId=${voucher.id}` });
    const day = '?from=2026-01-01T00:00:00Z&to=2100-01-01T00:00:00Z&step=P1Y';
    await ask('ledger', 'GET /v1/vouchers/{id}/counters/series', 200, { ...asked, query: day });
    await ask('ledger', 'GET /v1/vouchers/{id}/proof', 200, asked);
    await ask('ledger', 'GET /v1/vouchers/{id}/usage', 200, asked);
    const { name, resourceType, windows } = voucher;
    const early = { from: windows.valid.from, to: '2021-01-01T00:00:00Z' };
    const spec = { name, resourceType, windows: { ...windows, claim: early } };
    const simulating = { ...asked, body: { spec } };
    await ask('ledger', 'POST /v1/vouchers/{id}/simulations', 400, {
      ...asked,
      body: { spec: { ...spec, clock: 'x' } },
    });
    const made = await ask<Simulation>('ledger', 'POST /v1/vouchers/{id}/simulations', 202, simulating);
    const simulated = { token: staff, at: made.body.id };
    await eventually('the simulation is done', async () => {
      const { body } = await send<Simulation>(
        'GET',
        `${services.urls.ledger}/v1/simulations/${simulated.at}`,
        simulated,
      );
      return body.state === 'done';
    });
    await ask('ledger', 'GET /v1/simulations/{id}', 200, simulated);
    await ask('ledger', 'GET /v1/vouchers/{id}/simulations', 200, asked);
    await ask('ledger', 'GET /v1/simulations/{id}/differences', 200, simulated);
    await ask('ledger', 'DELETE /v1/simulations/{id}', 204, simulated);
    await ask('ledger', 'DELETE /v1/simulations/{id}', 404, simulated);
    await ask('ledger', 'GET /v1/events', 400, { token: staff, query: '?partition=99' });
    await ask('ledger', 'GET /v1/claims/{id}/history', 200, { token: staff, at: claimed.body.id });
    await ask('ledger', 'GET /v1/vouchers', 200, { token: staff, query: '?attention=any&sort=ends' });
    await ask('ledger', 'GET /v1/vouchers', 200, { token: staff, query: '?label=campaign:26' });
    await ask('ledger', 'GET /v1/users/{id}/activity', 200, { token: staff, at: 'alice' });
    await ask('ledger', 'GET /v1/labels', 200, { token: staff });
    await ask('ledger', 'GET /v1/submissions/{id}/decision', 200, { token: staff, at: submission.at });
    const { body } = await ask<List<EventRow>>('ledger', 'GET /v1/vouchers/{id}/events', 200, asked);
    expect(body.items.map(({ type }) => type.split('.')[1])).toEqual(
      expect.arrayContaining(['defined', 'pushed', 'claimed', 'claim-refused', 'locked', 'redeemed', 'claim-released']),
    );
    expect(body.items.flatMap(({ type, data }) => eventFaults(type, data))).toEqual([]);
    const { partition } = body.items[0]!;
    await ask('ledger', 'GET /v1/events', 200, { token: staff, query: `?partition=${partition}&limit=2` });
    await ask('ledger', 'GET /v1/claims/{id}', 200, { token: staff, at: claimed.body.id });
    await ask('ledger', 'GET /v1/redemptions/{id}', 200, { token: staff, at: redeemed.body.id });
  });

  it('answers what is done seldom as documented', async () => {
    const window = { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' };
    const spec = { name: 'A day pass', resourceType: 'access', windows: { timeZone: 'Europe/Berlin', valid: window } };
    const batch = { token: staff, body: { items: [spec], publish: true } };
    const { body } = await ask<List<Voucher>>('config', 'POST /v1/vouchers/batch', 201, batch);
    const one = { token: staff, at: body.items[0]!.id };
    const claimed = await ask<Claim>('page-delivery', 'POST /v1/vouchers/{id}/claims', 201, {
      token: alice,
      at: one.at,
      key: 'seldom',
    });
    const claim = { token: alice, at: claimed.body.id };
    const lock = { orderId: 'order-2', ttlSeconds: 60 };
    await ask('page-delivery', 'PUT /v1/claims/{id}/lock', 200, { ...claim, body: lock });
    await ask('page-delivery', 'DELETE /v1/claims/{id}/lock', 200, { ...claim, query: '?orderId=order-2' });
    const fraud = { token: staff, at: claimed.body.id, body: { reason: 'fraud' } };
    await ask('page-delivery', 'POST /v1/claims/{id}/revoke', 200, fraud);
    for (const change of ['pause', 'resume', 'terminate'])
      await ask('config', `POST /v1/vouchers/{id}/${change}`, 200, one);
    await ask('config', 'GET /v1/vouchers/{id}/versions/{version}', 200, { token: staff, at: [one.at, '1'] });
    await ask('config', 'GET /v1/pages/{slug}', 200, { token: staff, at: 'documented' });
    const view = { token: staff, at: ['views', 'Drafts'] };
    await ask('config', 'PUT /v1/saved/{kind}/{name}', 200, { ...view, body: { value: { state: 'draft' } } });
    await ask('config', 'GET /v1/saved/{kind}', 200, { token: staff, at: 'views' });
    await ask('config', 'DELETE /v1/saved/{kind}/{name}', 204, view);
    const privacy = await services.signToken({ sub: 'privacy', scope: 'users:forget' });
    const forgotten = { token: privacy, at: 'nobody', key: 'forget-1' };
    const { id } = (await ask<{ id: string }>('page-delivery', 'POST /v1/users/{id}/forget', 202, forgotten)).body;
    await ask('page-delivery', 'GET /v1/forgettings/{id}', 200, { token: privacy, at: id });
  });

  it('answers calls about waiting lists and extensions as documented', async () => {
    const bob = await services.signToken({ sub: 'bob', scope: 'claims:write' });
    const valid = { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' };
    const { id } = await publishedVoucher(services, staff, {
      windows: { timeZone: 'UTC', valid, use: { afterClaim: { delay: 'PT0S', length: 'P7D' } } },
      quantities: { claim: 1 },
      waitingList: {},
      extension: { length: 'P7D', times: 1 },
    });
    const claim = await ask<Claim>('page-delivery', 'POST /v1/vouchers/{id}/claims', 201, {
      at: id,
      token: alice,
      key: 'waiting-list-1',
    });
    await ask('page-delivery', 'POST /v1/claims/{id}/extensions', 200, {
      at: claim.body.id,
      token: alice,
      key: 'extension-1',
      body: {},
    });
    const joined = await ask('page-delivery', 'PUT /v1/vouchers/{id}/waiting-list-entry', 201, {
      at: id,
      token: bob,
      body: {},
    });
    const headers = { 'Voucher-Position': joined.headers.get('voucher-position')! };
    await ask('page-delivery', 'GET /v1/waiting-list-entries', 200, { token: bob, headers });
    await ask('ledger', 'GET /v1/vouchers/{id}/waiting-list', 200, { at: id, token: staff });
    await ask('page-delivery', 'DELETE /v1/vouchers/{id}/waiting-list-entry', 200, { at: id, token: bob });
  }, 60_000);

  it('answers as the examples of the documents, of which each call has one', () => {
    examples.finish();
    expect(examples.faults()).toEqual([]);
  });
});

/** Differences between an event's data and its schema in docs/events. */
function eventFaults(type: string, data: unknown): unknown[] {
  const file = join(import.meta.dirname, '..', 'docs/events', `${type}.schema.json`);
  const schema = closed(JSON.parse(readFileSync(file, 'utf8')) as Schema);
  const check = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  check(data);
  return (check.errors ?? []).map((error) => ({ type, ...error }));
}
