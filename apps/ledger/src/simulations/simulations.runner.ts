// Runs simulations, one at a time over all ledgers: whoever has the lease runs. If a ledger dies, its lease ends, and
// another ledger begins the simulation again.
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { SimulationsStore, type Heartbeat, type SimulationRow } from '@vouchers/event-store';
import { LOGGER } from '@vouchers/service';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';
import type { SimulationResult } from './simulation.shown.ts';
import { SimulationThread } from './simulation.thread.ts';
import { simulationsEnded } from './simulations.metrics.ts';

/** How often a free ledger looks for work that another one took in, or left behind. */
const LOOK_EVERY_MS = 1_000;
/** The rest after a failure. A thread that died may begin again sooner. */
const RETRY_MS = 2_000;
/** A cancellation that another ledger took in is seen after this time. */
const HEARTBEAT_EVERY_MS = 300;
/** A simulation that did not come to an end so often fails, so that it does not stop all others for ever. */
export const MOST_RUNS = 5;

/** Why a run was stopped. */
class Stopped extends Error {
  constructor(readonly why: Exclude<Heartbeat, 'wanted'> | 'shutdown') {
    super(`the simulation stops: ${why}`);
  }
}

@Injectable()
export class SimulationsRunner implements BeforeApplicationShutdown {
  private readonly store: SimulationsStore;
  private readonly thread: SimulationThread;
  private stopping = false;
  private ended: Promise<void> = Promise.resolve();
  /** Ends the present rest. */
  private woken = new AbortController();
  /** Ends the present run. */
  private current: { id: string; stop: AbortController } | undefined;

  constructor(
    connections: LedgerConnections,
    settings: LedgerSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    // A heartbeat must not wait for lists and counters. It is one small statement.
    this.store = new SimulationsStore(connections.store.pools.writers);
    this.thread = new SimulationThread(settings, logger);
  }

  /** The tables must exist. */
  start(): void {
    this.ended = this.untilStopped();
  }

  /** Call it when a simulation was added. */
  wake(): void {
    this.woken.abort();
  }

  /** Call it when a simulation was cancelled. */
  cancelled(simulationId: string): void {
    if (this.current?.id === simulationId) this.current.stop.abort(new Stopped('cancelled'));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.wake();
    this.current?.stop.abort(new Stopped('shutdown'));
    await this.ended;
    await this.thread.close();
  }

  private async untilStopped(): Promise<void> {
    while (!this.stopping) {
      try {
        const row = await this.store.take();
        if (row) await this.turn(row);
        else await this.rest();
      } catch (error) {
        this.logger.warn(`simulations wait: ${(error as Error).message}`);
        await this.rest(RETRY_MS);
      }
    }
  }

  private async rest(ms = LOOK_EVERY_MS): Promise<void> {
    if (this.stopping) return;
    this.woken = new AbortController();
    await pause(ms, undefined, { signal: this.woken.signal, ref: false }).catch(() => undefined);
  }

  /** Runs a simulation until it is over, cancelled, or another ledger's. */
  private async turn(taken: SimulationRow): Promise<void> {
    let row = taken;
    try {
      if (row.runs > MOST_RUNS) return await this.giveUp(row);
      for (;;) {
        const why = await this.run(row);
        const again = why === 'again' ? await this.store.again(row) : undefined;
        if (again === undefined) return;
        row = { ...row, run: again, done: 0 };
      }
    } finally {
      // Without an answer the lease ends by itself.
      await this.store.release(row.run).catch((error: Error) => this.logger.warn(error.message));
    }
  }

  private async giveUp(row: SimulationRow): Promise<void> {
    const result: SimulationResult = {
      failure: { why: 'unfinished', detail: `It was begun ${MOST_RUNS} times and never came to an end.` },
    };
    await this.store.end(row, 'failed', JSON.stringify(result));
    simulationsEnded.inc({ state: 'failed' });
    this.logger.error({ simulationId: row.simulationId }, 'a simulation never comes to an end');
  }

  /** @returns why it must begin again, or undefined if this ledger is done with it */
  private async run(row: SimulationRow): Promise<'again' | undefined> {
    const stop = new AbortController();
    const { signal } = stop;
    if (this.stopping) stop.abort(new Stopped('shutdown'));
    this.current = { id: row.simulationId, stop };
    const over = new AbortController();
    const beating = this.beat(row, stop, over.signal);
    try {
      const { state, result } = await this.thread.run(row, signal);
      over.abort();
      await beating;
      Object.assign(row, this.thread.progress);
      if (await this.store.end(row, state, JSON.stringify(result))) {
        simulationsEnded.inc({ state });
        return undefined;
      }
      // A user was forgotten meanwhile, or it was cancelled.
      return (await this.store.heartbeat(row)) === 'again' ? 'again' : undefined;
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      if (error.why === 'cancelled') simulationsEnded.inc({ state: 'cancelled' });
      return error.why === 'again' ? 'again' : undefined;
    } finally {
      over.abort();
      await beating;
      this.current = undefined;
    }
  }

  /** Keeps the lease until `over`. Stops the run if it is not wanted any more. */
  private async beat(row: SimulationRow, stop: AbortController, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await pause(HEARTBEAT_EVERY_MS, undefined, { signal: over, ref: false }).catch(() => undefined);
      if (over.aborted) return;
      Object.assign(row, this.thread.progress);
      // Postgres may be away for a moment. If it is away for longer, the lease ends, and the next heartbeat tells so.
      const heard = await this.store.heartbeat(row).catch((error: Error) => {
        this.logger.warn(`the lease of a simulation is not renewed: ${error.message}`);
        return 'wanted' as const;
      });
      if (heard !== 'wanted') return stop.abort(new Stopped(heard));
    }
  }
}
