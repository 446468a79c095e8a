// P9: the price of an order with the best of a user's claims, against reading those claims.
import { setTimeout as pause } from 'node:timers/promises';
import type { Claim, List, VoucherSpecInput } from '@vouchers/contracts';
import { ask, eachOf } from '../demo/service-calls.ts';
import type { Services } from '../services/services.ts';
import type { Bench, Figure, Sizes } from './bench.ts';
import { expectEqual, expectTrue } from './expect.ts';
import { load, loadTool } from './load/load.ts';
import type { LoadOptions, LoadResult } from './load/loaded.ts';
import { CpuMeter, type CpuUse } from './process.meter.ts';
import { alternate, ratios, shown, shownSpread } from './samples.ts';
import { serversOf, type Stage } from './stage.ts';
import { authorized, publishVouchers, read } from './vouchers.ts';

const LINES = 40;
/** Kinds of vouchers. The one user has a claim of each kind, the other ten times as many. */
const KINDS = 20;
const OF_KIND = 10;
const CONNECTIONS = 16;
const CLAIMS_AT_ONCE = 16;
const WARM_UP_SECONDS = 10;

const SKUS = Array.from({ length: LINES }, (_, line) => `S-${line}`);
const ITEMS = SKUS.map((sku, line) => ({ sku, quantity: 1, amount: 250 + 137 * line }));
const ORDER = { id: 'order-1', amount: ITEMS.reduce((sum, { amount }) => sum + amount, 0), currency: 'EUR' };
const QUOTE = JSON.stringify({ order: { ...ORDER, items: ITEMS } });

/** Amounts and percentages, on all goods or some, of groups that combine or do not; two kinds want a larger order. */
const kind = (number: number): Partial<VoucherSpecInput> => ({
  benefit:
    number % 2 === 0
      ? {
          type: 'percent-off',
          percent: 3 + (number % 15),
          ...(number % 4 === 0 && { maxAmount: 1_500, currency: 'EUR' }),
        }
      : { type: 'amount-off', amount: 150 + 70 * number, currency: 'EUR' },
  combine: {
    group: ['bread', 'milk', 'welcome', 'loyalty'][number % 4]!,
    with: number % 5 === 0 ? ['bread', 'milk', 'welcome'] : 'any',
    priority: number % 7 === 0 ? 1 : 0,
  },
  goods: number % 3 === 0 ? SKUS.filter((_, line) => (line + number) % 4 === 0).map((sku) => ({ sku })) : undefined,
  nodes: { use: { when: number % 10 === 7 ? 'order.amount >= 10000000' : 'order.amount >= 1000' } },
});

/** A priced order, as far as it is looked at. */
interface Quoted {
  best: { claimIds: string[]; discount: number; lines: unknown[] };
  inapplicable: { reason: string }[];
}

export const quotes: Bench = {
  ids: ['P9'],
  async run(stage, sizes) {
    const services = await stage.services(stage.namespace('quotes'), ['ledger', 'config', 'page-delivery']);
    try {
      await claimAll(stage, services);
      await expectQuoted(stage, services, 'shopper', KINDS);
      await expectQuoted(stage, services, 'collector', KINDS * OF_KIND);
      return [await againstReading(stage, services, sizes), await ofManyClaims(stage, services, sizes)];
    } finally {
      await services.stop();
    }
  },
};

/** Publishes the vouchers, and has the two users claim them. */
async function claimAll(stage: Stage, { urls }: Services): Promise<void> {
  const wanted: { userId: string; voucherId: string }[] = [];
  for (let number = 0; number < KINDS; number += 1)
    for (const [index, voucherId] of (await publishVouchers(stage, urls.config, OF_KIND, kind(number))).entries()) {
      wanted.push({ userId: 'collector', voucherId });
      if (index === 0) wanted.push({ userId: 'shopper', voucherId });
    }
  await eachOf(
    wanted,
    CLAIMS_AT_ONCE,
    ({ voucherId }) => voucherId,
    async ({ userId, voucherId }) => {
      const headers = { ...authorized(stage), 'X-User-Id': userId, 'Idempotency-Key': `claim-${userId}-${voucherId}` };
      const url = `${urls['page-delivery']}/v1/vouchers/${voucherId}/claims`;
      // page-delivery reads a voucher soon after config has published it.
      await ask<Claim>({ method: 'POST', url, headers, body: {} }, [201], stage.lifetime.signal, [404]);
    },
  );
}

const pageDelivery = ({ urls }: Services): string => urls['page-delivery'].replace('localhost', '127.0.0.1');
const ofUser = (stage: Stage, userId: string) => ({ ...authorized(stage), 'X-User-Id': userId });

