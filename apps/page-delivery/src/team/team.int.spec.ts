import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Claim, Redemption, Teams } from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import { newId, Running, type Answer, type Call } from '../../testing/running.ts';

const ORDER = { id: 'o-1', amount: 10_000, currency: 'CNY' };
const running = new Running();
const tokens: Record<string, string> = {};
beforeAll(async () => {
  await running.start(1, { TENANCY: 'team' });
  const sign = (sub: string, scope: string, team = 'default') => running.issuer.signToken({ sub, scope, team });
  const both = 'redemptions:write vouchers:publish vouchers:read';
  tokens['ours'] = await sign('ours', both);
  tokens['theirs'] = await sign('theirs', both, 'other');
  tokens['shop'] = await sign('shop', both, 'shop');
  tokens['auditor'] = await sign('auditor', `${both} audit:read`, 'other');
  tokens['user'] = await sign('user', 'claims:write pages:read', 'other');
  tokens['acting'] = await sign('acting', 'claims:act pages:read', 'other');
}, 60_000);
afterAll(() => running.stop());

type Verb = 'GET' | 'POST';
const ask = <T = Record<string, unknown>>(who: string, method: Verb, path: string, body?: unknown, call: Call = {}) =>
  running.call<T>(method, `/v1${path}`, { token: tokens[who]!, ...(body !== undefined && { body }), ...call });
const redeem = (who: string, claimId: string, order = ORDER) =>
  ask<Redemption>(who, 'POST', `/claims/${claimId}/redemptions`, { order }, { key: newId() });
const rollBack = (who: string, id: string) =>
  ask(who, 'POST', `/redemptions/${id}/rollback`, { reason: 'returned' }, { key: newId() });
const revoke = (who: string, claimId: string) => ask(who, 'POST', `/claims/${claimId}/revoke`, { reason: 'fraud' });
const dryRun = (who: string, voucherId: string) =>
  ask(who, 'POST', '/dry-run', { voucherId, cases: [{ node: 'claim', user: { id: 'u' } }] });

async function held(redeemers?: Teams): Promise<Claim> {
  const voucherId = await running.define({ ...(redeemers && { redeemers }), nodes: { use: { perClaim: 5 } } });
  return (await running.claim(voucherId, { token: tokens['user']! })).body;
}
const plain = ({ status, body }: Answer): unknown => ({ status, body });

describe('another team’s thing', () => {
  let claim: Claim;
  let redemption: Redemption;
  beforeAll(async () => {
    claim = await held(['default']);
    const redeemed = await redeem('ours', claim.id);
    redemption = redeemed.body;
    const headers = { 'voucher-position': redeemed.headers.get('voucher-position')! };
    expect((await ask('ours', 'GET', `/redemptions/${redemption.id}`, undefined, { headers })).status).toBe(200);
  });

  it.each<[string, (id: string) => Promise<Answer>, () => string]>([
    ['a claim to redeem', (id) => redeem('theirs', id) as unknown as Promise<Answer>, () => claim.id],
    ['a claim to revoke', (id) => revoke('theirs', id), () => claim.id],
    ['a redemption to roll back', (id) => rollBack('theirs', id), () => redemption.id],
    ['a redemption', (id) => ask('theirs', 'GET', `/redemptions/${id}`), () => redemption.id],
    ['the redemptions of a claim', (id) => ask('theirs', 'GET', `/redemptions?claimId=${id}`), () => claim.id],
    ['a voucher to try out', (id) => dryRun('theirs', id), () => claim.voucherId],
  ])('%s has the answer and the look-ups of one that does not exist', async (_, call, idOf) => {
    const asked = async (id: string): Promise<[unknown, string[]]> => {
      const before = running.ledger.asked.length;
      const answer = plain(await call(id));
      return [answer, running.ledger.asked.slice(before).map((path) => path.replaceAll(id, 'ID'))];
    };
    // The partition is in the id, and a claim is looked up where it would be.
    const nothing = newId();
    expect(await asked(idOf())).toEqual(await asked(nothing));
  });

  it('is seen by auditors, who change nothing', async () => {
    expect((await ask('auditor', 'GET', `/redemptions/${redemption.id}`)).body).toMatchObject({ id: redemption.id });
    expect((await dryRun('auditor', claim.voucherId)).status).toBe(200);
    expect(await revoke('auditor', claim.id)).toMatchObject({ status: 403, body: { reason: 'other-team' } });
    expect((await redeem('auditor', claim.id)).status).toBe(404);
    expect((await rollBack('auditor', redemption.id)).status).toBe(404);
  });

  it('is its user’s, whatever the team', async () => {
    const own = { token: tokens['user']! };
    const acted = { token: tokens['acting']!, headers: { 'x-user-id': 'user' } };
    for (const call of [own, acted]) {
      expect((await running.call('GET', `/v1/claims/${claim.id}`, call)).body).toMatchObject({ id: claim.id });
      const lock = { ...call, body: { orderId: 'o-2', ttlSeconds: 60 } };
      expect((await running.call('PUT', `/v1/claims/${claim.id}/lock`, lock)).status).toBe(200);
      expect((await running.call('DELETE', `/v1/claims/${claim.id}/lock?orderId=o-2`, call)).status).toBe(200);
    }
  });
});

