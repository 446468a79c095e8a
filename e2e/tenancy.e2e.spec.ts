// Two teams with TENANCY=team: each route is tried by staff, a service and a customer of another team, then by an
// auditor, and then by our own team.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SERVICE_NAMES, type Claim, type Redemption, type ServiceName, type Voucher } from '@vouchers/contracts';
import { eventually, startServices, type TestServices } from '@vouchers/testing';
import { randomUUID } from 'node:crypto';
import { publishedVoucher, send, type Answer, type RequestOptions } from './requests.ts';
import { ACCESS } from './scopes.cases.ts';
import { SPEC, TENANCY, type Call, type Claims, type TeamCase, type Things } from './tenancy.cases.ts';

const NOBODY = '018bcfe5-6800-7003-8000-000000000001';
const ids = [
  ...(['voucher', 'draft', 'deletable', 'publishable', 'life'] as const),
  ...(['revocable', 'redeemable', 'orderable', 'redemption'] as const),
  ...(['simulation', 'deletableSimulation'] as const),
] as const;
const NOTHING: Things = {
  ...(Object.fromEntries(ids.map((name) => [name, NOBODY])) as Record<(typeof ids)[number], string>),
  slug: 'none',
  deletableSlug: 'none',
  submission: NOBODY,
  forgetting: NOBODY,
};

const STAFF = 'vouchers:read vouchers:write vouchers:publish ledger:read users:forget';
const SERVICE = 'redemptions:write ledger:read claims:act pages:read';
const CUSTOMER = 'claims:write pages:read';

interface Caller {
  scope: string;
  sub: string;
  team: string;
  /** The user for whom a service acts. */
  user?: string;
}
// Staff and services have the same `sub` in both teams, so that only the team tells them apart.
const FOREIGN: Record<string, Caller> = {
  'their staff': { scope: STAFF, sub: 'staff', team: 'other' },
  'their service': { scope: SERVICE, sub: 'service', team: 'other', user: 'bea' },
  'their customer': { scope: CUSTOMER, sub: 'ben', team: 'other' },
};
const OWN: Caller[] = [
  { scope: STAFF, sub: 'staff', team: 'default' },
  { scope: SERVICE, sub: 'service', team: 'default', user: 'ann' },
];
const AUDITOR: Caller = { scope: `${STAFF} redemptions:write audit:read`, sub: 'auditor', team: 'other' };

interface Route extends TeamCase {
  service: ServiceName;
  operation: string;
}
const routes: Route[] = SERVICE_NAMES.flatMap((service) =>
  Object.entries(TENANCY[service] ?? {}).map(([operation, one]) => ({ service, operation, ...one })),
);
const admits = ({ service, operation }: Route, { scope }: Caller): boolean => {
  const access = ACCESS[service]![operation]!;
  return access.length === 0 || access.some((one) => scope.split(' ').includes(one));
};

let services: TestServices;
let things: Things;
const claims = new Map<string, Claims>();
const tokens = new Map<Caller, string>();

beforeAll(async () => {
  services = await startServices({ environment: { TENANCY: 'team' } });
  for (const caller of [...Object.values(FOREIGN), ...OWN, AUDITOR])
    tokens.set(caller, await services.signToken(caller));
  things = await madeThings();
  for (const user of ['ann', 'bea', 'ben'])
    claims.set(user, { kept: await claimed(user), released: await claimed(user) });
}, 120_000);
afterAll(() => services?.stop());

const [staff, service] = OWN as [Caller, Caller];
const as = <Body>(caller: Caller, to: ServiceName, method: string, path: string, options: RequestOptions = {}) =>
  send<Body>(method, services.urls[to] + path, { token: tokens.get(caller)!, ...options });

async function claimed(user: string): Promise<string> {
  const options = { key: randomUUID(), headers: { 'X-User-Id': user } };
  return (await as<Claim>(service, 'page-delivery', 'POST', `/v1/vouchers/${things.voucher}/claims`, options)).body.id;
}

async function redeemed(claimId: string): Promise<Answer<Redemption>> {
  const body = { order: { id: 'order-1', amount: 10_000, currency: 'CNY' } };
  const path = `/v1/claims/${claimId}/redemptions`;
  return as<Redemption>(service, 'page-delivery', 'POST', path, { key: randomUUID(), body });
}

