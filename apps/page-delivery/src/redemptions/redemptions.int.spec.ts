import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Claim, Order, Redemption, VoucherSpecInput } from '@vouchers/contracts';
import { tellDryQuotes } from '../../testing/dry-quotes.stories.ts';
import { tellQuotes } from '../../testing/quotes.stories.ts';
import { newId, Running, type Call } from '../../testing/running.ts';

const running = new Running();
beforeAll(() => running.start(), 60_000);
afterAll(() => running.stop());

const ORDER: Order = {
  id: 'o-1',
  amount: 10_000,
  currency: 'CNY',
  items: [{ sku: 'A-1', quantity: 1, amount: 10_000 }],
};

async function held(spec: Partial<VoucherSpecInput> = {}, token = running.tokens.alice): Promise<Claim> {
  return (await running.claim(await running.define(spec), { token })).body;
}
function redeem(claimId: string, call: Call = {}) {
  return running.call<Redemption & { reason?: string }>('POST', `/v1/claims/${claimId}/redemptions`, {
    token: running.tokens.till,
    key: newId(),
    body: { order: ORDER },
    ...call,
  });
}
const rollBack = (id: string, call: Call = {}) =>
  running.call<Redemption & { reason?: string }>('POST', `/v1/redemptions/${id}/rollback`, {
    token: running.tokens.till,
    key: newId(),
    body: { reason: 'returned' },
    ...call,
  });

describe('a redemption', () => {
  it('is granted with 201, shown, and found by its order and its claim', async () => {
    const claim = await held();
    const { status, body, headers } = await redeem(claim.id, { body: { order: { ...ORDER, id: claim.id } } });
    expect([status, body]).toMatchObject([
      201,
      { claimId: claim.id, voucherId: claim.voucherId, userId: 'alice', order: { amount: 10_000 } },
    ]);
    const call = { token: running.tokens.till, headers: { 'voucher-position': headers.get('voucher-position')! } };
    expect((await running.call('GET', `/v1/redemptions/${body.id}`, call)).body).toEqual(body);
    for (const query of [`orderId=${claim.id}`, `claimId=${claim.id}`, `orderId=${claim.id}&claimId=${claim.id}`]) {
      expect((await running.call('GET', `/v1/redemptions?${query}`, call)).body).toEqual({ items: [body], next: null });
    }
    expect((await running.call('GET', `/v1/redemptions?orderId=${claim.id}&claimId=${newId()}`, call)).body).toEqual({
      items: [],
      next: null,
    });
  });

  it('is rolled back once, and the claim is held again', async () => {
    const claim = await held();
    const { body } = await redeem(claim.id);
    const call = { key: newId() };
    const first = await rollBack(body.id, call);
    expect([first.status, first.body.rolledBackAt]).toEqual([200, expect.any(String)]);
    expect(await rollBack(body.id, call)).toMatchObject({ status: 200, body: first.body });
    expect((await rollBack(body.id)).body).toMatchObject({ status: 409, reason: 'already-rolled-back' });
    const headers = { 'voucher-position': first.headers.get('voucher-position')! };
    expect(
      (await running.call('GET', `/v1/claims/${claim.id}`, { token: running.tokens.alice, headers })).body,
    ).toMatchObject({ state: 'held', uses: 0 });
  });

  it('requested again after its rollback is answered with the same redemption, as it is now', async () => {
    const { id } = await held();
    const call = { key: newId() };
    const first = await redeem(id, call);
    const { body: rolledBack } = await rollBack(first.body.id);
    expect(await redeem(id, call)).toMatchObject({ status: 201, body: rolledBack });
    expect((await redeem(id, { ...call, body: { order: { ...ORDER, amount: 1 } } })).status).toBe(422);
  });

  it('is refused if the use rule refuses the order, or if the claim is used up', async () => {
    const { id } = await held({ nodes: { use: { when: 'order.amount >= 10000' } } });
    expect((await redeem(id, { body: { order: { ...ORDER, amount: 9_999 } } })).body.reason).toBe('use-rule');
    expect((await redeem(id)).status).toBe(201);
    expect((await redeem(id)).body.reason).toBe('already-redeemed');
  });

  it('is judged by whether the order contains the voucher’s goods, as they are defined now', async () => {
    const { id, voucherId } = await held({ nodes: { use: { when: 'order.matchesGoods' } }, goods: [{ sku: 'B-2' }] });
    expect((await redeem(id)).body.reason).toBe('use-rule');
    await running.define(
      { nodes: { use: { when: 'order.matchesGoods' } }, goods: [{ sku: 'A-1' }] },
      { voucherId, version: 2 },
    );
    expect((await redeem(id)).status).toBe(201);
    expect(running.ledger.read.at(-1)).toMatchObject({ matchesGoods: true, goodsVersion: 2 });
  });

  it('is judged with the attributes of the claim, unless the service sends attributes of its user', async () => {
    const spec = { nodes: { use: { when: "user.tier == 'gold'" }, claim: { perUser: null } } };
    const gold = await running.issuer.signToken({ sub: 'dora', scope: 'claims:write', attrs: { tier: 'gold' } });
    const claim = await held(spec, gold);
    const named = { token: running.tokens.shop, headers: { 'x-user-id': 'dora', 'x-user-attrs': '{"tier":"tin"}' } };
    expect((await redeem(claim.id, named)).body.reason).toBe('use-rule');
    expect((await redeem(claim.id)).status).toBe(201);
  });

  it('says what its benefit takes off, by line, and with the version by which it was priced', async () => {
    const off = { type: 'amount-off' as const, amount: 1_000, currency: 'CNY' };
    const goods = await held({ benefit: off, goods: [{ sku: 'A-1' }] });
    const items = [
      { sku: 'A-1', quantity: 1, amount: 6_000 },
      { sku: 'B-2', quantity: 1, amount: 3_000 },
    ];
    const lines = [{ sku: 'A-1', amount: 1_000 }, { sku: 'B-2', amount: 0 }, { amount: 0 }];
    const first = await redeem(goods.id, { body: { order: { ...ORDER, items } } });
    expect(first.body.discount).toEqual({ amount: 1_000, currency: 'CNY', lines });
    expect(running.ledger.read.at(-1)).toMatchObject({
      discount: { amount: 1_000, currency: 'CNY', version: 1, lines },
    });
    // Items that sum to more than the order are scaled down to it, as a single redemption was never refused for them.
    const all = await held({ benefit: { type: 'percent-off', percent: 10 } });
    const scaled = await redeem(all.id, { body: { order: { ...ORDER, amount: 900, items } } });
    expect(scaled.body.discount).toEqual({
      amount: 90,
      currency: 'CNY',
      lines: [
        { sku: 'A-1', amount: 60 },
        { sku: 'B-2', amount: 30 },
      ],
    });
    expect(
      (await redeem((await held({ benefit: { type: 'access', name: 'Pool' } })).id)).body.discount,
    ).toBeUndefined();
  });

  it('of a combining voucher needs an order call', async () => {
    expect((await redeem((await held({ combine: {} })).id)).body).toMatchObject({
      status: 409,
      reason: 'order-required',
    });
  });

  it('is 404 if the claim belongs to another user than the named one', async () => {
    const { id } = await held();
    expect((await redeem(id, { token: running.tokens.shop, headers: { 'x-user-id': 'bob' } })).status).toBe(404);
    expect((await redeem(id, { token: running.tokens.shop, headers: { 'x-user-id': 'alice' } })).status).toBe(201);
  });

  it.each([
    [{}, '/order'],
    [{ order: { id: 'o', currency: 'CNY' } }, '/order/amount'],
    [{ order: { ...ORDER, amount: -1 } }, '/order/amount'],
    [{ order: { ...ORDER, matchesGoods: true } }, '/order/matchesGoods'],
    [{ order: { ...ORDER, items: [{ sku: 'A', quantity: 0, amount: 1 }] } }, '/order/items/0/quantity'],
  ])('with body %j is 400', async (body, pointer) => {
    expect((await redeem(newId(), { body })).body).toMatchObject({ status: 400, errors: [{ pointer }] });
  });

  it('of an unknown claim is 404, and so is the rollback of an unknown redemption', async () => {
    expect([(await redeem(newId())).status, (await rollBack(newId())).status]).toEqual([404, 404]);
  });
});

