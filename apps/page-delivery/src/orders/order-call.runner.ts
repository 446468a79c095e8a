// Moves order calls on to their end, step by step. A call that another process has left is moved on by the same code.
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Redemption } from '@vouchers/contracts';
import { Database, LOGGER, metrics, ObservableGauge, repeatedly } from '@vouchers/service';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { SubmissionDesk } from '../submissions/submission-desk.ts';
import { askingsOf, following, isOver, type Asking, type Outcome, type UnderWay, type Verdict } from './order.call.ts';
import { LeaseLost, OrderCallsStore, type KeptCall, type Lease } from './order-calls.store.ts';

/** The longest run. A call that has not ended by then is taken up again by any replica. */
const RUN_MS = 10_000;
const LOOK_EACH_MS = 3_000;
/** The most calls that one replica takes up at once. */
const AT_ONCE = 16;

const oldest = new ObservableGauge(
  'page_delivery_order_call_oldest_seconds',
  'The age of the oldest order call that is under way',
);
const ended = new Counter({
  name: 'page_delivery_order_calls_total',
  help: 'Order calls that have ended, by kind and outcome',
  labelNames: ['kind', 'outcome'],
  registers: [metrics],
});
const takenUp = new Counter({
  name: 'page_delivery_order_calls_taken_up_total',
  help: 'Order calls that another request or process had left, and that were moved on',
  registers: [metrics],
});

/** How a call ended, with the redemptions that this run has seen decided. */
export interface Ended {
  outcome: Outcome;
  decided: Redemption[];
}

@Injectable()
export class OrderCallRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    private readonly store: OrderCallsStore,
    private readonly desk: SubmissionDesk,
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {
    oldest.observe(async () => [[{}, await store.oldestSeconds()]]);
  }

  onApplicationBootstrap(): void {
    this.database.whenReady().then(
      () =>
        repeatedly(() => this.takeUpLeft(), {
          everyMs: LOOK_EACH_MS,
          signal: this.stopping.signal,
          onFailure: ({ message }) => this.logger.warn(`order calls are not taken up: ${message}`),
        }),
      // The service stops before it has reached Postgres.
      () => undefined,
    );
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  /**
   * Moves a call on for at most RUN_MS, and gives the lease back. It never rejects.
   * @returns undefined if the call has not ended, or another has taken the lease
   */
  async run(lease: Lease, call: UnderWay): Promise<Ended | undefined> {
    try {
      const found = await this.moveOn(lease, call);
      if (!found) await this.store.giveBack(lease);
      return found;
    } catch (error) {
      // The one who has taken the lease goes on. If Postgres is away, the lease ends by itself.
      if (!(error instanceof LeaseLost)) this.logger.warn(`an order call is left: ${String(error)}`);
      return undefined;
    }
  }

  /** As `run`, for a call that has been left. */
  takeUp(lease: Lease, call: UnderWay): Promise<Ended | undefined> {
    takenUp.inc();
    return this.run(lease, call);
  }

  /** Goes on at once while there may be more, and some of them end. */
  private async takeUpLeft(): Promise<void> {
    for (;;) {
      const left = await this.store.left(AT_ONCE);
      const found = await Promise.all(left.map((call) => this.takeUpOne(call)));
      if (left.length < AT_ONCE || this.stopping.signal.aborted || !found.some(Boolean)) return;
    }
  }

  private async takeUpOne(call: KeptCall): Promise<Ended | undefined> {
    const taken = await this.store.take(call);
    if (!taken) return undefined;
    // Between the two statements, another may have moved it on.
    const now = await this.store.find(call.callId);
    if (now?.plan) return this.takeUp(taken.lease, now);
    await this.store.giveBack(taken.lease);
    return undefined;
  }

  private async moveOn(lease: Lease, call: UnderWay): Promise<Ended | undefined> {
    const until = performance.now() + RUN_MS;
    const decided: Redemption[] = [];
    let renewals = 0;
    for (let progress = call.progress; ;) {
      const at = { ...call, progress };
      const verdicts = await this.verdictsOf(lease, askingsOf(at), until);
      if (!verdicts) return undefined;
      for (const { redemption } of verdicts.values()) if (redemption) decided.push(redemption);
      const next = following(at, verdicts, lease.now());
      await this.store.move(lease, call, next);
      if (isOver(next)) {
        ended.inc({ kind: call.plan.kind, outcome: next.step });
        return { outcome: next, decided };
      }
      if (next.step === 'renew') renewals += 1;
      // Locks stand too short again and again if a clock is off. A later run goes on.
      if (renewals > 1) return undefined;
      progress = next;
    }
  }

  /** Asks until all is decided. Undefined if it takes too long, or the service stops. @throws LeaseLost */
  private async verdictsOf(
    lease: Lease,
    askings: readonly Asking[],
    until: number,
  ): Promise<Map<string, Verdict> | undefined> {
    const verdicts = new Map<string, Verdict>();
    for (;;) {
      const missing = askings.filter(({ key }) => !verdicts.has(key));
      await Promise.all(
        missing.map(async ({ key, submission }) => {
          const decision = await this.desk.ask(submission);
          if (!decision) return;
          const { data, position } = decision;
          const { reason, checks = [], claim, redemption } = data;
          verdicts.set(key, { submissionId: submission.submissionId, position, reason, checks, claim, redemption });
        }),
      );
      if (verdicts.size === askings.length) return verdicts;
      if (performance.now() > until || this.stopping.signal.aborted) return undefined;
      await this.store.renew(lease);
    }
  }
}
