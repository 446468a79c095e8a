// Passes questions to the replay thread, and its answers back.
import { BackgroundThread, metrics, Turns, type WorkElsewhere } from '@vouchers/service';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import type { ReplayRequest, ReplaySaid, ReplaySettings } from './replay.worker.ts';
import type { Replay, ReplayKind, Replays, VoucherKey } from './replays.ts';

/** The most replays that wait for their turn. */
export const MOST_WAITING = 100;
const WAIT_MS = 30_000;

const replayed = new Counter({
  name: 'ledger_replayed_events_total',
  help: 'Events that were replayed for past moments, series and proofs',
  registers: [metrics],
});
const ends = new Counter({
  name: 'ledger_replay_thread_ends_total',
  help: 'Unexpected ends of the replay thread; the next question starts another one',
  registers: [metrics],
});

/** Runs replays in a thread. Each needs memory for a page of 1 MB, a state, and up to 1,000 items of a series. */
export class ReplayThread {
  private readonly thread: BackgroundThread;
  private readonly turns: Turns;

  constructor(settings: ReplaySettings, logger: Pick<Logger, 'debug' | 'warn' | 'error'>) {
    this.thread = new BackgroundThread(
      {
        entry: new URL('./replay.worker', import.meta.url),
        does: 'replays',
        data: settings,
        ends,
        hears: (said: ReplaySaid) => {
          if ('warning' in said) return logger.warn(said.warning);
          replayed.inc(said.events);
          logger.debug(said, 'replayed');
        },
      },
      logger,
    );
    const atOnce = settings.connections;
    this.turns = new Turns({ atOnce, mostWaiting: MOST_WAITING, waitMs: WAIT_MS, what: 'looks into the past' });
  }

  /** @throws the replay's error; 429 if too many wait, 503 if the wait is too long or there is no thread */
  ask<Kind extends ReplayKind>(
    kind: Kind,
    question: VoucherKey & Replays[Kind]['question'],
    { costLimit, advice, signal }: WorkElsewhere,
  ): Promise<Replays[Kind]['answer']> {
    const request: ReplayRequest = { replay: { kind, ...question } as unknown as Replay, costLimit, advice };
    return this.thread.ask(request, { signal, turns: this.turns });
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}