describe('the wallet', () => {
  it('lists a user’s claims, newest first, in pages and with filters', async () => {
    const token = await running.issuer.signToken({ sub: 'wendy', scope: 'claims:write' });
    const ids: string[] = [];
    let position = '';
    const voucherId = await running.define({ nodes: { claim: { perUser: null } } });
    for (let count = 0; count < 3; count += 1) {
      const { body, headers } = await running.claim(voucherId, { token });
      ids.unshift(body.id);
      position = headers.get('voucher-position')!;
    }
    const { headers } = await running.call('DELETE', `/v1/claims/${ids[0]}`, { token });
    position = headers.get('voucher-position') ?? position;
    const list = async (query: string) => {
      const { body } = await running.call<{ items: Claim[]; next: string | null }>('GET', `/v1/claims?${query}`, {
        token,
        headers: { 'voucher-position': position },
      });
      return { ids: body.items?.map(({ id }) => id), next: body.next };
    };
    expect(await list('')).toEqual({ ids, next: null });
    const first = await list('limit=2');
    expect(first.ids).toEqual(ids.slice(0, 2));
    expect(await list(`limit=2&after=${first.next}`)).toEqual({ ids: ids.slice(2), next: null });
    expect((await list('state=released')).ids).toEqual(ids.slice(0, 1));
    expect((await list(`voucherId=${newId()}`)).ids).toEqual([]);
  });

  it.each(['limit=0', 'limit=201', 'state=lost', 'voucherId=x', 'after=x'])('refuses ?%s', async (query) => {
    expect((await running.call('GET', `/v1/claims?${query}`, { token: running.tokens.alice })).status).toBe(400);
  });
});

