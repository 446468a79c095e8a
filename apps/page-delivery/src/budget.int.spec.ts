// The cost of requests: heavy pages and qualifications are never refused, and do not delay other requests. Dry runs
// have a budget.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Order, PageModule, Problem } from '@vouchers/contracts';
import { metrics } from '@vouchers/service';
import { eventually } from '@vouchers/testing';
import type { Worker } from 'node:worker_threads';
import { newId, Running } from '../testing/running.ts';
import type { DryDecision } from './dry-run/dry-run.judged.ts';
import { JudgingThread } from './judging/judging.thread.ts';
import type { Qualification } from './qualifications/qualified.ts';

const ITEMS = 500;
const ORDER: Order = {
  id: 'o-1',
  amount: 10_000,
  currency: 'CNY',
  items: Array.from({ length: ITEMS }, (_, index) => ({ sku: `SKU-${index}`, quantity: 1, amount: 100 })),
};
const ORDINARY = "order.items.exists(i, i.sku.startsWith('B') && i.quantity >= 2)";
/** Some of the most expensive conditions that can be saved. */
const HEAVY_CLAIM = 'user.a.exists(x, user.b.exists(y, x == y))';
const HEAVY_USE = 'user.a.exists(x, order.items.exists(i, i.sku == x))';
const LISTS = Object.fromEntries(
  ['a', 'b'].map((name) => [name, Array.from({ length: 100 }, (_, index) => `${name}-${index}`)]),
);
const HEAVY = 30;

const running = new Running();
let cheap: number;
beforeAll(async () => {
  await running.start();
  cheap = await running.startReplica({ COST_LIMIT: '600000' });
}, 90_000);
afterAll(() => running.stop());

const asAlice = () => ({
  token: running.tokens.shop,
  headers: { 'x-user-id': 'alice', 'x-user-attrs': JSON.stringify(LISTS) },
});

async function counted(name: string): Promise<number> {
  return (await metrics.getSingleMetric(name)!.get()).values[0]!.value;
}
const pauses = () => counted('work_pauses_total');
const threadJobs = () => counted('background_jobs_total');

/** Makes a page whose vouchers all have expensive rules. */
async function heavyPage(): Promise<{ slug: string; voucherIds: string[] }> {
  const nodes = { claim: { when: `!(${HEAVY_CLAIM})` }, use: { when: HEAVY_USE } };
  const voucherIds: string[] = [];
  while (voucherIds.length < HEAVY) voucherIds.push(await running.define({ nodes }));
  const slug = `heavy-${newId()}`;
  await running.makePage(slug, voucherIds);
  return { slug, voucherIds };
}

describe('a page of 30 heavy rules, and a qualification of as many claims,', () => {
  let page: { slug: string; voucherIds: string[] };
  const judging = () => (running.replicas[0]!.get(JudgingThread) as unknown as { thread: { worker?: Worker } }).thread;
  const qualify = () =>
    running.call<{ items: Qualification[] }>('POST', '/v1/qualifications', { ...asAlice(), body: { order: ORDER } });

  /** Requests both. @returns their answers, with the numbers of jobs of the thread and pauses of the event loop */
  async function judged() {
    const [jobs, gaveWay] = [await threadJobs(), await pauses()];
    const shown = await running.page(page.slug, asAlice());
    const qualified = await qualify();
    expect([shown.status, qualified.status]).toEqual([200, 200]);
    const answers = { modules: shown.body.modules, items: qualified.body.items };
    return { answers, jobs: (await threadJobs()) - jobs, pauses: (await pauses()) - gaveWay };
  }

  beforeAll(async () => {
    page = await heavyPage();
    for (const id of page.voucherIds.slice(1)) expect((await running.claim(id, asAlice())).status).toBe(201);
    await eventually('the wallet and the page have all claims', async () => {
      const [{ body }, shown] = [await qualify(), await running.page(page.slug, asAlice())];
      const claimed = shown.body.modules.filter(({ state }: PageModule) => state === 'claimed');
      return body.items.length === HEAVY - 1 && claimed.length === HEAVY - 1;
    });
  }, 60_000);

  it('are judged in the thread, and not by the event loop', async () => {
    const { answers, jobs, pauses: gaveWay } = await judged();
    expect([jobs, gaveWay]).toEqual([2, 0]);
    expect(answers.modules.map(({ state }) => state)).toEqual(['claimable', ...Array(HEAVY - 1).fill('claimed')]);
    expect(new Set(answers.items.map(({ reason }) => reason))).toEqual(new Set(['use-rule']));
  }, 30_000);

  it('are judged in slices by the event loop while the thread is away, with the same result', async () => {
    const inThread = await judged();
    await judging().worker!.terminate();
    const here = await judged();
    expect(here.answers).toEqual(inThread.answers);
    expect(here.pauses).toBeGreaterThan(0);
    await eventually('the thread is back', async () => (await judged()).jobs === 2);
  }, 30_000);
});

