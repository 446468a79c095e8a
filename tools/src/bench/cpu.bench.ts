// The CPU time of a claim and of a single redemption, for two builds in turns. Unlike a speed, it hardly depends on
// what else runs on the machine.
import { setTimeout as pause } from 'node:timers/promises';
import type { Claim, Counters } from '@vouchers/contracts';
import { ask } from '../demo/service-calls.ts';
import type { Services } from '../services/services.ts';
import type { Bench } from './bench.ts';
import { expectTrue } from './expect.ts';
import { backlogOf } from './ledger/backlog.ts';
import { beginAnew, drain } from './ledger/drain.ts';
import { load, loadTool } from './load/load.ts';
import { CpuMeter, type CpuUse } from './process.meter.ts';
import { shown } from './samples.ts';
import { serversOf, type Stage } from './stage.ts';
import { authorized, publishVouchers, read } from './vouchers.ts';

const CONNECTIONS = 64;
const WARM_UP_SECONDS = 10;
const ORDER = { id: 'order-1', amount: 12_000, currency: 'EUR' };

const perCpuSecond = (count: number, { seconds }: CpuUse): number =>
  count / Object.values(seconds).reduce((sum, each) => sum + each, 0);

export const cpu: Bench = {
  ids: [],
  run: () => Promise.resolve([]),
  versus: {
    cpu: {
      what: ({ claims }) => `ledger, Postgres and Kafka: ${shown(claims)} claims of one hot voucher per second of CPU`,
      unit: 'claims per CPU second',
      open: async ({ ours, theirs }, sizes) => {
        const namespace = theirs.namespace('cpu');
        const voucherIds = await backlogOf(theirs, namespace, sizes);
        const drainBy = (stage: Stage) => async (): Promise<number> => {
          await beginAnew(stage, namespace);
          const { cpu, records } = await drain(stage, { namespace, voucherIds, granted: sizes.claims });
          return perCpuSecond(records, cpu);
        };
        return { ours: drainBy(ours), theirs: drainBy(theirs) };
      },
    },
    redemptions: {
      what: ({ seconds }) =>
        `all processes: single redemptions over HTTP of a claim without a limit of uses, per second of CPU (${loadTool()}, ${CONNECTIONS} connections, ${seconds} s each)`,
      unit: 'redemptions per CPU second',
      open: async ({ ours, theirs }, { seconds }) => {
        const measured = async (stage: Stage, name: string): Promise<() => Promise<number>> => {
          const services = await stage.services(stage.namespace(name), ['ledger', 'config', 'page-delivery']);
          const claim = await usableClaim(stage, services);
          await redeem(stage, services, claim, WARM_UP_SECONDS);
          return () => redeem(stage, services, claim, seconds);
        };
        return { ours: await measured(ours, 'ours'), theirs: await measured(theirs, 'theirs') };
      },
    },
  },
};

/** Claims a voucher whose claims may be used without end. */
async function usableClaim(stage: Stage, { urls }: Services): Promise<Claim> {
  const [voucherId] = await publishVouchers(stage, urls.config, 1, { nodes: { use: { perClaim: null } } });
  const headers = { ...authorized(stage), 'X-User-Id': 'user', 'Idempotency-Key': 'claim' };
  const url = `${urls['page-delivery']}/v1/vouchers/${voucherId}/claims`;
  // page-delivery reads the voucher soon after config has published it.
  const call = { method: 'POST', url, headers, body: {} } as const;
  return (await ask<Claim>(call, [201], stage.lifetime.signal, [404])).body;
}

/** Redeems until the time is up. @returns redemptions per CPU second @throws Error unless each answer is a redemption */
async function redeem(stage: Stage, services: Services, claim: Claim, seconds: number): Promise<number> {
  const counted = async (): Promise<number> => {
    const url = `${services.urls.ledger}/v1/vouchers/${claim.voucherId}/counters`;
    return (await read<Counters>(stage, url)).redeemed;
  };
  const before = await counted();
  const meter = new CpuMeter({ ...services.processIds(), ...serversOf(stage) });
  const { requests } = await load(
    {
      url: `${services.urls['page-delivery'].replace('localhost', '127.0.0.1')}/v1/claims/${claim.id}/redemptions`,
      method: 'POST',
      headers: { ...authorized(stage), 'Idempotency-Key': `use-from-${before}-{n}` },
      body: JSON.stringify({ order: ORDER }),
      connections: CONNECTIONS,
      seconds,
    },
    stage.lifetime.signal,
  );
  // Redemptions under way at the end of the load are decided, too.
  let redeemed = await counted();
  for (let earlier = -1; earlier !== redeemed; redeemed = await counted()) {
    earlier = redeemed;
    await pause(500, undefined, { signal: stage.lifetime.signal });
  }
  const made = redeemed - before;
  expectTrue(`each of ${requests} answers is one of ${made} redemptions`, made >= requests);
  expectTrue(`${made} redemptions are for ${requests} answers`, made <= requests + CONNECTIONS);
  return perCpuSecond(made, meter.stop());
}
