import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ModuleState, VoucherSpecInput } from '@vouchers/contracts';
import { NotSent } from '@vouchers/messaging';
import { eventually } from '@vouchers/testing';
import { newId, Running } from '../../testing/running.ts';
import { PlatformKafka } from '../messaging/platform.kafka.ts';

const running = new Running();
beforeAll(() => running.start(), 60_000);
afterAll(() => running.stop());

const hour = (offset: number): string => new Date(Date.now() + offset * 3_600_000).toISOString();
const windows = (from: number, to: number): VoucherSpecInput['windows'] => ({
  timeZone: 'UTC',
  valid: { from: hour(from), to: hour(to) },
});
const pushesRead = () => running.ledger.read.filter(({ kind }) => kind === 'push');
const pushesOf = (voucherId: string) => pushesRead().filter((push) => push.voucherId === voucherId);

const pushed = (voucherId: string) =>
  eventually(
    'the push is projected',
    async () =>
      (await running.database.query('SELECT 1 FROM pushes WHERE voucher_id = $1', [voucherId])).rowCount === 1,
  );

/** Makes a page with one voucher. */
async function pageOf(
  spec: Partial<VoucherSpecInput> = {},
  about: Parameters<Running['define']>[1] = {},
): Promise<{ slug: string; voucherId: string }> {
  const voucherId = await running.define(spec, about);
  const slug = `p-${newId()}`;
  await running.makePage(slug, [voucherId]);
  return { slug, voucherId };
}

/** The page's only module as this user sees it, read after that position. */
async function moduleFor(slug: string, token: string, position?: string | null) {
  const { status, headers, body } = await running.page(slug, {
    token,
    headers: position ? { 'voucher-position': position } : {},
  });
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(body.modules.length).toBeLessThanOrEqual(1);
  return body.modules[0];
}

describe('a module', () => {
  it('shows its voucher at once after the voucher was published', async () => {
    const { slug, voucherId } = await pageOf({
      name: '满100减20',
      operations: { claimLabel: '立即领取', popup: { trigger: 'on-load', title: 'T', text: 'X' } },
    });
    const { body } = await running.page(slug, { token: running.tokens.alice });
    expect(body).toMatchObject({
      slug,
      title: slug,
      modules: [
        {
          voucherId,
          version: 1,
          name: '满100减20',
          resourceType: 'coupon',
          state: 'claimable',
          operations: { claimLabel: '立即领取' },
        },
      ],
      popup: { voucherId, trigger: 'on-load', title: 'T', text: 'X' },
    });
    expect(body.modules[0]).not.toHaveProperty('reason');
  });

  it.each<[string, Partial<VoucherSpecInput>, ModuleState, string]>([
    ['is not started before its window', { windows: windows(1, 2) }, 'not-started', 'outside-valid-window'],
    ['is ended after its window', { windows: windows(-2, -1) }, 'ended', 'outside-valid-window'],
    ['is not started before it is enabled', { nodes: { enable: { when: 'false' } } }, 'not-started', 'not-enabled'],
    [
      'is not eligible if its rule refuses the user',
      { nodes: { claim: { when: "user.tier == 'gold'" } } },
      'not-eligible',
      'claim-rule',
    ],
  ])('%s', async (_what, spec, state, reason) => {
    const { slug } = await pageOf(spec);
    expect(await moduleFor(slug, running.tokens.alice)).toMatchObject({ state, reason });
  });

  it('is sold out after its last unit', async () => {
    const { slug, voucherId } = await pageOf({ quantities: { claim: 1 } });
    const { headers } = await running.claim(voucherId, { token: running.tokens.bob });
    expect(await moduleFor(slug, running.tokens.alice, headers.get('voucher-position'))).toMatchObject({
      state: 'sold-out',
      reason: 'sold-out',
    });
  });

  it.each(['draft', 'paused', 'terminated'] as const)(
    'of a %s voucher is not shown to a user without a claim',
    async (intent) => {
      const { slug } = await pageOf({}, { intent });
      expect(await moduleFor(slug, running.tokens.alice)).toBeUndefined();
    },
  );

  it('of a paused voucher is shown to a user who holds a claim', async () => {
    const { slug, voucherId } = await pageOf();
    const { body, headers } = await running.claim(voucherId, { token: running.tokens.alice });
    await running.define({}, { voucherId, version: 2, intent: 'paused' });
    expect(await moduleFor(slug, running.tokens.alice, headers.get('voucher-position'))).toMatchObject({
      state: 'claimed',
      claim: { id: body.id },
    });
    // The replica reads the new version a little later.
    await eventually('it is left out', async () => (await moduleFor(slug, running.tokens.bob)) === undefined);
  });

  it('follows the user’s own claim: claimed, locked, redeemed', async () => {
    const { slug, voucherId } = await pageOf();
    const token = running.tokens.alice;
    const { body: claim, headers } = await running.claim(voucherId, { token });
    expect(await moduleFor(slug, token, headers.get('voucher-position'))).toMatchObject({
      state: 'claimed',
      reason: 'per-user-limit',
      claim,
    });
    const locked = await running.call('PUT', `/v1/claims/${claim.id}/lock`, {
      token,
      body: { orderId: 'o', ttlSeconds: 60 },
    });
    expect(await moduleFor(slug, token, locked.headers.get('voucher-position'))).toMatchObject({
      state: 'locked',
      claim: { lock: { orderId: 'o' } },
    });
    const redeemed = await running.call('POST', `/v1/claims/${claim.id}/redemptions`, {
      token: running.tokens.till,
      key: newId(),
      body: { order: { id: 'o', amount: 1, currency: 'CNY' } },
    });
    expect(await moduleFor(slug, token, redeemed.headers.get('voucher-position'))).toMatchObject({
      state: 'redeemed',
      claim: { uses: 1 },
    });
  });

  it('is judged with the attributes that a service sends', async () => {
    const { slug } = await pageOf({ nodes: { claim: { when: "user.tier == 'gold'" } } });
    const stateFor = async (attributes: string) => {
      const headers = { 'x-user-id': 'carol', 'x-user-attrs': attributes };
      return (await running.page(slug, { token: running.tokens.shop, headers })).body.modules[0]?.state;
    };
    expect([await stateFor('{"tier":"gold"}'), await stateFor('{"tier":"tin"}')]).toEqual([
      'claimable',
      'not-eligible',
    ]);
    expect((await running.page(slug, { token: running.tokens.shop })).status).toBe(400);
  });
});