describe('a dry run', () => {
  const dryRun = (body: object, { headers = {}, replica = 0, token = running.tokens.staff } = {}) =>
    running.call<{ items: DryDecision[] } & Problem>('POST', '/v1/dry-run', { token, body, headers, replica });
  const hour = (offset: number): string => new Date(Date.now() + offset * 3_600_000).toISOString();
  const specOf = (when: string) => ({
    name: 'X',
    resourceType: 'coupon',
    windows: { timeZone: 'UTC', valid: { from: hour(-1), to: hour(1) } },
    nodes: { use: { when } },
  });
  const cases = (count: number, user: object = { id: 'u' }) =>
    Array.from({ length: count }, () => ({ node: 'use', user, order: ORDER }));

  it('of 100 cases with 500 items and an ordinary rule passes, in a thread of its own', async () => {
    const [jobs, before] = [await threadJobs(), await pauses()];
    const { status, body } = await dryRun({ spec: specOf(ORDINARY), cases: cases(100) });
    expect([status, body.items?.length, body.items?.[0]?.reason]).toEqual([200, 100, 'use-rule']);
    expect([await threadJobs(), await pauses()]).toEqual([jobs + 1, before]);
  });

  it('that costs more than one request may is refused before it begins, with advice for a cheaper one', async () => {
    const body = { spec: specOf(ORDINARY), cases: cases(100) };
    const refused = await dryRun(body, { replica: cheap });
    expect([refused.status, refused.body.reason]).toEqual([422, 'too-costly']);
    expect(refused.body.detail).toMatch(/COST_LIMIT.*fewer cases/);
    expect((await dryRun({ ...body, cases: cases(10) }, { replica: cheap })).status).toBe(200);
    const small = { ...ORDER, items: ORDER.items!.slice(0, 5) };
    const few = cases(100).map((one) => ({ ...one, order: small }));
    expect((await dryRun({ ...body, cases: few }, { replica: cheap })).status).toBe(200);
  });

  it('is refused if its user has more attributes than fit into a token', async () => {
    const spec = specOf('user.a == "x"');
    const { status, body } = await dryRun({ spec, cases: cases(1, { id: 'u', a: 'x'.repeat(20_000) }) });
    expect([status, body.errors?.map(({ pointer }) => pointer)]).toEqual([400, ['/cases/0/user']]);
  });

  it('is refused beyond two at the same time per user that a service names', async () => {
    const token = await running.issuer.signToken({ sub: 'service', scope: 'vouchers:read claims:act' });
    const body = { spec: specOf(HEAVY_USE), cases: cases(8, { id: 'u', ...LISTS }) };
    const ask = (user: string) => dryRun(body, { token, headers: { 'x-user-id': user } });
    const answers = await Promise.all(['ann', 'ann', 'ann', 'ann', 'ann', 'ben', 'ben'].map(ask));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.slice(0, 5).toSorted()).toEqual([200, 200, 429, 429, 429]);
    expect(statuses.slice(5)).toEqual([200, 200]);
    expect(answers.find(({ status }) => status === 429)!.headers.get('retry-after')).toBe('1');
  }, 30_000);
});
