// Attacks on running services. Input that is only malformed is tested in bad-input.e2e.spec.ts.
import { createHmac, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, type Claim, type Problem, type Voucher } from '@vouchers/contracts';
import { eventually, startServices, startTestIssuer, type TestIssuer } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Actor, order } from './actor.ts';
import { publishedVoucher, send, STAFF, untilDecided, type Answer, type RequestOptions } from './requests.ts';

const ALLOWED = 'https://shop.example';
const EVIL = 'https://evil.example';
const NOBODY = '018bcfe5-6800-7003-8000-000000000001';
/** Words that no log may contain. The user's id is opaque, so it may appear. */
const SECRET = { attribute: 'attr-9f31c', order: 'order-7be02', client: 'client-secret-55ad' };

let services: Awaited<ReturnType<typeof startServices>>;
let actor: Actor;
let foreign: TestIssuer;
let voucher: Voucher;
beforeAll(async () => {
  const environment = { CORS_ORIGINS: ALLOWED, LOG_LEVEL: 'debug' };
  const environmentOf = { 'page-delivery': { OIDC_CLIENT_SECRET: SECRET.client } };
  [services, foreign] = await Promise.all([startServices({ environment, environmentOf }), startTestIssuer()]);
  actor = await Actor.of(services);
  voucher = await publishedVoucher(services, actor.token);
}, 90_000);
afterAll(async () => {
  await foreign?.stop();
  await services?.stop();
});

const edge = (path: string): string => `${services.urls['page-delivery']}/v1${path}`;
const expectProblem = (sent: Answer<Problem>, status: number): void => {
  expect([sent.status, sent.body.status]).toEqual([status, status]);
  expect(sent.headers.get('content-type')).toMatch(/^application\/problem\+json/);
};