describe('pushes', () => {
  it('are made once per user, only for claimable modules', async () => {
    const [claimable, sold] = [await running.define(), await running.define({ nodes: { claim: { when: 'false' } } })];
    const slug = `p-${newId()}`;
    await running.makePage(slug, [claimable, sold]);
    await running.page(slug, { token: running.tokens.alice });
    await pushed(claimable);
    await running.page(slug, { token: running.tokens.alice });
    await running.page(slug, { token: running.tokens.bob });
    await eventually('the other user’s push is read', () => pushesOf(claimable).length === 2);
    expect(pushesOf(claimable)).toMatchObject([
      { userId: 'alice', pageSlug: slug },
      { userId: 'bob', pageSlug: slug },
    ]);
    expect(pushesOf(sold)).toEqual([]);
  });

  it('stop at the push quantity, except for users to whom the voucher was pushed before', async () => {
    const { slug, voucherId } = await pageOf({ quantities: { push: 1 } });
    await running.page(slug, { token: running.tokens.alice });
    await pushed(voucherId);
    await eventually(
      'the push counts',
      async () => (await moduleFor(slug, running.tokens.bob))?.state === 'not-eligible',
    );
    expect((await moduleFor(slug, running.tokens.alice))?.state).toBe('claimable');
    expect(running.ledger.outcomesOf(voucherId, 'voucher.pushed.v1')).toHaveLength(1);
  });

  it('do not delay a page while Kafka does not answer', async () => {
    const { slug } = await pageOf();
    const { producer } = running.replicas[0]!.get(PlatformKafka);
    const send = jest.spyOn(producer, 'send');
    for (const answer of [() => Promise.reject(new NotSent('away')), () => new Promise<void>(() => undefined)]) {
      send.mockImplementationOnce(answer);
      const begun = performance.now();
      expect((await moduleFor(slug, running.tokens.alice))?.state).toBe('claimable');
      expect(performance.now() - begun).toBeLessThan(1_000);
    }
    send.mockRestore();
  });
});

describe('a page', () => {
  it('that does not exist is 404', async () => {
    expect((await running.page('no-such-page', { token: running.tokens.alice })).status).toBe(404);
    expect((await running.call('GET', '/p/no-such-page')).status).toBe(404);
    for (const path of ['/p/no-such-page', '/nowhere']) {
      const shown = await running.call<string>('GET', path, {
        headers: { accept: 'text/html', 'accept-language': 'zh' },
      });
      expect([shown.status, shown.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect(shown.body).toContain('没有这个页面');
    }
  });

  it('needs pages:read', async () => {
    const { slug } = await pageOf();
    expect((await running.page(slug, {})).status).toBe(401);
    expect((await running.page(slug, { token: running.tokens.till })).status).toBe(403);
  });

  it('is also hosted as HTML', async () => {
    const { slug } = await pageOf();
    const { status, headers, body } = await running.call<string>('GET', `/p/${slug}`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toContain(`<h1 dir="auto">${slug}</h1>`);
  });

  it('is 400 with a Voucher-Position that cannot exist', async () => {
    const { slug } = await pageOf();
    expect(
      (await running.page(slug, { token: running.tokens.alice, headers: { 'voucher-position': '99:1' } })).status,
    ).toBe(400);
  });
});
