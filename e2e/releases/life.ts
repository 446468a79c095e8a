// A small, complete set of voucher journeys in two parts: the first fills the tables, the second continues later.
import type { Claim, Redemption, Voucher, VoucherSpecInput } from '@vouchers/contracts';
import type { TestServices } from '@vouchers/testing';
import { order, type Actor } from '../actor.ts';
import { send, untilDecided, type Answer } from '../requests.ts';
import type { RecordedAnswer } from './recording.ts';

const LONG_AGO = '2020-01-01T00:00:00Z';
const IN_A_CENTURY = '2120-01-01T00:00:00Z';
const GOLD = { tier: 'gold', age: 40 };
/** Release 0.1.0 accepted this id in a token; later releases accept its claims. */
const LONG_USER = `u${'0123456789'.repeat(200)}`.slice(0, 2_000);
const USERS = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay', 'gus', 'hal'];
/** The number of events after which the ledger of a recorded release must have kept a checkpoint. */
const BUSY = 60;

export interface Life {
  readonly vouchers: Readonly<Record<'open' | 'gold' | 'paused' | 'ended' | 'short' | 'few' | 'timed', Voucher>>;
  readonly draft: Voucher;
  readonly claims: Record<string, Claim>;
  readonly redemptions: Record<string, Redemption>;
  readonly submissions: string[];
}

const spec = (name: string, changes: Partial<VoucherSpecInput>): VoucherSpecInput => ({
  name,
  resourceType: 'coupon',
  windows: { timeZone: 'Europe/Berlin', valid: { from: LONG_AGO, to: IN_A_CENTURY } },
  ...changes,
});

