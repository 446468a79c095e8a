// Takes calls of orders. A call waits for the order's lease, begins under it, and is answered when it is over, or after
// OUTCOME_WAIT_MS. Then it goes on by itself.
import { Injectable } from '@nestjs/common';
import type { Redemption } from '@vouchers/contracts';
import { conflict, keyReused, unavailable } from '@vouchers/service';
import { setTimeout as pause } from 'node:timers/promises';
import { PageDeliverySettings } from '../settings.ts';
import { firstStep, type Outcome, type Plan } from './order.call.ts';
import { OrderCallRunner, type Ended } from './order-call.runner.ts';
import { LeaseLost, OrderCallsStore, type KeptCall, type Lease, type OrderKey } from './order-calls.store.ts';
import type { LeasedOrder, Planned } from './order.planner.ts';

/** How long a call waits for the lease of its order. */
const LEASE_WAIT_MS = 2_000;
const LOOK_EACH_MS = 50;
/** The most calls of one order that are kept. */
const MOST_CALLS = 1_000;

/** A call of an order as it was asked for. */
export interface AskedCall extends OrderKey {
  callId: string;
  kind: Plan['kind'];
  asker: string;
  bodyHash: string;
}

/** The outcome of a call, or `pending` if it is still under way. */
export type Answered = { outcome: Outcome; decided: Redemption[] } | 'pending';

@Injectable()
export class OrdersDesk {
  constructor(
    private readonly settings: PageDeliverySettings,
    private readonly store: OrderCallsStore,
    private readonly runner: OrderCallRunner,
  ) {}

  /**
   * Begins a call, or finds the one that began with the same key.
   * @param plan is called under the lease, when all earlier calls of the order are over. If it throws, nothing is kept
   * @throws ProblemError 422 if the key was used for another body, 503 if another call has the order for too long
   */
  async call(asked: AskedCall, plan: (order: LeasedOrder) => Promise<Planned>): Promise<Answered> {
    const until = performance.now() + LEASE_WAIT_MS;
    for (;;) {
      const known = await this.store.find(asked.callId);
      const over = known && outcomeOf(known, asked);
      if (over) return over;
      // A call that was forgotten with its user has another order by now.
      const taken = await this.store.take(known ?? asked);
      const answer = taken && (await this.begin(taken, asked, plan, until));
      if (answer) return answer;
      if (performance.now() >= until) {
        if (known) return 'pending';
        throw unavailable('Another call of this order is under way: nothing was accepted.');
      }
      await pause(LOOK_EACH_MS);
    }
  }

  /** Undefined if the order was lost in between, or an earlier call of it is not over in time. */
  private async begin(
    { lease, order }: { lease: Lease; order: LeasedOrder['order'] },
    asked: AskedCall,
    plan: (order: LeasedOrder) => Promise<Planned>,
    until: number,
  ): Promise<Answered | undefined> {
    let isKept = false;
    try {
      const calls = await this.store.callsOf(lease);
      const left = calls.find((call) => call.plan !== undefined);
      const mine = calls.find(({ callId }) => callId === asked.callId);
      if (left?.plan) {
        isKept = true;
        const ended = await within(this.runner.takeUp(lease, left), until - performance.now());
        return ended && left === mine ? ended : undefined;
      }
      const over = mine && outcomeOf(mine, asked);
      if (over) return over;
      if (calls.length >= MOST_CALLS) throw conflict('quota');
      const planned = await plan({ key: lease, order, calls });
      isKept = true;
      return await this.keep(lease, asked, planned);
    } catch (error) {
      if (error instanceof LeaseLost) return undefined;
      throw error;
    } finally {
      // If Postgres is away, the lease ends by itself.
      if (!isKept) await this.store.giveBack(lease).catch(() => undefined);
    }
  }

  private async keep(lease: Lease, asked: AskedCall, planned: Planned): Promise<Answered> {
    if ('refusal' in planned) {
      const outcome: Outcome = { step: 'refused', refusal: planned.refusal, positions: {} };
      await this.store.keep(lease, { ...asked, progress: outcome }, planned.userId);
      return { outcome, decided: [] };
    }
    const call = { ...asked, plan: planned.plan, progress: firstStep(planned.plan) };
    await this.store.keep(lease, call, planned.plan.userId);
    return (await within(this.runner.run(lease, call), this.settings.outcomeWaitMs)) ?? 'pending';
  }
}

/** Undefined while the call is under way. @throws 422 if its key was used for another body */
function outcomeOf(known: KeptCall, { bodyHash }: AskedCall): Ended | undefined {
  if (known.bodyHash !== bodyHash) throw keyReused();
  return known.plan ? undefined : { outcome: known.progress, decided: [] };
}

/** The result if it comes in time. The work goes on in any case. */
async function within<T>(work: Promise<T | undefined>, ms: number): Promise<T | undefined> {
  const timer = new AbortController();
  const late = pause(Math.max(ms, 0), undefined, { signal: timer.signal, ref: false }).catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
