// P2: claims over HTTP with their decision, against the same API with one transaction per claim. P3: against bare
// node:http. P4: the p99 of the answers at 64 connections.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Counters, Proof } from '@vouchers/contracts';
import type pg from 'pg';
import { databaseName } from '../infrastructure/databases.ts';
import type { Services } from '../services/services.ts';
import { startBaseline } from './baselines/baseline.server.ts';
import type { Bench, Figure } from './bench.ts';
import { expectEqual, expectTrue } from './expect.ts';
import { load, loadTool } from './load/load.ts';
import { LONGEST_ANSWER_SECONDS, type LoadResult } from './load/loaded.ts';
import { CpuMeter, cpuShares, megabytes, type CpuUse } from './process.meter.ts';
import { alternate, ratios, shownSpread, spread } from './samples.ts';
import { serversOf, type Stage } from './stage.ts';
import { authorized, publishVouchers, read, UNITS } from './vouchers.ts';

const CONNECTIONS = [64, 128, 256] as const;
type Connections = (typeof CONNECTIONS)[number];
/** Code is slow before V8 optimises it: 750 claims per second in the first ten seconds, then 1,900. */
const WARM_UP_SECONDS = 20;
const BODY = '{"pageSlug":"spring"}';

/** One measurement of a server. */
interface Measured extends LoadResult {
  readonly cpu?: CpuUse;
}
/** First by number of connections, then by round. */
type Series = Record<Connections, Measured[]>;

export const claimsOverHttp: Bench = {
  ids: ['P2', 'P3', 'P4'],
  async run(stage, { rounds, seconds }, asked) {
    const namespace = stage.namespace('http');
    const services = await stage.services(namespace, ['ledger', 'config', 'page-delivery'], {
      // An answer "not decided yet" would count as a claim. With this wait, none comes before the load gives up.
      OUTCOME_WAIT_MS: String(LONGEST_ANSWER_SECONDS * 1_000),
    });
    const platform = await openPlatform(stage, services, rounds);
    const transactions = await openTransactions(stage, namespace);
    const bare = await startBaseline(stage, 'bare');
    const askBare = (connections: number, during: number): Promise<LoadResult> =>
      load(claimsOf(stage, bare.url, randomUUID(), connections, during), stage.lifetime.signal);
    try {
      stage.say('  warming up');
      for (const warm of [platform.measure, transactions.measure, askBare])
        await warm(256, Math.min(WARM_UP_SECONDS, 3 * seconds));
      const series = { platform: {}, transactions: {}, bare: {} } as Record<
        'platform' | 'transactions' | 'bare',
        Series
      >;
      for (const connections of CONNECTIONS) {
        const seen = await alternate(rounds, {
          platform: () => platform.measure(connections, seconds),
          transactions: () => transactions.measure(connections, seconds),
          bare: () => askBare(connections, seconds),
        });
        for (const name of ['platform', 'transactions', 'bare'] as const) {
          series[name][connections] = seen[name];
          stage.say(
            `  ${connections} connections: ${name} ${shownSpread(perSecond(seen[name]))}/s, p99 ${shownSpread(seen[name].map(({ p99 }) => p99))} ms`,
          );
        }
      }
      const peaks = services.peakResidentBytes();
      const memory = `resident at most: page-delivery ${megabytes(peaks['page-delivery'])}, ledger ${megabytes(peaks.ledger)}`;
      return figures(series, seconds, memory).filter(({ id }) => asked.has(id));
    } finally {
      await Promise.all([services.stop(), transactions.stop(), bare.stop()]);
    }
  },
};

/** Claims by a different user each, with a key of their own. */
const claimsOf = (stage: Stage, origin: string, voucherId: string, connections: number, seconds: number) =>
  ({
    url: `${origin}/v1/vouchers/${voucherId}/claims`,
    method: 'POST',
    headers: { ...authorized(stage), 'X-User-Id': 'user-{n}', 'Idempotency-Key': `claim-of-user-{n}` },
    body: BODY,
    connections,
    seconds,
  }) as const;

/** The platform. Each measurement has its own hot voucher. */
async function openPlatform(stage: Stage, services: Services, rounds: number) {
  const vouchers = await publishVouchers(stage, services.urls.config, rounds * CONNECTIONS.length + 1);
  const origin = services.urls['page-delivery'].replace('localhost', '127.0.0.1');
  const measure = async (connections: number, seconds: number): Promise<Measured> => {
    const voucherId = vouchers.pop()!;
    const meter = new CpuMeter({ ...services.processIds(), ...serversOf(stage) });
    const loaded = await load(claimsOf(stage, origin, voucherId, connections, seconds), stage.lifetime.signal);
    const cpu = meter.stop();
    // Submissions that were under way at the end of the load are decided, too.
    const counted = (): Promise<Counters> => read(stage, `${services.urls.ledger}/v1/vouchers/${voucherId}/counters`);
    let counters = await counted();
    for (let claimed = -1; claimed !== counters.claimed; counters = await counted()) {
      claimed = counters.claimed;
      await pause(500);
    }
    expectMade(loaded, counters.claimed, connections);
    expectEqual('claims refused', JSON.stringify(counters.refused), '{}');
    const proof = await read<Proof>(stage, `${services.urls.ledger}/v1/vouchers/${voucherId}/proof`);
    expectTrue('the pool equation holds', proof.holds);
    return { ...loaded, cpu };
  };
  return { measure };
}

