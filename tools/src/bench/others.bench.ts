// Measures claims while other callers ask for the most work that is allowed: series, a dry run, and a page of heavy
// rules.
import { randomUUID } from 'node:crypto';
import type { Counters, PageData } from '@vouchers/contracts';
import { ask } from '../demo/service-calls.ts';
import type { Bench } from './bench.ts';
import { expectEqual, expectTrue } from './expect.ts';
import { claimsOf } from './load/claims.load.ts';
import { load } from './load/load.ts';
import { LONGEST_ANSWER_SECONDS, type LoadResult } from './load/loaded.ts';
import { alternate, ratios, shownSpread } from './samples.ts';
import type { Stage } from './stage.ts';
import { authorized, publishPage, publishVouchers, read } from './vouchers.ts';

const CONNECTIONS = 16;
const SERIES = 20;
const CASES = 100;
const ITEMS = 500;
const HEAVY = 30;
const HEAVY_RULE = '!user.a.exists(x, user.b.exists(y, x == y))';
const ORDINARY_RULE = "order.items.exists(i, i.sku.startsWith('B') && i.quantity >= 2)";
const LISTS = Object.fromEntries(
  ['a', 'b'].map((name) => [name, Array.from({ length: 100 }, (_, index) => `${name}-${index}`)]),
);

/** The number of times that each kind of work was done. */
interface Done {
  series: number;
  dryRuns: number;
  pages: number;
}

export const others: Bench = {
  ids: ['others'],
  async run(stage, { rounds, seconds }) {
    const services = await stage.services(stage.namespace('others'), ['ledger', 'config', 'page-delivery'], {
      OUTCOME_WAIT_MS: String(LONGEST_ANSWER_SECONDS * 1_000),
      // One caller makes all these requests.
      COSTLY_AT_ONCE: '0',
    });
    const { urls } = services;
    const vouchers = await publishVouchers(stage, urls.config, 2 * rounds + 1);
    const heavy = await publishVouchers(stage, urls.config, HEAVY, { nodes: { claim: { when: HEAVY_RULE } } });
    await publishPage(stage, urls.config, 'heavy', heavy);
    const [past] = [vouchers.pop()!];
    const claims = async (voucherId: string): Promise<LoadResult> => {
      const loaded = await load(
        claimsOf(stage, urls['page-delivery'], voucherId, { connections: CONNECTIONS, seconds }),
        stage.lifetime.signal,
      );
      const { claimed } = await read<Counters>(stage, `${urls.ledger}/v1/vouchers/${voucherId}/counters`);
      expectTrue(`no claim is missing: ${claimed} of ${loaded.requests}`, claimed >= loaded.requests);
      return loaded;
    };
    try {
      stage.say('  making a past');
      await claims(past);
      const done: Done = { series: 0, dryRuns: 0, pages: 0 };
      // The dry run is written once: the load must not take the time of what it measures.
      const work = { urls, past, dryRunText: dryRunBody(), done };
      // Each once before: the threads that do such work begin with the first of it.
      const before = { ...work, done: { ...done } };
      await Promise.all([series(stage, before), dryRun(stage, before), page(stage, before)]);
      const seen = await alternate(rounds, {
        quiet: () => claims(vouchers.pop()!),
        busy: () => during(stage, work, () => claims(vouchers.pop()!)),
      });
      for (const [kind, count] of Object.entries(done)) expectTrue(`${kind} were answered`, count > 0);
      const p99 = (loads: readonly LoadResult[]): number[] => loads.map((one) => one.p99);
      return [
        {
          id: 'others',
          what: `p99 of claims over HTTP (${CONNECTIONS} connections, ${seconds} s) while ${SERIES} series, a dry run of ${CASES} cases × ${ITEMS} items and a page of ${HEAVY} heavy rules run without a pause ÷ quiet`,
          values: ratios(p99(seen.busy), p99(seen.quiet)),
          goal: { sense: 'at most', target: 2, stretch: 1.5 },
          ours: `${shownSpread(p99(seen.busy))} ms`,
          baseline: `${shownSpread(p99(seen.quiet))} ms`,
          seen: `answered meanwhile: ${done.series} series, ${done.dryRuns} dry runs, ${done.pages} pages; claims/s ${shownSpread(seen.busy.map((one) => one.perSecond))}, quiet ${shownSpread(seen.quiet.map((one) => one.perSecond))}`,
        },
      ];
    } finally {
      await services.stop();
    }
  },
};

interface Work {
  urls: Record<'ledger' | 'page-delivery', string>;
  /** A voucher with a long history. */
  past: string;
  dryRunText: string;
  done: Done;
}

/** Runs `measured` while each kind of work is requested again as soon as it is answered. Every answer is checked. */
async function during<Result>(stage: Stage, work: Work, measured: () => Promise<Result>): Promise<Result> {
  let ends = false;
  const again = async (one: () => Promise<void>): Promise<void> => {
    while (!ends) await one();
  };
  const working = Promise.all([
    ...Array.from({ length: SERIES }, () => again(() => series(stage, work))),
    again(() => dryRun(stage, work)),
    again(() => page(stage, work)),
  ]);
  try {
    return await Promise.race([measured(), working.then(() => Promise.reject(new Error('the work ended too early')))]);
  } finally {
    ends = true;
    await working;
  }
}

async function series(stage: Stage, { urls, past, done }: Work): Promise<void> {
  const [from, to] = [-3_600_000, 60_000].map((ms) => new Date(Date.now() + ms).toISOString());
  const { items } = await read<{ items: Counters[] }>(
    stage,
    `${urls.ledger}/v1/vouchers/${past}/counters/series?from=${from}&to=${to}&step=PT10S`,
  );
  expectTrue('a series tells of the claims', (items.at(-1)?.claimed ?? 0) > 0);
  done.series += 1;
}

const dryRunBody = (): string => {
  const items = Array.from({ length: ITEMS }, (_, index) => ({ sku: `SKU-${index}`, quantity: 1, amount: 100 }));
  const order = { id: 'o', amount: 10_000, currency: 'EUR', items };
  const spec = {
    name: 'tried',
    resourceType: 'coupon',
    windows: { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' } },
    nodes: { use: { when: ORDINARY_RULE } },
  };
  const cases = Array.from({ length: CASES }, () => ({ node: 'use', user: { id: 'u' }, order }));
  return JSON.stringify({ spec, cases });
};

async function dryRun(stage: Stage, { urls, dryRunText, done }: Work): Promise<void> {
  const call = {
    method: 'POST',
    url: `${urls['page-delivery']}/v1/dry-run`,
    headers: authorized(stage),
    json: dryRunText,
  } as const;
  const { body } = await ask<{ items: { reason: string }[] }>(call, [200], stage.lifetime.signal);
  expectEqual('cases refused by the rule', body.items.filter(({ reason }) => reason === 'use-rule').length, CASES);
  done.dryRuns += 1;
}

async function page(stage: Stage, { urls, done }: Work): Promise<void> {
  const headers = { 'X-User-Id': randomUUID(), 'X-User-Attrs': JSON.stringify(LISTS) };
  const { modules } = await read<PageData>(stage, `${urls['page-delivery']}/v1/pages/heavy`, headers);
  expectEqual('modules to claim', modules.filter(({ state }) => state === 'claimable').length, HEAVY);
  done.pages += 1;
}
