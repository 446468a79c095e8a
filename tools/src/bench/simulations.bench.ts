// P11: a simulation of one hot voucher's claims, alone, against the ledger that decided them; and claims over HTTP while
// a simulation runs, against quiet ones.
import { setTimeout as pause } from 'node:timers/promises';
import type { EventRow, List, Simulation, VoucherSpec } from '@vouchers/contracts';
import { ask } from '../demo/service-calls.ts';
import type { Bench, Figure, Sizes } from './bench.ts';
import { expectEqual, expectTrue } from './expect.ts';
import { backlogOf } from './ledger/backlog.ts';
import { beginAnew, drain } from './ledger/drain.ts';
import { claimsOf } from './load/claims.load.ts';
import { load } from './load/load.ts';
import { LONGEST_ANSWER_SECONDS, type LoadResult } from './load/loaded.ts';
import { megabytes } from './process.meter.ts';
import { alternate, ratios, shown, shownSpread } from './samples.ts';
import type { Stage } from './stage.ts';
import { authorized, publishVouchers, read } from './vouchers.ts';

const CONNECTIONS = 16;
const LOOK_MS = 50;
/** Units for four fifths of the claims, so that the spec has something to change. */
const SHARE = 0.8;

export const simulations: Bench = {
  ids: ['P11'],
  async run(stage, { rounds, seconds, claims, ...sizes }) {
    const namespace = stage.namespace('simulations');
    const [voucherId] = (await backlogOf(stage, namespace, { rounds, seconds, claims, ...sizes })) as [string];
    const perSecond: number[] = [];
    const simulated: number[] = [];
    let peak = 0;
    for (let round = 0; round < rounds; round += 1) {
      stage.say(`P11 round ${round + 1}`);
      await beginAnew(stage, namespace);
      perSecond.push((await drain(stage, { namespace, voucherIds: [voucherId], granted: claims })).perSecond);
      const ledger = await stage.services(namespace, ['ledger']);
      try {
        const began = performance.now();
        await simulate(stage, ledger.urls.ledger, voucherId, claims);
        simulated.push((1_000 * claims) / (performance.now() - began));
        peak = Math.max(peak, ledger.peakResidentBytes().ledger);
      } finally {
        await ledger.stop();
      }
    }
    const alone: Figure = {
      id: 'P11 alone',
      what: `simulation: ${shown(claims)} claims of one hot voucher decided again, by their own versions and by another spec ÷ P1's claims a second`,
      values: ratios(simulated, perSecond),
      goal: { sense: 'at least', target: 1, stretch: 2 },
      ours: `${shownSpread(simulated)} claims/s`,
      baseline: `${shownSpread(perSecond)}/s`,
      seen: `ledger with its thread at most ${megabytes(peak)} resident`,
    };
    return [alone, await beside(stage, { rounds, seconds, claims, ...sizes })];
  },
};

/** Claims of other vouchers while the long history is simulated again and again. */
async function beside(stage: Stage, sizes: Sizes): Promise<Figure> {
  const { rounds, seconds, claims } = sizes;
  // Config does not go on where the outcomes were made anew.
  const namespace = stage.namespace('beside');
  const [voucherId] = (await backlogOf(stage, namespace, sizes)) as [string];
  await drain(stage, { namespace, voucherIds: [voucherId], granted: claims });
  const services = await stage.services(namespace, ['ledger', 'config', 'page-delivery'], {
    OUTCOME_WAIT_MS: String(LONGEST_ANSWER_SECONDS * 1_000),
  });
  const { urls } = services;
  try {
    const others = await publishVouchers(stage, urls.config, 2 * rounds);
    const claiming = (): Promise<LoadResult> =>
      load(
        claimsOf(stage, urls['page-delivery'], others.pop()!, { connections: CONNECTIONS, seconds }),
        stage.lifetime.signal,
      );
    const moved: number[] = [];
    const seen = await alternate(rounds, {
      quiet: claiming,
      busy: async () => {
        const { id } = await begin(stage, urls.ledger, voucherId, claims);
        const before = await simulatedEvents(urls.ledger);
        const loaded = await claiming();
        const events = (await simulatedEvents(urls.ledger)) - before;
        expectTrue('the simulation moved on', events > 0);
        moved.push(events / seconds);
        const call = {
          method: 'DELETE',
          url: `${urls.ledger}/v1/simulations/${id}`,
          headers: authorized(stage),
        } as const;
        await ask(call, [204], stage.lifetime.signal);
        return loaded;
      },
    });
    const p99 = (loads: readonly LoadResult[]): number[] => loads.map((one) => one.p99);
    const rate = (loads: readonly LoadResult[]): number[] => loads.map((one) => one.perSecond);
    return {
      id: 'P11 beside',
      what: `p99 of claims over HTTP (${CONNECTIONS} connections, ${seconds} s) while ${shown(claims)} claims are simulated ÷ quiet`,
      values: ratios(p99(seen.busy), p99(seen.quiet)),
      goal: { sense: 'at most', target: 1.2, stretch: 1.1 },
      ours: `${shownSpread(p99(seen.busy))} ms`,
      baseline: `${shownSpread(p99(seen.quiet))} ms`,
      seen: `events simulated/s ${shownSpread(moved)}; claims/s ${shownSpread(rate(seen.busy))}, quiet ${shownSpread(rate(seen.quiet))}`,
    };
  } finally {
    await services.stop();
  }
}

/** Asks for a simulation with fewer units than were claimed. */
async function begin(stage: Stage, ledger: string, voucherId: string, claims: number): Promise<Simulation> {
  const path = `${ledger}/v1/vouchers/${voucherId}/events?type=voucher.defined.v1&limit=1`;
  const { items } = await read<List<EventRow>>(stage, path);
  const own = items[0]!.data.definition!.spec as VoucherSpec;
  const spec = { ...own, quantities: { ...own.quantities, claim: Math.round(claims * SHARE) } };
  const url = `${ledger}/v1/vouchers/${voucherId}/simulations`;
  const call = { method: 'POST', url, headers: authorized(stage), body: { spec } } as const;
  return (await ask<Simulation>(call, [202], stage.lifetime.signal)).body;
}

/** Runs a simulation to its end and checks that it decided every claim. */
async function simulate(stage: Stage, ledger: string, voucherId: string, claims: number): Promise<void> {
  const { id } = await begin(stage, ledger, voucherId, claims);
  for (;;) {
    const simulation = await read<Simulation>(stage, `${ledger}/v1/simulations/${id}`);
    if (simulation.state === 'queued' || simulation.state === 'running') {
      await pause(LOOK_MS, undefined, { signal: stage.lifetime.signal });
      continue;
    }
    expectEqual('the state of the simulation', simulation.state, 'done');
    expectEqual('decisions that were made again', simulation.identity!.decisions, claims);
    expectEqual('differences from history', simulation.identity!.differences, 0);
    expectEqual('claims that would have been granted', simulation.would!.claimed, Math.round(claims * SHARE));
    return;
  }
}

async function simulatedEvents(ledger: string): Promise<number> {
  const text = await (await fetch(`${ledger}/metrics`)).text();
  return Number(/^ledger_simulated_events_total (\S+)/m.exec(text)?.[1] ?? 0);
}