async function madeThings(): Promise<Things> {
  const published = () =>
    publishedVoucher(services, tokens.get(staff)!, { labels: { campaign: '26' }, nodes: { claim: { perUser: null } } });
  const draft = async () => (await as<Voucher>(staff, 'config', 'POST', '/v1/vouchers', { body: SPEC })).body.id;
  things = { ...NOTHING, voucher: (await published()).id, life: (await published()).id };
  for (const name of ['draft', 'deletable', 'publishable'] as const) things[name] = await draft();
  for (const name of ['slug', 'deletableSlug'] as const) {
    things[name] = `p-${randomUUID()}`;
    const body = { title: 'Ours', voucherIds: [things.voucher] };
    expect((await as(staff, 'config', 'PUT', `/v1/pages/${things[name]}`, { body })).status).toBe(201);
  }
  for (const name of ['revocable', 'redeemable', 'orderable'] as const) things[name] = await claimed('ann');
  const { body, headers } = await redeemed(await claimed('ann'));
  things.redemption = body.id;
  const position = { headers: { 'Voucher-Position': headers.get('voucher-position')! } };
  await eventually('the redemption can be read', async () => {
    const read = await as(service, 'page-delivery', 'GET', `/v1/redemptions/${body.id}`, position);
    return read.status === 200;
  });
  const revoked = await as(staff, 'page-delivery', 'POST', `/v1/claims/${await claimed('ann')}/revoke`, {
    body: { reason: 'fraud' },
  });
  things.submission = revoked.headers.get('submission-id')!;
  for (const name of ['simulation', 'deletableSimulation'] as const) {
    const path = `/v1/vouchers/${things.voucher}/simulations`;
    const asked = await as<{ id: string }>(staff, 'ledger', 'POST', path, { body: { spec: SPEC } });
    expect(asked.status).toBe(202);
    things[name] = asked.body.id;
  }
  const forget = '/v1/users/nobody/forget';
  things.forgetting = (await as<{ id: string }>(staff, 'page-delivery', 'POST', forget, { key: randomUUID() })).body.id;
  return things;
}

interface Got {
  status: number;
  text: string;
}

/** Calls a route about these things. A stream ends with its first bytes. */
async function got(route: Route, caller: Caller, about: Things): Promise<Got> {
  const user = caller.user ?? caller.sub;
  const { path, body, headers, key }: Call = route.call(about, claims.get(user) ?? { kept: NOBODY, released: NOBODY });
  const isUsers = route.theirs === 'as its user';
  const answer = await fetch(services.urls[route.service] + path, {
    method: route.operation.split(' ')[0]!,
    headers: {
      Authorization: `Bearer ${tokens.get(caller)!}`,
      ...(isUsers && caller.user !== undefined && { 'X-User-Id': caller.user }),
      ...(key && { 'Idempotency-Key': randomUUID() }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    await answer.body!.cancel();
    return { status: answer.status, text: '' };
  }
  return { status: answer.status, text: await answer.text() };
}

async function expectForeign(route: Route, caller: Caller): Promise<void> {
  const { status, text } = await got(route, caller, things);
  if (!admits(route, caller)) return expect(status).toBe(403);
  switch (route.theirs) {
    case 'hidden':
      return expect({ status, text }).toEqual({ ...(await got(route, caller, NOTHING)), status: 404 });
    case 'taken':
      return expect(status).toBe(404);
    case 'left out': {
      const ours = [...Object.values(things), ...Object.values(claims.get('ann')!)].filter((one) => one !== 'none');
      expect(status).toBe(200);
      return expect(ours.filter((one) => text.includes(one))).toEqual([]);
    }
    case '403':
      expect(text).toContain('audit:read');
      return expect(status).toBe(403);
    case 'its own':
      expect(text).toContain('"team":"other"');
      return expect(status).toBe(route.ours);
    case 'the same':
    case 'as its user':
      return expect(status).toBe(route.ours);
    default:
      route.theirs satisfies never;
  }
}

it.each(SERVICE_NAMES)('the table of teams has each route of %s', (name) => {
  expect(Object.keys(TENANCY[name] ?? {})).toEqual(Object.keys(ACCESS[name] ?? {}));
});

describe('a route', () => {
  describe.each(Object.keys(FOREIGN))('for %s', (who) => {
    it.each(routes)('of $service, $operation: $theirs', async (route) => {
      await expectForeign(route, FOREIGN[who]!);
    });
  });

  it.each(routes.filter((route) => admits(route, AUDITOR) && route.theirs !== 'as its user'))(
    'of $service, $operation, lets an auditor read, and changes nothing for one',
    async (route) => {
      const { status, text } = await got(route, AUDITOR, things);
      const reads = route.operation.startsWith('GET') || /\/(dry-run.*|simulations)$/.test(route.operation);
      // Another team may have an order of the same id.
      const isOwn = /\/v1\/(submissions|orders)\/\{\w+\}/.test(route.operation) && route.service === 'page-delivery';
      if (reads) return expect(status).toBe(isOwn ? 404 : route.ours);
      if (route.theirs === 'hidden' || route.theirs === 'taken') return expect([403, 404]).toContain(status);
      return expect(text).not.toContain('"team":"default"');
    },
  );

  it.each(routes.filter(({ theirs }) => theirs !== '403'))(
    'of $service, $operation, is open to our own team',
    async (route) => {
      const caller = OWN.find((one) => admits(route, one))!;
      const { status, text } = await got(route, caller, things);
      expect(status).toBe(route.ours);
      if (route.theirs === 'left out') expect(Object.values(things).some((one) => text.includes(one))).toBe(true);
    },
  );
});