async function expectQuoted(stage: Stage, services: Services, userId: string, claims: number): Promise<void> {
  // The read model follows the decisions.
  const wallet = `${pageDelivery(services)}/v1/claims?limit=200`;
  const known = async (): Promise<number> =>
    (await read<List<Claim>>(stage, wallet, { 'X-User-Id': userId })).items.length;
  while ((await known()) < claims) await pause(100, undefined, { signal: stage.lifetime.signal });
  const call = { method: 'POST', url: `${pageDelivery(services)}/v1/quotes`, headers: ofUser(stage, userId) } as const;
  const { body } = await ask<Quoted>({ ...call, json: QUOTE }, [200], stage.lifetime.signal);
  const { best, inapplicable } = body;
  expectEqual('lines of the price', best.lines.length, LINES);
  expectTrue('the best set takes something off', best.claimIds.length > 1 && best.discount > 0);
  expectEqual('claims in the answer', best.claimIds.length + inapplicable.length, claims);
  const byRule = inapplicable.filter(({ reason }) => reason === 'use-rule').length;
  expectEqual('claims that want a larger order', byRule, (2 * claims) / KINDS);
}

type Asked = Pick<LoadOptions, 'connections' | 'seconds'>;

const quote = (stage: Stage, services: Services, userId: string, asked: Asked): Promise<LoadResult> =>
  load(
    {
      url: `${pageDelivery(services)}/v1/quotes`,
      method: 'POST',
      headers: ofUser(stage, userId),
      body: QUOTE,
      ...asked,
    },
    stage.lifetime.signal,
  );

const readClaims = (stage: Stage, services: Services, userId: string, asked: Asked): Promise<LoadResult> =>
  load(
    { url: `${pageDelivery(services)}/v1/claims`, method: 'GET', headers: ofUser(stage, userId), ...asked },
    stage.lifetime.signal,
  );

async function againstReading(stage: Stage, services: Services, { rounds, seconds }: Sizes): Promise<Figure> {
  const asked = { connections: CONNECTIONS, seconds };
  for (const warm of [quote, readClaims])
    await warm(stage, services, 'shopper', { ...asked, seconds: WARM_UP_SECONDS });
  const seen = await alternate(rounds, {
    quotes: () => quote(stage, services, 'shopper', asked),
    reading: () => readClaims(stage, services, 'shopper', asked),
  });
  const p99 = (of: readonly LoadResult[]): number[] => of.map((loaded) => loaded.p99);
  const perSecond = (of: readonly LoadResult[]): number[] => of.map((loaded) => loaded.perSecond);
  return {
    id: 'P9',
    what: `p99 of a quote with ${KINDS} claims and ${LINES} lines ÷ the p99 of GET /v1/claims (${loadTool()}, ${CONNECTIONS} connections, ${seconds} s each)`,
    values: ratios(p99(seen.quotes), p99(seen.reading)),
    goal: { sense: 'at most', target: 5, stretch: 3 },
    ours: `p99 ${shownSpread(p99(seen.quotes))} ms, ${shownSpread(perSecond(seen.quotes))}/s`,
    baseline: `p99 ${shownSpread(p99(seen.reading))} ms, ${shownSpread(perSecond(seen.reading))}/s`,
  };
}

/** Quotes one after the other, and beside them a reader whose requests must get through. */
async function ofManyClaims(stage: Stage, services: Services, { rounds, seconds }: Sizes): Promise<Figure> {
  const one = { connections: 1, seconds };
  await quote(stage, services, 'collector', { ...one, seconds: WARM_UP_SECONDS });
  const seen = await alternate(rounds, {
    alone: async () => {
      const meter = new CpuMeter({ ...services.processIds(), ...serversOf(stage) });
      const { requests } = await quote(stage, services, 'collector', one);
      return { requests, cpu: meter.stop() };
    },
    beside: async () =>
      (await Promise.all([quote(stage, services, 'collector', one), readClaims(stage, services, 'shopper', one)]))[1],
  });
  const millisOf = (name: string, { requests, cpu }: { requests: number; cpu: CpuUse }): number =>
    (1_000 * (cpu.seconds[name] ?? 0)) / requests;
  const others = Object.keys(seen.alone[0]!.cpu.seconds).filter((name) => name !== 'page-delivery');
  const perQuote = others.map((name) => `${name} ${shown(millisOf(name, seen.alone[0]!))} ms`);
  const { median, longest } = {
    median: seen.beside.map(({ p50 }) => p50),
    longest: seen.beside.map(({ p99 }) => p99),
  };
  return {
    id: 'P9 large',
    what: `CPU time of page-delivery for a quote with ${KINDS * OF_KIND} claims and ${LINES} lines (${loadTool()}, one after the other, ${seconds} s)`,
    values: seen.alone.map((each) => millisOf('page-delivery', each)),
    unit: 'ms',
    goal: { sense: 'at most', target: 50, stretch: 25 },
    ours: `GET /v1/claims beside it: p50 ${shownSpread(median)} ms, p99 ${shownSpread(longest)} ms`,
    baseline: '',
    seen: `CPU per quote: ${perQuote.join(', ')}`,
  };
}