describe('the last unit', () => {
  it('goes to one of 200 users who claim it at once', async () => {
    const { id } = await publishedVoucher(services, actor.token, { quantities: { claim: 1 } });
    const users = Array.from({ length: 200 }, (_, index) => `rival-${index}`);
    const settled = await Promise.all(users.map((user) => untilDecided(() => actor.claim(id, { user, key: 'mine' }))));
    const statuses = settled.map(({ status, body }) => `${status} ${body.reason ?? ''}`).sort();
    expect(statuses).toEqual(['201 ', ...Array.from({ length: 199 }, () => '409 sold-out')]);
    expect((await actor.proof(id)).body).toMatchObject({ holds: true, held: 1, free: 0 });
  }, 60_000);

  it('goes once to one user who claims with 200 keys', async () => {
    const { id } = await publishedVoucher(services, actor.token);
    const keys = Array.from({ length: 200 }, () => randomUUID());
    const settled = await Promise.all(keys.map((key) => untilDecided(() => actor.claim(id, { user: 'greedy', key }))));
    expect(settled.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(settled.filter(({ body }) => body.reason === 'per-user-limit')).toHaveLength(199);
  }, 60_000);
});

describe('the id of another user’s claim', () => {
  it.each([
    ['to see it', 'GET', ''],
    ['to give it back', 'DELETE', ''],
    ['to lock it', 'PUT', '/lock'],
    ['to unlock it', 'DELETE', '/lock?orderId=o'],
  ])(
    '%s: an unknown id, another user’s open or ended claim, and a malformed id get the same answer',
    async (_, method, path) => {
      const { body: theirs } = await actor.claim(voucher.id, { user: randomUUID() });
      const owner = randomUUID();
      const { body: ended } = await actor.claim(voucher.id, { user: owner });
      await actor.release(ended.id, { user: owner });
      const unknown = `${theirs.id.slice(0, -4)}0000`;
      const body = path === '/lock' ? { orderId: 'o', ttlSeconds: 60 } : undefined;
      const answers = [theirs.id, ended.id, unknown, NOBODY, 'x'].map((id) =>
        actor.edge<Problem>(method, `/claims/${id}${path}`, { user: 'mallory', key: null }, body),
      );
      const [first, ...others] = await Promise.all(answers);
      expectProblem(first!, 404);
      for (const other of others) {
        expect(other.body).toEqual(first!.body);
        expect([...other.headers.keys()].sort()).toEqual([...first!.headers.keys()].sort());
      }
    },
  );

  it('does not reveal another user’s submission', async () => {
    const { headers } = await actor.claim(voucher.id, { user: randomUUID() });
    const seen = [headers.get('submission-id')!, randomUUID()].map((id) =>
      actor.edge<Problem>('GET', `/submissions/${id}`, { user: 'mallory' }),
    );
    const [theirs, unknown] = await Promise.all(seen);
    expectProblem(theirs!, 404);
    expect(theirs!.body).toEqual(unknown!.body);
  });
});

describe('a forged token', () => {
  const scope = `${STAFF} pages:read claims:write`;
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = () => ({
    iss: services.issuer.url,
    aud: 'voucher-platform',
    sub: 'mallory',
    scope,
    exp: 4_000_000_000,
  });
  const jwks = async (): Promise<{ keys: { kid: string }[] }> =>
    (await fetch(`${services.issuer.url}/jwks`)).json() as Promise<{ keys: { kid: string }[] }>;

  const FORGED: [string, () => Promise<string> | string][] = [
    ['for another audience', () => services.signToken({ scope, audience: 'another' })],
    ['of another issuer', () => services.signToken({ scope, issuer: 'https://evil.example' })],
    ['of another issuer’s key, in our name', () => foreign.signToken({ scope, issuer: services.issuer.url })],
    ['that has expired', () => services.signToken({ scope, lifetimeSeconds: -60 })],
    ['without a signature (alg none)', () => `${part({ alg: 'none' })}.${part(payload())}.`],
    [
      'signed with our public key as a secret (HS256)',
      async () => {
        const { keys } = await jwks();
        const signed = `${part({ alg: 'HS256', kid: keys[0]!.kid })}.${part(payload())}`;
        return `${signed}.${createHmac('sha256', JSON.stringify(keys[0])).update(signed).digest('base64url')}`;
      },
    ],
    ...(
      [
        ['that is good for ever', { exp: '1e999' }, {}],
        ['that is good until 2096', { exp: '4000000000' }, {}],
        ['that signs a user out', {}, { typ: 'logout+jwt' }],
        ['of a team that is a list', { team: '["default"]' }, {}],
        ['of a team that is empty', { team: '""' }, {}],
        ['of a team that is null', { team: 'null' }, {}],
        ['of a user that is a number', { sub: '7' }, {}],
        ['whose scopes are a list', { scope: JSON.stringify(scope.split(' ')) }, {}],
      ] as const
    ).map(([what, claims, header]): [string, () => Promise<string>] => [
      what,
      () => {
        const exp = String(Math.floor(Date.now() / 1_000) + 60);
        const good = Object.entries({ ...payload(), exp: 0 }).map(([name, value]) => [name, JSON.stringify(value)]);
        const members = Object.entries({ ...(Object.fromEntries(good) as object), exp, ...claims });
        return services.issuer.signText(`{${members.map(([name, json]) => `"${name}":${json}`).join()}}`, header);
      },
    ]),
    [
      'with other claims behind a good signature',
      async () => {
        const [head, , signature] = (await services.signToken({ scope: 'pages:read' })).split('.');
        return `${head}.${part(payload())}.${signature}`;
      },
    ],
  ];
  it.each(FORGED)('%s is 401 at every service', async (_, forge) => {
    const token = await forge();
    for (const url of [
      `${services.urls.config}/v1/vouchers`,
      edge('/claims'),
      `${services.urls.ledger}/v1/vouchers/${voucher.id}/counters`,
    ])
      expectProblem(await send('GET', url, { token }), 401);
  });
});

describe('a field that only the token or the server may set', () => {
  let claim: Claim;
  let sending: RequestOptions;
  beforeAll(async () => {
    claim = (await actor.claim(voucher.id, { user: 'ann' })).body;
    sending = { token: actor.token, headers: { 'X-User-Id': 'ann' } };
  });

  it.each<[string, string, () => string, object, string[]]>([
    [
      'the user and id of a claim',
      'POST',
      () => `/vouchers/${voucher.id}/claims`,
      { userId: 'bob', id: NOBODY },
      ['/id', '/userId'],
    ],
    [
      'the attributes of a claim',
      'POST',
      () => `/vouchers/${voucher.id}/claims`,
      { attrs: { tier: 'gold' } },
      ['/attrs'],
    ],
    [
      'the time and user of a redemption',
      'POST',
      () => `/claims/${claim.id}/redemptions`,
      { order: order('o'), at: '2020-01-01T00:00:00Z', userId: 'bob' },
      ['/at', '/userId'],
    ],
    [
      'whether the goods match',
      'POST',
      () => `/claims/${claim.id}/redemptions`,
      { order: order('o', 1, { matchesGoods: true } as object) },
      ['/order/matchesGoods'],
    ],
    [
      'the end of a lock',
      'PUT',
      () => `/claims/${claim.id}/lock`,
      { orderId: 'o', ttlSeconds: 60, until: '2120-01-01T00:00:00Z' },
      ['/until'],
    ],
  ])('%s is 400, with its place', async (_, method, path, body, told) => {
    const sent = await send<Problem>(method, edge(path()), { ...sending, key: randomUUID(), body });
    expectProblem(sent, 400);
    expect(sent.body.errors!.map(({ pointer }) => pointer).sort()).toEqual(told);
  });
});

describe('a request that would cost much time or memory', () => {
  const when = (condition: string) => actor.config<Problem>('POST', '/rules/check', { node: 'claim', when: condition });
  it.each([
    ['macros three deep', '[1].all(a, [1].all(b, [1].all(c, true)))'],
    ['matches', 'user.name.matches("(a+)+$")'],
    ['matches as a function', 'matches(user.name, "(a+)+$")'],
    ['5,000 terms', Array.from({ length: 5_000 }, () => 'true').join('&&')],
    ['2,000 brackets', `${'('.repeat(2_000)}true${')'.repeat(2_000)}`],
    ['a whole user object', 'string(user) == ""'],
  ])('a condition of %s is refused', async (_, condition) => {
    const { status, body } = await when(condition);
    expect([200, 400]).toContain(status);
    if (status === 200) expect(body).toMatchObject({ ok: false });
  });

  it.each<[string, string, string, unknown, number]>([
    [
      '1,001 vouchers of a page',
      'PUT',
      '/pages/endless',
      { title: 'x', voucherIds: Array.from({ length: 1_001 }, () => NOBODY) },
      400,
    ],
    [
      '21 labels',
      'POST',
      '/vouchers',
      { labels: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`l${n}`, 'x'])) },
      400,
    ],
    ['300 kB of a page', 'PUT', '/pages/endless', { title: 'x'.repeat(300_000) }, 413],
    ['3 MB of a voucher', 'POST', '/vouchers', { description: 'x'.repeat(3_000_000) }, 413],
  ])('%s: refused', async (_, method, path, body, status) => {
    expectProblem(await actor.config<Problem>(method, path, body), status);
  });

  it('101 dry runs: refused', async () => {
    const cases = Array.from({ length: 101 }, () => ({ node: 'claim', user: { id: 'ann' } }));
    const body = { voucherId: voucher.id, cases };
    expectProblem(await actor.edge<Problem>('POST', '/dry-run', { key: null }, body), 400);
  });
});

