// P5: page data for returning users with a warm read model, against the cost of Nest on Fastify alone.
// modules: the same with 200 modules for one user.
import { setTimeout as pause } from 'node:timers/promises';
import type { Counters, PageData } from '@vouchers/contracts';
import { eachOf } from '../demo/service-calls.ts';
import type { Services } from '../services/services.ts';
import { startBaseline } from './baselines/baseline.server.ts';
import type { Bench, Comparison, Figure, Sizes } from './bench.ts';
import { expectEqual } from './expect.ts';
import { load, loadTool } from './load/load.ts';
import type { LoadResult } from './load/loaded.ts';
import { alternate, ratios, shown, shownSpread } from './samples.ts';
import type { Stage } from './stage.ts';
import { authorized, publishPage, publishVouchers, read } from './vouchers.ts';

const CONNECTIONS = 64;
const WARM_UP_SECONDS = 10;
const VIEWS_AT_ONCE = 16;
const SERVED = ['ledger', 'config', 'page-delivery'] as const;

/** A page and the users who request it again and again. */
interface View {
  readonly id: string;
  readonly what: string;
  readonly modules: number;
  readonly users: number;
  readonly goal?: Figure['goal'];
}

const VIEWS: readonly View[] = [
  {
    id: 'P5',
    what: 'page data with 5 modules for 1,000 users, read model warm',
    modules: 5,
    users: 1_000,
    goal: { sense: 'at least', target: 0.6, stretch: 0.8 },
  },
  { id: 'modules', what: 'page data with 200 modules for one user', modules: 200, users: 1 },
];

/** A page that each of its users has seen, and whose pushes are counted. */
interface WarmPage {
  readonly url: string;
  readonly bytes: number;
  /** @throws Error unless every user was pushed each of its vouchers once */
  verify(): Promise<void>;
}

async function warmPage(stage: Stage, services: Services, view: View): Promise<WarmPage> {
  const { modules, users } = view;
  const vouchers = await publishVouchers(stage, services.urls.config, modules);
  const slug = `bench-${modules}`;
  await publishPage(stage, services.urls.config, slug, vouchers);
  const url = `${services.urls['page-delivery'].replace('localhost', '127.0.0.1')}/v1/pages/${slug}`;
  const page = await warm(stage, url, view);
  const pushed = (): Promise<number> => pushesOf(stage, services, vouchers);
  while ((await pushed()) < users * modules) await pause(100, undefined, { signal: stage.lifetime.signal });
  return {
    url,
    bytes: Buffer.byteLength(JSON.stringify(page)),
    verify: async () => expectEqual('pushes after all views', await pushed(), users * modules),
  };
}

const ask = (stage: Stage, url: string, { users }: View, seconds: number): Promise<LoadResult> =>
  load(
    {
      url,
      method: 'GET',
      headers: { ...authorized(stage), 'X-User-Id': 'user-{n}' },
      connections: CONNECTIONS,
      seconds,
      cycle: users,
    },
    stage.lifetime.signal,
  );

async function measure(stage: Stage, services: Services, view: View, { rounds, seconds }: Sizes): Promise<Figure> {
  const { id, what, goal } = view;
  const { url, bytes, verify } = await warmPage(stage, services, view);
  const constant = await startBaseline(stage, 'constant', { BYTES: String(bytes) });
  try {
    const constantUrl = `${constant.url}/constant`;
    for (const warmed of [url, constantUrl]) await ask(stage, warmed, view, WARM_UP_SECONDS);
    const seen = await alternate(rounds, {
      page: () => ask(stage, url, view, seconds),
      constant: () => ask(stage, constantUrl, view, seconds),
    });
    await verify();
    const perSecond = (of: readonly LoadResult[]): number[] => of.map((loaded) => loaded.perSecond);
    return {
      id,
      what: `${what} ÷ a Nest + Fastify constant of the same size, ${shown(bytes)} bytes (${loadTool()}, ${CONNECTIONS} connections, ${seconds} s each)`,
      values: ratios(perSecond(seen.page), perSecond(seen.constant)),
      goal,
      ours: `${shownSpread(perSecond(seen.page))}/s, p99 ${shownSpread(seen.page.map(({ p99 }) => p99))} ms`,
      baseline: `${shownSpread(perSecond(seen.constant))}/s, p99 ${shownSpread(seen.constant.map(({ p99 }) => p99))} ms`,
    };
  } finally {
    await constant.stop();
  }
}

/** Each build has services and data of its own, and both run all the time: one of them is asked. */
const compared = (view: View): Comparison => ({
  what: ({ seconds }) => `${view.what} (${loadTool()}, ${CONNECTIONS} connections, ${seconds} s each)`,
  unit: 'pages/s',
  open: async ({ ours, theirs }, { seconds }) => {
    const measured = async (stage: Stage, name: string): Promise<() => Promise<number>> => {
      const { url, verify } = await warmPage(stage, await stage.services(stage.namespace(name), SERVED), view);
      await ask(stage, url, view, WARM_UP_SECONDS);
      return async () => {
        const { perSecond } = await ask(stage, url, view, seconds);
        await verify();
        return perSecond;
      };
    };
    return { ours: await measured(ours, 'ours'), theirs: await measured(theirs, 'theirs') };
  },
});

export const pageData: Bench = {
  ids: VIEWS.map(({ id }) => id),
  async run(stage, sizes, asked) {
    const services = await stage.services(stage.namespace('pages'), SERVED);
    try {
      const figures: Figure[] = [];
      for (const view of VIEWS) if (asked.has(view.id)) figures.push(await measure(stage, services, view, sizes));
      return figures;
    } finally {
      await services.stop();
    }
  },
  versus: Object.fromEntries(VIEWS.map((view) => [view.id, compared(view)])),
};

/** Shows every user the page once. @returns the page data of one of them */
async function warm(stage: Stage, url: string, { users, modules }: View): Promise<PageData> {
  let page: PageData | undefined;
  const numbers = Array.from({ length: users }, (_, index) => index + 1);
  await eachOf(numbers, VIEWS_AT_ONCE, String, async (number) => {
    do {
      page = await read<PageData>(stage, url, { 'X-User-Id': `user-${number}` });
      if (page.modules.length < modules) await pause(100, undefined, { signal: stage.lifetime.signal });
    } while (page.modules.length < modules);
  });
  return page!;
}

async function pushesOf(stage: Stage, services: Services, vouchers: readonly string[]): Promise<number> {
  const url = `${services.urls.ledger}/v1/counters?voucherId=${vouchers.join(',')}`;
  const { items } = await read<{ items: Counters[] }>(stage, url);
  return items.reduce((total, counters) => total + counters.pushed, 0);
}