describe('the redeemers of a voucher', () => {
  it.each<[Teams | undefined, Record<string, [redeem: number, read: number]>]>([
    [undefined, { ours: [201, 200], shop: [201, 200], theirs: [201, 200] }],
    ['any', { ours: [201, 200], shop: [201, 200], theirs: [201, 200] }],
    [['shop'], { ours: [404, 200], shop: [201, 200], theirs: [404, 404] }],
    [['default', 'shop'], { ours: [201, 200], shop: [201, 200], theirs: [404, 404] }],
  ])('%j redeem it, roll back and read its redemptions, and its team reads them, too', async (redeemers, expected) => {
    const claim = await held(redeemers);
    const order = { ...ORDER, id: claim.id };
    const { body, headers } = await redeem('shop', claim.id, order);
    const position = { headers: { 'voucher-position': headers.get('voucher-position')! } };
    for (const [who, [redeemed, read]] of Object.entries(expected)) {
      const one = await ask(who, 'GET', `/redemptions/${body.id}`, undefined, position);
      expect([who, one.status]).toEqual([who, read]);
      for (const query of [`orderId=${claim.id}`, `claimId=${claim.id}`]) {
        const { items } = (await ask<{ items: { id: string }[] }>(who, 'GET', `/redemptions?${query}`)).body;
        expect([who, items.some(({ id }) => id === body.id)]).toEqual([who, read === 200]);
      }
      const again = await redeem(who, claim.id, order);
      expect([who, again.status]).toEqual([who, redeemed]);
      const back = redeemed === 201 ? await rollBack(who, again.body.id) : await rollBack(who, body.id);
      expect([who, back.status]).toEqual([who, redeemed === 201 ? 200 : 404]);
    }
  });

  it('count in lists of an order page by page', async () => {
    const order = { ...ORDER, id: newId() };
    const [ours, shared] = [await held(['default']), await held(['default', 'shop'])];
    let position = '';
    for (const claim of [shared, ours, shared, ours, ours, shared])
      position = (await redeem('ours', claim.id, order)).headers.get('voucher-position')!;
    type Page = { items: Redemption[]; next: string | null };
    const pageAfter = (query: string) =>
      ask<Page>('shop', 'GET', `/redemptions?orderId=${order.id}&limit=2${query}`, undefined, {
        headers: { 'voucher-position': position },
      });
    const first = await eventually('the read model has all', async () => {
      const { body } = await pageAfter('');
      return body.items.length === 2 && body.next !== null && body;
    });
    const second = (await pageAfter(`&after=${(first as Page).next}`)).body;
    expect(second).toMatchObject({ items: [{ voucherId: shared.voucherId }], next: null });
  });
});

describe('the placements of a voucher', () => {
  let slug: string;
  let placed: string;
  let elsewhere: string;
  beforeEach(async () => {
    slug = `p-${newId()}`;
    placed = await running.define({ placements: ['default', 'other'], quantities: { push: 1 } });
    elsewhere = await running.define({ placements: ['default'], quantities: { push: 1 } });
  });
  const shown = async (who: string): Promise<string[]> => {
    const { body } = await running.page(slug, { token: tokens[who]! });
    return body.modules.map(({ voucherId }) => voucherId);
  };

  it('leave it out of the pages of other teams, which push nothing', async () => {
    await running.makePage(slug, [elsewhere, placed], 1, 'other');
    expect(await shown('user')).toEqual([placed]);
    await eventually('the other is pushed', () => running.ledger.outcomesOf(placed, 'voucher.pushed.v1').length === 1);
    expect(running.ledger.read.filter(({ voucherId }) => voucherId === elsewhere)).toEqual([]);
  });

  it('show it on pages of its own team to users of any team', async () => {
    await running.makePage(slug, [elsewhere, placed]);
    expect(await shown('user')).toEqual([elsewhere, placed]);
  });

  it('count in qualifications', async () => {
    await running.makePage(slug, [elsewhere, placed], 1, 'other');
    const body = { order: ORDER, pageSlug: slug };
    const { items } = (
      await ask<{ items: { voucherId: string; claim?: Claim }[] }>('user', 'POST', '/qualifications', body)
    ).body;
    expect(items.filter(({ claim }) => !claim).map(({ voucherId }) => voucherId)).toEqual([placed]);
  });
});