describe('a page of another origin', () => {
  const preflight = (url: string, origin: string): Promise<Response> =>
    fetch(url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
  it.each(SERVICE_NAMES)('may read %s only where it is on the list', async (name) => {
    const url = `${services.urls[name]}/v1/vouchers`;
    expect((await preflight(url, ALLOWED)).headers.get('access-control-allow-origin')).toBe(ALLOWED);
    for (const answer of [await preflight(url, EVIL), await fetch(url, { headers: { origin: EVIL } })]) {
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it.each([
    ['config', '/'],
    ['page-delivery', '/p/callback'],
    ['ledger', '/v1/vouchers'],
  ] as const)('cannot frame %s, nor run a script in it', async (name, path) => {
    const { headers } = await fetch(services.urls[name] + path);
    const policy = headers.get('content-security-policy')!;
    expect(policy).toMatch(/frame-ancestors '(none|self)'/);
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toMatch(/^(DENY|SAMEORIGIN)$/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });
});

describe('the logs at level debug', () => {
  const logs = (): string[] =>
    readdirSync(services.logDir).map((file) => readFileSync(join(services.logDir, file), 'utf8'));

  it.each([
    ['config', 'vouchers'],
    ['page-delivery', 'claims'],
    ['ledger', 'counters'],
  ] as const)('of %s say who was refused, and its metrics how many', async (service, path) => {
    const token = await services.signToken({ sub: `mallory-at-${service}`, team: 'red', scope: 'none' });
    await send('GET', `${services.urls[service]}/v1/${path}`, { token });
    await send('GET', `${services.urls[service]}/v1/${path}`);
    const line = await eventually('it is logged', () =>
      logs()
        .join('')
        .split('\n')
        .find((one) => one.includes(`mallory-at-${service}`)),
    );
    expect(JSON.parse(line)).toMatchObject({
      msg: 'refused',
      status: 403,
      team: 'red',
      method: 'GET',
      route: `/v1/${path}`,
    });
    const metrics = await (await fetch(`${services.urls[service]}/metrics`)).text();
    expect(metrics).toMatch(/access_refused_total\{status="403",why="scope"\} [1-9]/);
    expect(metrics).toMatch(
      /access_refused_total\{status="401",why="(missing|malformed|signature|key|expired)"\} [1-9]/,
    );
    expect(metrics).not.toContain('mallory');
  });

  it('have no token, attribute, order, nor password', async () => {
    const attributes = { tier: SECRET.attribute };
    const { body: claim } = await actor.claim(voucher.id, { user: 'logged', attributes });
    await actor.redeem(claim.id, order(SECRET.order), { user: 'logged', attributes });
    await actor.edge(
      'POST',
      `/claims/${claim.id}/redemptions`,
      { user: 'logged', attributes },
      { order: SECRET.order },
    );
    await send('GET', edge('/claims'), { token: `${actor.token}x` });
    expect(logs().join('').length).toBeGreaterThan(1_000);
    const password = decodeURIComponent(new URL(process.env['DATABASE_URL']!).password);
    const words = [...Object.values(SECRET), actor.token.split('.')[2]!, ...(password.length > 8 ? [password] : [])];
    for (const word of words) expect(logs().filter((log) => log.includes(word))).toEqual([]);
  });
});