/** The service with one transaction per claim. Each measurement has its own voucher, too. */
async function openTransactions(stage: Stage, namespace: string) {
  const server = await startBaseline(stage, 'transactions', {
    DATABASE_URL: stage.infrastructure.databaseUrl,
    DATABASE_NAME: databaseName(namespace, 'transactions'),
    OIDC_ISSUER: stage.issuer.url,
  });
  const database = await stage.database(namespace, 'transactions');
  const measure = async (connections: number, seconds: number): Promise<LoadResult> => {
    const voucherId = randomUUID();
    await database.query(`INSERT INTO vouchers VALUES ($1, $2, 0, true, '2020-01-01', '2120-01-01')`, [
      voucherId,
      UNITS,
    ]);
    const loaded = await load(claimsOf(stage, server.url, voucherId, connections, seconds), stage.lifetime.signal);
    const { claimed, kept } = await countedIn(database, voucherId);
    expectEqual('claims counted and kept', claimed, kept);
    expectMade(loaded, claimed, connections);
    return loaded;
  };
  const stop = (): Promise<unknown> => Promise.all([server.stop(), database.end()]);
  return { measure, stop };
}

async function countedIn(database: pg.Client, voucherId: string): Promise<{ claimed: number; kept: number }> {
  const { rows } = await database.query<{ claimed: number; kept: number }>(
    'SELECT claimed, (SELECT count(*)::int FROM claims WHERE voucher_id = v.id) AS kept FROM vouchers v WHERE id = $1',
    [voucherId],
  );
  return rows[0]!;
}

/** Each answer is a claim. Each connection may have had one more claim under way when the load ended. */
function expectMade({ requests }: LoadResult, claimed: number, connections: number): void {
  const what = `${claimed} claims were made for ${requests} answers`;
  expectTrue(`no claim is missing: ${what}`, claimed >= requests);
  expectTrue(`no claim is too many: ${what}`, claimed <= requests + connections);
}

function figures(
  { platform, transactions, bare }: Record<'platform' | 'transactions' | 'bare', Series>,
  seconds: number,
  memory: string,
): Figure[] {
  const at = { platform: bestOf(platform), transactions: bestOf(transactions), bare: bestOf(bare) };
  const best = { platform: platform[at.platform], transactions: transactions[at.transactions], bare: bare[at.bare] };
  const told = (name: keyof typeof best): string =>
    `${shownSpread(perSecond(best[name]))}/s at ${at[name]} connections`;
  const cpu = cpuShares(
    best.platform.flatMap((measured) => measured.cpu ?? []),
    sum(best.platform),
    'claim',
  );
  const p99 = (series: Series): number[] => series[64].map((measured) => measured.p99);
  const p50 = spread(platform[64].map((measured) => measured.p50)).median;
  return [
    {
      id: 'P2',
      what: `claims over HTTP with their decision ÷ the same API as Nest + TypeORM, one transaction per claim; each at its best of ${CONNECTIONS.join(', ')} connections (${loadTool()}, ${seconds} s each)`,
      values: ratios(perSecond(best.platform), perSecond(best.transactions)),
      goal: { sense: 'at least', target: 5, stretch: 10 },
      ours: told('platform'),
      baseline: told('transactions'),
      seen: [cpu, memory].filter(Boolean).join('; '),
    },
    {
      id: 'P3',
      what: 'the same ÷ bare node:http, at its best',
      values: ratios(perSecond(best.platform), perSecond(best.bare)),
      goal: { sense: 'at least', target: 0.12, stretch: 0.2 },
      ours: told('platform'),
      baseline: told('bare'),
    },
    {
      id: 'P4',
      what: 'p99 of P2 at 64 connections ÷ the p99 of its baseline',
      values: ratios(p99(platform), p99(transactions)),
      goal: { sense: 'at most', target: 0.5, stretch: 0.2 },
      ours: `${shownSpread(p99(platform))} ms (p50 ${p50.toFixed(1)} ms)`,
      baseline: `${shownSpread(p99(transactions))} ms`,
    },
  ];
}

const perSecond = (measured: readonly Measured[]): number[] => measured.map((each) => each.perSecond);
const sum = (measured: readonly Measured[]): number => measured.reduce((total, { requests }) => total + requests, 0);

/** The number of connections with the best median. */
function bestOf(series: Series): Connections {
  const median = (connections: Connections): number => spread(perSecond(series[connections])).median;
  return [...CONNECTIONS].sort((a, b) => median(b) - median(a))[0]!;
}
