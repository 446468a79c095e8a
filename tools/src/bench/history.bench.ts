// Claims while a voucher with millions of events is recomputed from its first event.
import { setTimeout as pause } from 'node:timers/promises';
import type { Counters } from '@vouchers/contracts';
import type { Bench } from './bench.ts';
import { expectTrue } from './expect.ts';
import { fill } from './kafka.records.ts';
import { drain } from './ledger/drain.ts';
import { addEarlierClaims } from './ledger/earlier-claims.ts';
import { claimsOf } from './load/claims.load.ts';
import { load } from './load/load.ts';
import { LONGEST_ANSWER_SECONDS, type LoadResult } from './load/loaded.ts';
import { alternate, ratios, shown, shownSpread } from './samples.ts';
import type { Stage } from './stage.ts';
import { authorized, publishVouchers, read } from './vouchers.ts';

const CONNECTIONS = 16;
/** Vouchers for the load. Some are in the partition of the long history, whose followers receive its events at once. */
const SPARE = 12;
const LOOK_MS = 100;
const LOOKS = 100;

export const history: Bench = {
  ids: ['history'],
  async run(stage, { rounds, seconds, lasting }) {
    const namespace = stage.namespace('history');
    const config = await stage.services(namespace, ['config']);
    const others = await publishVouchers(stage, config.urls.config, 2 * rounds + SPARE);
    const [past] = await publishVouchers(stage, config.urls.config, 1);
    await config.stop();
    await makePast(stage, namespace, { past: past!, others }, lasting);
    const services = await stage.services(namespace, ['ledger', 'page-delivery'], {
      OUTCOME_WAIT_MS: String(LONGEST_ANSWER_SECONDS * 1_000),
      COST_LIMIT: '1000000000000',
    });
    const { urls } = services;
    try {
      const { asOf } = await read<Counters>(stage, `${urls.ledger}/v1/vouchers/${past}/counters`);
      const listed = `${urls.ledger}/v1/counters?voucherId=${others.join(',')}`;
      const { items } = await read<{ items: Counters[] }>(stage, listed);
      const elsewhere = items.filter((one) => one.asOf.partition !== asOf.partition).map(({ voucherId }) => voucherId);
      const claims = (): Promise<LoadResult> => {
        return load(
          claimsOf(stage, urls['page-delivery'], elsewhere.pop()!, { connections: CONNECTIONS, seconds }),
          stage.lifetime.signal,
        );
      };
      const replayed: number[] = [];
      const seen = await alternate(rounds, {
        quiet: claims,
        busy: async () => {
          const before = await replayedEvents(urls.ledger);
          const loaded = await during(stage, `${urls.ledger}/v1/vouchers/${past}/proof?full=true`, claims);
          replayed.push((await replayedSince(urls.ledger, before)) / seconds);
          return loaded;
        },
      });
      const p99 = (loads: readonly LoadResult[]): number[] => loads.map((one) => one.p99);
      const perSecond = (loads: readonly LoadResult[]): number[] => loads.map((one) => one.perSecond);
      return [
        {
          id: 'history',
          what: `p99 of claims over HTTP (${CONNECTIONS} connections, ${seconds} s) while a voucher of ${shown(lasting)} events is recomputed from the first one ÷ quiet`,
          values: ratios(p99(seen.busy), p99(seen.quiet)),
          goal: { sense: 'at most', target: 1.2, stretch: 1.1 },
          ours: `${shownSpread(p99(seen.busy))} ms`,
          baseline: `${shownSpread(p99(seen.quiet))} ms`,
          seen: `events recomputed/s ${shownSpread(replayed)}; claims/s ${shownSpread(perSecond(seen.busy))}, quiet ${shownSpread(perSecond(seen.quiet))}`,
        },
      ];
    } finally {
      await services.stop();
    }
  },
};

/** Lets the ledger decide one claim per voucher, which also enables them. Copies of the last one are the history. */
async function makePast(
  stage: Stage,
  namespace: string,
  { past, others }: { past: string; others: readonly string[] },
  events: number,
): Promise<void> {
  const { brokers } = stage.infrastructure;
  await fill(brokers, { namespace, voucherIds: others, claims: others.length }, stage.say);
  await fill(brokers, { namespace, voucherIds: [past], claims: 1 }, stage.say);
  await drain(stage, { namespace, voucherIds: [...others, past], granted: others.length + 1 });
  const [one, other] = [await stage.database(namespace, 'ledger'), await stage.database(namespace, 'ledger')];
  try {
    await addEarlierClaims([one, other], past, events, stage.say);
  } finally {
    await Promise.all([one.end(), other.end()]);
  }
}

/** Runs `measured` while the address is called again and again. The call under way at the end is aborted. */
async function during<Result>(stage: Stage, url: string, measured: () => Promise<Result>): Promise<Result> {
  const end = new AbortController();
  const signal = AbortSignal.any([end.signal, stage.lifetime.signal]);
  const reading = (async () => {
    for (;;) {
      const { status } = await fetch(url, { headers: authorized(stage), signal });
      expectTrue(`the proof was answered: ${status}`, status === 200);
    }
  })();
  const failed = reading.catch((error: Error) => {
    if (!end.signal.aborted) throw error;
    return new Promise<never>(() => undefined);
  });
  try {
    return await Promise.race([measured(), failed]);
  } finally {
    end.abort();
  }
}

async function replayedEvents(ledger: string): Promise<number> {
  const text = await (await fetch(`${ledger}/metrics`)).text();
  return Number(/^ledger_replayed_events_total (\S+)/m.exec(text)?.[1] ?? 0);
}

/** Events replayed since then. An aborted replay is counted when its thread notices. @throws Error if there are none */
async function replayedSince(ledger: string, before: number): Promise<number> {
  for (let look = 0; look < LOOKS; look += 1) {
    const now = await replayedEvents(ledger);
    if (now > before) return now - before;
    await pause(LOOK_MS);
  }
  throw new Error('nothing was recomputed');
}