describe('qualifications', () => {
  it('tell which claims an order may use and which vouchers of a page can be claimed', async () => {
    const token = await running.issuer.signToken({ sub: 'quinn', scope: 'claims:write pages:read' });
    const fits = await held({ nodes: { use: { when: 'order.amount >= 10000' } } }, token);
    const { body: other, headers } = await running.claim(
      await running.define({ nodes: { use: { when: 'order.amount >= 20000' } } }),
      { token },
    );
    const open = await running.define();
    const slug = `q-${newId()}`;
    await running.makePage(slug, [open, fits.voucherId]);
    const call = {
      token,
      body: { order: ORDER, pageSlug: slug },
      headers: { 'voucher-position': headers.get('voucher-position')! },
    };
    const { status, body } = await running.call<{ asOf: object; items: object[] }>('POST', '/v1/qualifications', call);
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { voucherId: other.voucherId, claim: { id: other.id }, applicable: false, reason: 'use-rule' },
      { voucherId: fits.voucherId, claim: { id: fits.id }, applicable: true },
      { voucherId: open, applicable: true },
      { voucherId: fits.voucherId, applicable: false, reason: 'per-user-limit' },
    ]);
    expect(body.asOf).toMatchObject({ at: expect.any(String), positions: expect.any(Object) });
  });
});

describe('a dry run', () => {
  const dryRun = (body: unknown, headers: Record<string, string> = {}) =>
    running.call<{ items: object[]; errors: { pointer: string }[] }>('POST', '/v1/dry-run', {
      token: running.tokens.staff,
      body,
      headers,
    });
  const spec = {
    name: 'X',
    resourceType: 'coupon',
    windows: { timeZone: 'UTC', valid: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' } },
    nodes: { claim: { when: "user.tier == 'gold'" }, use: { when: 'order.amount >= 100' } },
  };

  it('judges a spec that was never saved, at any time', async () => {
    const at = '2026-01-15T00:00:00Z';
    const { status, body } = await dryRun({
      spec,
      cases: [
        { node: 'claim', user: { id: 'u', tier: 'gold' }, at },
        { node: 'claim', user: { id: 'u', tier: 'tin' }, at },
        { node: 'claim', user: { id: 'u', tier: 'gold' }, at: '2026-02-01T00:00:00Z' },
        { node: 'use', user: { id: 'u' }, order: { id: 'o', amount: 99, currency: 'CNY' }, at },
        { node: 'terminate', at },
      ],
    });
    expect([status, body.items]).toMatchObject([
      200,
      [
        { node: 'claim', verdict: 'granted' },
        { verdict: 'refused', reason: 'claim-rule' },
        { verdict: 'refused', reason: 'outside-valid-window' },
        { node: 'use', verdict: 'refused', reason: 'use-rule' },
        { node: 'terminate', verdict: 'refused' },
      ],
    ]);
  });

  it('judges a voucher with its counters and the users’ claims, and records nothing', async () => {
    const voucherId = await running.define({ quantities: { claim: 1 } });
    const { headers } = await running.claim(voucherId, { token: running.tokens.alice });
    const before = running.ledger.read.length;
    const cases = [
      { node: 'claim', user: { id: 'zoe' } },
      { node: 'claim', user: { id: 'alice' } },
    ];
    const { body } = await dryRun({ voucherId, cases }, { 'voucher-position': headers.get('voucher-position')! });
    expect(body.items).toMatchObject([{ reason: 'sold-out' }, { reason: 'per-user-limit' }]);
    expect(running.ledger.read).toHaveLength(before);
  });

  it('judges an unsaved spec with the counters of the voucher that it would change', async () => {
    const voucherId = await running.define({ quantities: { claim: 1 } });
    const { headers } = await running.claim(voucherId, { token: running.tokens.alice });
    const windows = { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: '2040-01-01T00:00:00Z' } };
    const changed = (claim: number) => ({ name: 'X', resourceType: 'coupon', windows, quantities: { claim } });
    const cases = [
      { node: 'claim', user: { id: 'zoe' } },
      { node: 'claim', user: { id: 'alice' } },
    ];
    const position = { 'voucher-position': headers.get('voucher-position')! };
    const kept = await dryRun({ voucherId, spec: changed(1), cases }, position);
    expect(kept.body.items).toMatchObject([{ reason: 'sold-out' }, { reason: 'per-user-limit' }]);
    const raised = await dryRun({ voucherId, spec: changed(2), cases }, position);
    expect(raised.body.items).toMatchObject([{ verdict: 'granted' }, { reason: 'per-user-limit' }]);
  });

  it.each([
    [{ cases: [] }, '/voucherId'],
    [{ spec: { ...spec, name: undefined }, cases: [] }, '/spec/name'],
    [{ spec, cases: [{ node: 'use', user: { id: 'u' } }] }, '/cases/0/order'],
    [{ spec, cases: [{ node: 'fly' }] }, '/cases/0/node'],
  ])('refuses %j', async (body, pointer) => {
    const answer = await dryRun(body);
    expect([answer.status, answer.body.errors?.map((fault) => fault.pointer)]).toEqual([400, [pointer]]);
  });
});

tellQuotes(running);
tellDryQuotes(running);
