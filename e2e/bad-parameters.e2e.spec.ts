// Sends bad values for each parameter of each route, and expects a refusal that names it. A parameter without bad
// values fails the test.
import { SERVICE_NAMES, type Problem, type ServiceName, type Voucher } from '@vouchers/contracts';
import { eventually, startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BAD, badValuesOf, type Parameter } from './bad-parameters.cases.ts';
import { committed, operationsOf, type Operation } from './openapi.document.ts';
import { publishedVoucher, send, STAFF, type Answer } from './requests.ts';

interface Route {
  service: ServiceName;
  /** `GET /v1/vouchers/{id}`, … */
  name: string;
  operation: Operation;
}

const ROUTES: Route[] = SERVICE_NAMES.flatMap((service) =>
  operationsOf(committed(service))
    .filter(([name]) => name.includes(' /v1/'))
    .map(([name, operation]) => ({ service, name, operation })),
);
const CASES = ROUTES.flatMap((route) =>
  (route.operation.parameters ?? []).map((parameter) => ({
    title: `${route.service}: ${route.name} ${parameter.in} ${parameter.name}`,
    route,
    parameter,
  })),
);

/** Good values of the other parameters, so that only one is at fault. */
const SOUND: Record<string, string> = {
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-02T00:00:00Z',
  orderId: 'order-1',
  partition: '0',
};
const BODIES: Record<string, object> = {
  'POST /v1/qualifications': { order: { id: 'o', amount: 1, currency: 'EUR' } },
  'POST /v1/quotes': { order: { id: 'o', amount: 1, currency: 'EUR' } },
  'POST /v1/orders/{orderId}/redemptions': {
    order: { id: 'order-1', amount: 1, currency: 'EUR' },
    claimIds: ['018bcfe5-6800-7003-8000-000000000001'],
  },
  'POST /v1/orders/{orderId}/rollback': { reason: 'returned' },
  'POST /v1/dry-run': { cases: [] },
  'POST /v1/dry-run/quotes': { order: { id: 'o', amount: 1, currency: 'EUR' }, user: { id: 'u' }, voucherIds: [] },
  'POST /v1/vouchers/{id}/simulations': { spec: {} },
};

let services: TestServices;
let voucher: Voucher;
beforeAll(async () => {
  services = await startServices();
  const token = await services.signToken({ scope: STAFF });
  voucher = await publishedVoucher(services, token);
  const body = { title: 'A page', voucherIds: [] };
  await send('PUT', `${services.urls.config}/v1/pages/a-page`, { token, body });
  await eventually('the page is there', async () => {
    return (await fetch(`${services.urls['page-delivery']}/p/a-page`)).status === 200;
  });
  await eventually('the ledger knows the voucher', async () => {
    const url = `${services.urls.ledger}/v1/vouchers/${voucher.id}/counters`;
    return (await send('GET', url, { token })).status === 200;
  });
}, 90_000);
afterAll(() => services?.stop());

interface Asking {
  path?: Record<string, string>;
  query?: string[];
  headers?: Record<string, string>;
}

/** Calls the route with the given value; everything else in the call is valid. */
async function ask(
  { service, name, operation }: Route,
  { path, query = [], headers }: Asking,
): Promise<Answer<Problem>> {
  const [method, template] = name.split(' ') as [string, string];
  const values: Record<string, string> = {
    id: voucher.id,
    slug: 'a-page',
    version: '1',
    kind: 'views',
    name: 'x',
    orderId: 'order-1',
    ...path,
  };
  const address = template.replace(/\{(\w+)\}/g, (_, parameter: string) => values[parameter]!);
  const given = new Set(query.map((pair) => pair.split('=', 1)[0]));
  const needed = (operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'query' && parameter.required && !given.has(parameter.name))
    .map((parameter) => `${parameter.name}=${SOUND[parameter.name]}`);
  const scopes = (operation.security ?? []).flatMap((scheme) => Object.values(scheme)[0]!);
  const acts = operation.parameters?.some((parameter) => parameter.name === 'X-User-Id');
  const scope = [...scopes, 'clock:set', ...(acts ? ['claims:act'] : [])].join(' ');
  const body = BODIES[name];
  return send(method, `${services.urls[service]}${address}?${[...needed, ...query].join('&')}`, {
    token: await services.signToken({ scope }),
    headers: { 'If-Match': '"1"', 'Idempotency-Key': 'k', ...(acts && { 'X-User-Id': 'alice' }), ...headers },
    ...(body && { body }),
  });
}

const toldOf = ({ status, body }: Answer<Problem>): unknown => [status, body.errors?.map(({ pointer }) => pointer)];

/** Expects that the value of this parameter is refused, and the parameter named. */
const EXPECTED: Record<string, (route: Route, name: string, value: string) => Promise<void>> = {
  async query(route, name, value) {
    expect(toldOf(await ask(route, { query: [`${name}=${value}`] }))).toEqual([400, [`/${name}`]]);
  },
  async header(route, name, value) {
    const { status, body } = await ask(route, { headers: { [name]: value } });
    expect([status, body.detail]).toEqual([400, expect.stringContaining(name)]);
  },
  async path(route, name, value) {
    const { status } = await ask(route, { path: { [name]: value } });
    expect(route.name.startsWith('GET') ? [404] : [400, 404]).toContain(status);
  },
};

describe('a bad parameter', () => {
  it('has test values for every parameter', () => {
    expect(
      CASES.filter(({ route, parameter }) => !badValuesOf(route.name, parameter)).map(({ title }) => title),
    ).toEqual([]);
    const tried = new Set(
      CASES.flatMap(({ route, parameter: { in: place, name } }) => [
        `${place} ${name}`,
        `${route.name} ${place} ${name}`,
      ]),
    );
    expect(Object.keys(BAD).filter((key) => !tried.has(key))).toEqual([]);
  });

  it.each(CASES)('$title is refused by name', async ({ route, parameter }: { route: Route; parameter: Parameter }) => {
    for (const value of badValuesOf(route.name, parameter)!)
      await EXPECTED[parameter.in]!(route, parameter.name, value);
    if (parameter.in === 'query' && parameter.schema['type'] !== 'array') {
      const twice = [`${parameter.name}=1`, `${parameter.name}=2`];
      expect(toldOf(await ask(route, { query: twice }))).toEqual([400, [`/${parameter.name}`]]);
    }
  });

  it.each(ROUTES.map((route) => ({ title: `${route.service}: ${route.name}`, route })))(
    '$title refuses an unknown one',
    async ({ route }) => {
      expect(toldOf(await ask(route, { query: ['utm_source=x'] }))).toEqual([400, ['/utm_source']]);
      expect(toldOf(await ask(route, { query: ['a%00=x'] }))).toEqual([400, ['/a\0']]);
    },
  );

  it.each<[ServiceName, string]>([
    ['page-delivery', '/p/a-page'],
    ['config', '/'],
    ['config', '/console.json'],
    ['config', '/health/live'],
    ['ledger', '/health/ready'],
    ['ledger', '/metrics'],
  ])('is ignored on %s %s, since other sites add some', async (service, path) => {
    const { status } = await fetch(`${services.urls[service]}${path}?utm_source=x&a=%00`);
    expect(status).toBe(200);
  });

  it('has written nothing', async () => {
    const token = await services.signToken({ scope: STAFF });
    const { body } = await send<Voucher>('GET', `${services.urls.config}/v1/vouchers/${voucher.id}`, { token });
    expect([body.version, body.name]).toEqual([1, 'A voucher']);
  });
});
