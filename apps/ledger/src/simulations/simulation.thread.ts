// Passes a simulation to its thread, and hears how far it came.
import type { SimulationRow } from '@vouchers/event-store';
import { BackgroundThread, Turns } from '@vouchers/service';
import type { Logger } from 'pino';
import type { LedgerSettings } from '../ledger.settings.ts';
import type { SimulationEnd, SimulationJob, SimulationSaid, SimulationThreadData } from './simulation.worker.ts';
import { simulatedEvents, simulationThreadEnds } from './simulations.metrics.ts';

const MB = 1_048_576;
/** V8's young generation, whose size does not depend on the work. */
const YOUNG_MB = 48;

export interface SimulationProgress {
  done: number;
  of: number;
}

export class SimulationThread {
  /** How far the present run came. */
  progress: SimulationProgress = { done: 0, of: 0 };
  private readonly thread: BackgroundThread;
  private readonly turns = new Turns({ atOnce: 1, mostWaiting: 1, waitMs: 5_000, what: 'simulations' });

  constructor({ databaseUrl, simulationBytes }: LedgerSettings, logger: Pick<Logger, 'warn' | 'error'>) {
    const data: SimulationThreadData = { databaseUrl, bytes: simulationBytes };
    this.thread = new BackgroundThread(
      {
        entry: new URL('./simulation.worker', import.meta.url),
        does: 'simulates',
        data,
        heap: { oldMb: Math.floor(simulationBytes / MB) - YOUNG_MB, youngMb: YOUNG_MB },
        ends: simulationThreadEnds,
        hears: (said: SimulationSaid) => {
          if ('warning' in said) return logger.warn(said.warning);
          simulatedEvents.inc(Math.max(0, said.progress.done - this.progress.done));
          this.progress = said.progress;
        },
      },
      logger,
    );
  }

  /** @throws the signal's reason, once the thread has stopped; the run's error; 503 if the thread died */
  run({ partition, simulationId, voucherId, run, spec, until, askedAt }: SimulationRow, signal: AbortSignal) {
    this.progress = { done: 0, of: 0 };
    const job: SimulationJob = { partition, simulationId, voucherId, run, spec, until, askedAt };
    return this.thread.ask<SimulationEnd>(job, { signal, turns: this.turns });
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}
