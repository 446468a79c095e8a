import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@vouchers/testing';
import { newId, Running } from '../../testing/running.ts';

/** Less than the drafts below would take, but enough for some vouchers. */
const CACHE_BYTES = 1_000_000;
const GOODS = Array.from({ length: 20_000 }, (_, index) => ({ sku: `SKU-${index}`, name: 'A thing of the shop' }));
const ASKS_FOR_GOODS = { nodes: { use: { when: 'order.matchesGoods' } } };
const ORDER = { id: 'o-1', amount: 100, currency: 'CNY', items: [{ sku: 'SKU-19999', quantity: 1, amount: 100 }] };

const running = new Running();
beforeAll(() => running.start(1, { CACHE_BYTES: String(CACHE_BYTES) }), 60_000);
afterAll(() => running.stop());

/** The bytes of each cache. */
async function held(): Promise<Record<string, number>> {
  const { body } = await running.call<string>('GET', '/metrics');
  const lines = body.matchAll(/^page_delivery_cache_bytes\{cache="(\w+)"\} (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, cache, bytes]) => [cache, Number(bytes)]));
}

const total = (bytes: Record<string, number>): number => Object.values(bytes).reduce((sum, one) => sum + one, 0);
const token = (): string => running.tokens.alice;
const reasonOf = async (voucherId: string): Promise<[number, unknown]> => {
  const { status, body } = await running.claim<{ reason?: string }>(voucherId, { token: token() });
  return [status, body.reason];
};
const followed = (): Promise<[number, unknown]> => reasonOf(newId());
const stored = async (key: string): Promise<{ version: number; value: Buffer | null } | undefined> =>
  (await running.database.query('SELECT version, value FROM newest_records WHERE key = $1', [key])).rows[0];

describe('memory', () => {
  it('does not contain drafts with 20,000 goods each, which are found nevertheless', async () => {
    const before = await held();
    const drafts: string[] = [];
    for (let n = 0; n < 20; n += 1)
      drafts.push(await running.define({ ...ASKS_FOR_GOODS, goods: GOODS }, { intent: 'draft' }));
    expect(await reasonOf(drafts[0]!)).toEqual([409, 'not-published']);
    expect(await followed()).toEqual([404, 'unknown-voucher']);
    expect((await stored(drafts[19]!))?.value?.length).toBeLessThan(5_000);
    expect((await held())['goods']).toBe(before['goods']);
    // One draft was read: a definition without its goods.
    expect((await held())['definitions']! - before['definitions']!).toBeLessThan(50_000);
  });

  it('stays below its limit, and vouchers that do not fit are read when they are needed', async () => {
    const description = 'x'.repeat(4_000);
    const vouchers: string[] = [];
    for (let n = 0; n < 60; n += 1) vouchers.push(await running.define({ description }));
    for (const [index, id] of [...vouchers, ...vouchers].entries())
      expect((await running.claim(id, { token: token() })).status).toBe(index < vouchers.length ? 201 : 409);
    const bytes = await held();
    expect(bytes['definitions']).toBeGreaterThan(50_000);
    expect(total(bytes)).toBeLessThanOrEqual(CACHE_BYTES);
    await running.makePage('large', vouchers);
    const page = await running.page('large', { token: running.tokens.bob });
    expect(page.body.modules.map(({ voucherId }) => voucherId)).toEqual(vouchers);
    expect(total(await held())).toBeLessThanOrEqual(CACHE_BYTES);
  });

  it('is not needed for goods that do not fit: they are read each time', async () => {
    const voucherId = await running.define({ ...ASKS_FOR_GOODS, goods: GOODS });
    const { body: claim } = await running.claim(voucherId, { token: token() });
    const redeem = (skus: string[]) =>
      running.call('POST', `/v1/claims/${claim.id}/redemptions`, {
        token: running.tokens.till,
        key: newId(),
        body: { order: { ...ORDER, items: skus.map((sku) => ({ sku, quantity: 1, amount: 1 })) } },
      });
    expect((await redeem(['SKU-20000'])).body).toMatchObject({ status: 409, reason: 'use-rule' });
    expect((await redeem(['SKU-19999'])).status).toBe(201);
    expect(total(await held())).toBeLessThanOrEqual(CACHE_BYTES);
  });
});

describe('a voucher that an earlier release stored', () => {
  it('shows its goods after a restart, before it has another version', async () => {
    const id = await running.define({ goods: GOODS.slice(0, 5) }, { intent: 'terminated' });
    const shown = async () => (JSON.parse(String((await stored(id))?.value)) as { goodsShown?: object }).goodsShown;
    await eventually('it is stored', async () => (await stored(id)) !== undefined);
    const goods = { count: 5, names: Array.from({ length: 3 }, () => 'A thing of the shop') };
    expect(await shown()).toEqual(goods);
    const { goodsShown: _, ...less } = JSON.parse(String((await stored(id))!.value)) as Record<string, unknown>;
    const before = Buffer.from(JSON.stringify(less));
    await running.database.query('UPDATE newest_records SET value = $2 WHERE key = $1', [id, before]);
    expect(await shown()).toBeUndefined();
    await running.startReplica();
    expect(await shown()).toEqual(goods);
  });
});

describe('a voucher that was deleted', () => {
  it('is unknown, also if an older version comes late, and after a restart that reads the topic again', async () => {
    const id = await running.define({}, { intent: 'draft' });
    expect(await reasonOf(id)).toEqual([409, 'not-published']);
    await running.forget('definitions', id, 2);
    await followed();
    expect(await reasonOf(id)).toEqual([404, 'unknown-voucher']);
    await running.define({}, { voucherId: id, version: 1 });
    await followed();
    expect(await reasonOf(id)).toEqual([404, 'unknown-voucher']);
    const replica = await running.startReplica();
    const answer = await running.claim(id, { token: token(), replica });
    expect(answer.status).toBe(404);
    expect(await stored(id)).toMatchObject({ value: null });
  });

  it('is left out of the pages that list it', async () => {
    const [kept, gone] = [await running.define(), await running.define({}, { intent: 'draft' })];
    await running.makePage('with-deleted', [gone, kept]);
    await running.forget('definitions', gone, 2);
    await followed();
    const { body } = await running.page('with-deleted', { token: token() });
    expect(body.modules.map(({ voucherId }) => voucherId)).toEqual([kept]);
  });
});

describe('a page that was deleted', () => {
  const status = async (slug: string, replica = 0) => (await running.page(slug, { token: token(), replica })).status;

  it('is unknown, also if an older version comes late, until it is made again with a higher version', async () => {
    const id = await running.define();
    await running.makePage('again', [id]);
    await running.makePage('again', [id], 2);
    expect(await status('again')).toBe(200);
    await running.forget('pages', 'again', 3);
    await eventually('it is unknown', async () => (await status('again')) === 404);
    await running.makePage('again', [id], 2);
    expect(await status('again')).toBe(404);
    const replica = await running.startReplica();
    expect(await status('again', replica)).toBe(404);
    await running.makePage('again', [id], 4);
    expect([await status('again'), await status('again', replica)]).toEqual([200, 200]);
  });
});