/** Repeats the call until it is decided, and expects that it is granted. Keeps the submission's id. */
async function granted<Body>(life: Life, ask: () => Promise<Answer<Body>>): Promise<Body> {
  const { status, headers, body } = await untilDecided(ask);
  if (status > 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  life.submissions.push(headers.get('submission-id')!);
  return body;
}

async function refused(life: Life, ask: () => Promise<Answer<unknown>>): Promise<void> {
  const { status, headers, body } = await untilDecided(ask);
  if (status < 400) throw new Error(`granted: ${status} ${JSON.stringify(body)}`);
  const id = headers.get('submission-id');
  if (id) life.submissions.push(id);
}

export async function live(actor: Actor, services: TestServices): Promise<Life> {
  const published = (name: string, changes: Partial<VoucherSpecInput>) => actor.published(spec(name, changes));
  const vouchers = {
    open: await published('open', { quantities: { claim: 1_000, push: 1_000 }, labels: { campaign: 'spring' } }),
    gold: await published('gold', {
      goods: [{ sku: 'A' }, { sku: 'B', name: 'Bee' }],
      nodes: {
        claim: { when: 'user.tier == "gold" && user.age >= 18', perUser: 2 },
        use: { when: 'order.amount >= 1000 && order.matchesGoods', perClaim: 3 },
      },
      labels: { campaign: 'spring', kind: 'gold' },
    }),
    paused: await published('paused', {}),
    ended: await published('ended', { nodes: { terminate: { when: 'false', claims: 'revoke' } } }),
    short: await published('short', {
      windows: {
        timeZone: 'UTC',
        valid: { from: LONG_AGO, to: IN_A_CENTURY },
        use: { afterClaim: { delay: 'PT0S', length: 'PT2S' } },
      },
    }),
    few: await published('few', { quantities: { claim: 2 } }),
    // Its locks end by the time of submissions, not by the years since the recording.
    timed: await published('timed', { clock: 'submissions' }),
  };
  const { body: draft } = await actor.config<Voucher>('POST', '/vouchers', spec('draft', {}));
  const life: Life = { vouchers, draft, claims: {}, redemptions: {}, submissions: [] };
  const voucherIds = Object.values(vouchers).map(({ id }) => id);
  await actor.config('PUT', '/pages/spring', { title: 'Spring', voucherIds });
  await actor.config('PUT', '/pages/other', { title: 'Other', voucherIds: voucherIds.slice(0, 2) });
  for (const user of USERS) {
    await actor.edge('GET', '/pages/spring', { user, attributes: GOLD });
    life.claims[user] = await granted(life, () => actor.claim(vouchers.open.id, { user, key: `open-${user}` }));
  }
  const token = await services.signToken({ sub: LONG_USER, scope: 'pages:read claims:write' });
  const claims = `${services.urls['page-delivery']}/v1/vouchers/${vouchers.open.id}/claims`;
  life.claims['long'] = await granted(life, () => send<Claim>('POST', claims, { token, key: 'long' }));
  await fates(actor, life, '');
  life.claims['timed'] = await granted(life, () => actor.claim(vouchers.timed.id, { user: 'gus', key: 't' }));
  const { id } = life.claims['timed'];
  await granted(life, () => actor.lock(id, 'order-timed', 86_000, { user: 'gus', key: 't-lock' }));
  for (const user of ['ann', 'bob']) await granted(life, () => actor.claim(vouchers.few.id, { user, key: user }));
  await refused(life, () => actor.claim(vouchers.few.id, { user: 'cat', key: 'cat' }));
  await refused(life, () =>
    actor.claim(vouchers.gold.id, { user: 'dan', key: 'dan', attributes: { tier: 'tin', age: 9 } }),
  );
  life.claims['gold'] = await granted(life, () =>
    actor.claim(vouchers.gold.id, { user: 'eve', key: 'g', attributes: GOLD }),
  );
  life.claims['short'] = await granted(life, () => actor.claim(vouchers.short.id, { user: 'eve', key: 's' }));
  for (const user of ['ann', 'bob', 'cat'])
    await granted(life, () => actor.claim(vouchers.ended.id, { user, key: `e-${user}` }));
  await granted(life, () => actor.claim(vouchers.paused.id, { user: 'ann', key: 'p-ann' }));
  await actor.staff('pause', vouchers.paused.id);
  await actor.staff('terminate', vouchers.ended.id);
  for (let n = 0; n < BUSY; n += 1) {
    const user = `busy-${n}`;
    const claim = await granted(life, () => actor.claim(vouchers.open.id, { user, key: user }));
    if (n % 2) await granted(life, () => actor.release(claim.id, { user, key: `r-${user}` }));
  }
  await waited(actor, services, life, 'hal');
  return life;
}

/** Takes the claims of the open voucher's first users to each possible end. */
async function fates(actor: Actor, { claims, ...life }: Life, suffix: string): Promise<void> {
  const all = { claims, ...life };
  const id = (user: string) => claims[user + suffix]!.id;
  const of = (user: string) => ({ user: user + suffix, key: `fate-${user}${suffix}` });
  await granted(all, () => actor.lock(id('bob'), `order-bob${suffix}`, 86_000, of('bob')));
  const redeemed = await granted(all, () => actor.redeem(id('cat'), order(`order-cat${suffix}`), of('cat')));
  life.redemptions[`cat${suffix}`] = redeemed;
  const back = await granted(all, () => actor.redeem(id('dan'), order(`order-dan${suffix}`), of('dan')));
  life.redemptions[`dan${suffix}`] = back;
  await granted(all, () => actor.rollBack(back.id, { key: `back${suffix}` }));
  await granted(all, () => actor.release(id('eve'), of('eve')));
  await granted(all, () => actor.revoke(id('fay'), of('fay')));
}

/** A claim that is answered 202 while the ledger is away, and decided later. */
async function waited(actor: Actor, services: TestServices, life: Life, user: string): Promise<void> {
  await services.kill('ledger', 'SIGTERM');
  const ask = () => actor.claim(life.vouchers.gold.id, { user, key: `waits-${user}`, attributes: GOLD });
  const { status } = await ask();
  if (status !== 202) throw new Error(`decided without the ledger: ${status}`);
  await services.restart('ledger');
  await granted(life, ask);
}

/** The release's later work, on the same and on new vouchers. */
export async function goOn(actor: Actor, life: Life): Promise<void> {
  const { vouchers, claims } = life;
  for (const user of USERS.map((one) => `${one}-2`)) {
    await actor.edge('GET', '/pages/spring', { user, attributes: GOLD });
    claims[user] = await granted(life, () => actor.claim(vouchers.open.id, { user, key: `open-${user.slice(0, 20)}` }));
  }
  await fates(actor, life, '-2');
  const { id } = claims['gold']!;
  await granted(life, () =>
    actor.redeem(id, order('order-gold', 5_000, { items: [{ sku: 'B', quantity: 1, amount: 5_000 }] }), {
      user: 'eve',
      key: 'gold-1',
      attributes: GOLD,
    }),
  );
  await refused(life, () =>
    actor.redeem(id, order('order-little', 5), { user: 'eve', key: 'gold-2', attributes: GOLD }),
  );
  for (const suffix of ['', '-2']) {
    const user = `bob${suffix}`;
    await granted(life, () => actor.unlock(claims[user]!.id, `order-${user}`, { user, key: `unlock-${user}` }));
  }
  await actor.staff('resume', vouchers.paused.id);
  await actor.edit(vouchers.open.id, spec('open', { quantities: { claim: 2_000, push: null } }));
  await actor.edit(life.draft.id, spec('draft', { description: 'drafted again' }));
  const late = await actor.published(spec('late', {}));
  claims['late'] = await granted(life, () => actor.claim(late.id, { user: 'ann', key: 'late' }));
  await actor.config('PUT', '/pages/other', { title: 'Others', voucherIds: [late.id] }, { 'If-Match': '*' });
}

/** Collects the release's answers about everything. */
export async function answersOf(actor: Actor, services: TestServices, life: Life): Promise<RecordedAnswer[]> {
  const ids = Object.values(life.vouchers).map(({ id }) => id);
  const asked: Omit<RecordedAnswer, 'body'>[] = [
    ...[...ids, life.draft.id].flatMap((id) => [
      { service: 'config' as const, path: `/vouchers/${id}` },
      { service: 'config' as const, path: `/vouchers/${id}/versions` },
    ]),
    { service: 'config', path: '/vouchers?limit=200' },
    { service: 'config', path: '/pages' },
    { service: 'config', path: '/activity?limit=200' },
    ...ids.flatMap((id) => [
      { service: 'ledger' as const, path: `/vouchers/${id}/counters` },
      { service: 'ledger' as const, path: `/vouchers/${id}/events?limit=200` },
    ]),
    ...Object.values(life.claims).flatMap(({ id, userId }) => [
      { service: 'ledger' as const, path: `/claims/${id}/history` },
      ...(userId === LONG_USER ? [] : [{ service: 'page-delivery' as const, path: `/claims/${id}`, user: userId }]),
    ]),
    ...Object.values(life.redemptions).map(({ id }) => ({ service: 'ledger' as const, path: `/redemptions/${id}` })),
    ...life.submissions.map((id) => ({ service: 'ledger' as const, path: `/submissions/${id}/decision` })),
    ...['cat', 'dan'].map((user) => ({
      service: 'page-delivery' as const,
      path: `/redemptions?orderId=order-${user}`,
    })),
    ...USERS.map((user) => ({ service: 'page-delivery' as const, path: '/claims', user })),
  ];
  const answers: RecordedAnswer[] = [];
  for (const one of asked) answers.push({ ...one, body: await answerTo(actor, services, one) });
  return answers;
}

/** Reads one answer, which must be 200. */
export async function answerTo(
  actor: Actor,
  services: TestServices,
  { service, path, user }: Omit<RecordedAnswer, 'body'>,
): Promise<unknown> {
  const headers = user === undefined ? undefined : { 'X-User-Id': user };
  const { status, body } = await send<unknown>('GET', `${services.urls[service]}/v1${path}`, {
    token: actor.token,
    headers,
  });
  if (status !== 200) throw new Error(`${service} ${path}: ${status} ${JSON.stringify(body)}`);
  return body;
}
