// Units come back to a voucher for which many wait, and each is offered to who is next, against P1's claims a second.
import { setTimeout as pause } from 'node:timers/promises';
import type { Voucher } from '@vouchers/contracts';
import type pg from 'pg';
import { ask } from '../demo/service-calls.ts';
import type { Bench, Sizes } from './bench.ts';
import { expectEqual, expectTrue } from './expect.ts';
import { fill, TopicEnd, topicOf } from './kafka.records.ts';
import { backlogOf } from './ledger/backlog.ts';
import { beginAnew, drain, settled } from './ledger/drain.ts';
import { alternate, ratios, shown, shownSpread } from './samples.ts';
import type { Stage } from './stage.ts';
import { authorized, publishVouchers } from './vouchers.ts';

/** The share of P1's backlog. Each of its users joins before the measured work begins. */
const SHARE = 0.2;
const LOOK_MS = 5;
const BEGUN_WITHIN_MS = 60_000;
const WAITING_LIST = { offerFor: 'P30D' };

export const offers: Bench = {
  ids: ['offers'],
  async run(stage, sizes) {
    const count = Math.round(sizes.claims * SHARE);
    const [namespace, hot] = [stage.namespace('offers'), stage.namespace('claims')];
    const config = await stage.services(namespace, ['config']);
    const voucherIds = await publishVouchers(stage, config.urls.config, sizes.rounds, {
      quantities: { claim: 1 },
      waitingList: WAITING_LIST,
    });
    await config.stop();
    const claimed = await backlogOf(stage, hot, sizes);
    const seen = await alternate(sizes.rounds, {
      claims: async () => {
        await beginAnew(stage, hot);
        return (await drain(stage, { namespace: hot, voucherIds: claimed, granted: sizes.claims })).perSecond;
      },
      offers: (round) => offered(stage, namespace, voucherIds[round]!, count),
    });
    return [figureOf(seen, sizes, count)];
  },
};

/** Lets users join, gives the voucher a unit for each, and waits until all offers are in Kafka. @returns offers/s */
async function offered(stage: Stage, namespace: string, voucherId: string, count: number): Promise<number> {
  const { brokers } = stage.infrastructure;
  await fill(brokers, { namespace, voucherIds: [voucherId], claims: 1 }, stage.say);
  await fill(brokers, { namespace, voucherIds: [voucherId], kind: 'join', claims: count, firstUser: 1 }, stage.say);
  await drain(stage, { namespace, voucherIds: [voucherId], granted: 1 });
  const [outcomes, database] = [
    await TopicEnd.of(brokers, topicOf(namespace, 'outcomes')),
    await stage.database(namespace, 'ledger'),
  ];
  const services = await stage.services(namespace, ['ledger', 'config']);
  try {
    await raise(stage, services.urls.config, voucherId, 1 + count);
    const first = await begun(stage, database, voucherId);
    const began = performance.now();
    const { at } = await settled(database, outcomes);
    expectEqual('offers', await offersOf(database, voucherId), count);
    return (1_000 * (count - first)) / (at - began);
  } finally {
    await services.stop();
    await Promise.all([database.end(), outcomes.close()]);
  }
}

/** Waits for the first commit, as P1's clock does. @returns the offers that it made */
async function begun(stage: Stage, database: pg.Client, voucherId: string): Promise<number> {
  const until = performance.now() + BEGUN_WITHIN_MS;
  for (;;) {
    const made = await offersOf(database, voucherId);
    if (made > 0) return made;
    expectTrue('the first offer is made in time', performance.now() < until);
    await pause(LOOK_MS, undefined, { signal: stage.lifetime.signal });
  }
}

async function offersOf(database: pg.Client, voucherId: string): Promise<number> {
  const { rows } = await database.query<{ offered: number }>(
    `SELECT (counters->>'offered')::int AS offered FROM vouchers WHERE voucher_id = $1`,
    [voucherId],
  );
  return rows[0]!.offered;
}

async function raise(stage: Stage, config: string, voucherId: string, claim: number): Promise<void> {
  const { signal } = stage.lifetime;
  const url = `${config}/v1/vouchers/${voucherId}`;
  const headers = authorized(stage);
  const { body } = await ask<Voucher>({ method: 'GET', url, headers }, [200], signal);
  const { name, resourceType, windows, version } = body;
  const spec = { name, resourceType, windows, quantities: { claim }, waitingList: WAITING_LIST };
  await ask({ method: 'PUT', url, headers: { ...headers, 'If-Match': `"${version}"` }, body: spec }, [200], signal);
}

const figureOf = (seen: Record<'claims' | 'offers', number[]>, { claims }: Sizes, count: number) => ({
  id: 'offers',
  what: `${shown(count)} units that come back at once are offered to those who wait ÷ P1's claims a second`,
  values: ratios(seen.offers, seen.claims),
  goal: { sense: 'at least' as const, target: 0.5, stretch: 1 },
  ours: `${shownSpread(seen.offers)}/s`,
  baseline: `${shownSpread(seen.claims)}/s of ${shown(claims)}`,
});
