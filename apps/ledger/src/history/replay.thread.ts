// The main thread's side of the replay thread: it passes questions and answers, and does nothing else.
import { metrics, ProblemError, tooManyRequests, unavailable, type WorkElsewhere } from '@vouchers/service';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { beginThread } from '../thread.ts';
import type { ReplayFailure, ReplayOutcome, ReplayRequest, ReplaySettings } from './replay.worker.ts';
import type { Place, Replay, ReplayAnswer, ReplayKind, Replays } from './replays.ts';

/** The most replays that wait for their turn. */
export const MOST_WAITING = 100;
const WAIT_MS = 30_000;
/** The pause after one thread died, before the next one may begin. */
const RESTART_MS = 1_000;
const CLOSE_MS = 2_000;
/** For each replay it holds a page of 1 MB, a state, and up to 1,000 counters of a series. */
const HEAP = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };

const replayed = new Counter({
  name: 'ledger_replayed_events_total',
  help: 'Events that were replayed for past moments, series and proofs',
  registers: [metrics],
});
const deaths = new Counter({
  name: 'ledger_replay_thread_ends_total',
  help: 'Ends of the thread that replays, by themselves: another one begins with the next question',
  registers: [metrics],
});

interface Asked {
  resolve(answer: ReplayAnswer): void;
  reject(error: Error): void;
}

/**
 * The thread begins with the first question. If it dies, its questions are refused with 503, and another one begins.
 */
export class ReplayThread {
  private worker: Worker | undefined;
  private readonly asked = new Map<number, Asked>();
  private readonly waiting = new Set<() => void>();
  private running = 0;
  private last = 0;
  private closing = false;
  private mayBeginAt = 0;

  constructor(
    private readonly settings: ReplaySettings,
    private readonly logger: Pick<Logger, 'debug' | 'warn' | 'error'>,
  ) {}

  /** @throws what the thread throws; 429 where too many wait, 503 where one waits too long or there is no thread */
  async ask<Kind extends ReplayKind>(
    kind: Kind,
    asked: Place & Replays[Kind]['asked'],
    work: WorkElsewhere,
  ): Promise<Replays[Kind]['answer']> {
    await this.turn(work.signal);
    try {
      return await this.pass({ kind, ...asked } as unknown as Replay, work);
    } finally {
      const [next] = this.waiting;
      if (next) next();
      else this.running -= 1;
    }
  }

  async close(): Promise<void> {
    this.closing = true;
    const { worker } = this;
    if (!worker) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.post(worker, 'close');
    await Promise.race([ended, pause(CLOSE_MS, undefined, { ref: false })]);
    await worker.terminate();
  }

  /** Resolves when one more may run. */
  private turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.running < this.settings.connections) {
      this.running += 1;
      return Promise.resolve();
    }
    if (this.waiting.size >= MOST_WAITING) {
      throw tooManyRequests(5, `At most ${MOST_WAITING} looks into the past wait for their turn on this replica.`);
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(late);
        signal.removeEventListener('abort', stop);
        this.waiting.delete(go);
      };
      const go = (): void => (leave(), resolve());
      const stop = (): void => (leave(), reject(signal.reason as Error));
      const late = setTimeout(() => {
        leave();
        reject(unavailable('Too many look into the past at the moment.'));
      }, WAIT_MS);
      signal.addEventListener('abort', stop, { once: true });
      this.waiting.add(go);
    });
  }

  private async pass(replay: Replay, { costLimit, advice, signal }: WorkElsewhere): Promise<ReplayAnswer> {
    const worker = this.worker ?? this.begin();
    const id = (this.last += 1);
    // The thread still answers, between two pages of events. Until then the replay counts as running.
    const abandon = (): void => this.post(worker, { abandoned: id });
    signal.addEventListener('abort', abandon, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.asked.set(id, { resolve, reject });
        this.post(worker, { id, replay, costLimit, advice });
      });
    } finally {
      signal.removeEventListener('abort', abandon);
    }
  }

  private post(worker: Worker, request: ReplayRequest): void {
    worker.postMessage(request);
  }

  private begin(): Worker {
    if (this.closing || performance.now() < this.mayBeginAt) throw gone();
    const worker = beginThread('history/replay.worker', {
      name: 'replay',
      workerData: this.settings,
      resourceLimits: HEAP,
    });
    worker.on('message', (outcome: ReplayOutcome) => this.answered(worker, outcome));
    worker.on('error', (error) => this.logger.error(error, 'the thread that replays failed'));
    worker.once('exit', (code) => this.ended(code));
    return (this.worker = worker);
  }

  private answered({ threadId }: Worker, outcome: ReplayOutcome): void {
    if ('warning' in outcome) return this.logger.warn(outcome.warning);
    const { id, events, answer, failure } = outcome;
    replayed.inc(events);
    this.logger.debug({ events, threadId }, 'replayed');
    const asked = this.asked.get(id);
    this.asked.delete(id);
    if (failure) asked?.reject(errorOf(failure));
    else asked?.resolve(answer!);
  }

  private ended(code: number): void {
    this.worker = undefined;
    this.mayBeginAt = performance.now() + RESTART_MS;
    for (const { reject } of this.asked.values()) reject(gone());
    this.asked.clear();
    if (this.closing) return;
    deaths.inc();
    this.logger.error({ code }, 'the thread that replays ended, another one begins with the next question');
  }
}

const gone = (): ProblemError => unavailable('The thread that looks into the past begins anew.');

function errorOf(failure: ReplayFailure): Error {
  if ('status' in failure) return new ProblemError(failure.status, failure.about);
  const { message, code, stack } = failure;
  return Object.assign(new Error(message), { code, stack });
}
