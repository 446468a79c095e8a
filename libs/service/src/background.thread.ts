// One thread of a process for work that may take longer than milliseconds. The event loop stays free, and the thread
// has a low priority. It starts when it is first needed. If it dies, its jobs are refused with 503, and the next job
// starts another one.
import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { metrics } from './metrics.ts';
import { ProblemError, unavailable } from './problem.ts';
import type { Failure, FromThread, ToThread } from './thread.work.ts';
import type { Turns } from './turns.ts';
import { beginThread } from './worker.ts';

/** A job that needs too much memory ends the thread, not the process. Unit: MB. */
const HEAP = { oldMb: 128, youngMb: 16 };
/** The pause after one thread died, before the next one may begin. */
const RESTART_MS = 1_000;
const CLOSE_MS = 2_000;

const jobs = new Counter({
  name: 'background_jobs_total',
  help: 'Work that was done in the background thread',
  registers: [metrics],
});

export interface ThreadOptions {
  /** The thread's module without the file extension. The module calls `serveThread`. */
  entry: URL;
  /** The thread's work as a verb, as in "the thread that replays". */
  does: string;
  /** The thread's `workerData`. */
  data?: unknown;
  /** The memory of the thread. Default: 128 and 16 MB. */
  heap?: { oldMb: number; youngMb: number };
  /** Counts unexpected ends of the thread. */
  ends: Pick<Counter, 'inc'>;
  /** Receives messages of the thread that are no answers to a job. */
  hears?: (said: never) => void;
}

/** The terms of one job. */
export interface JobTerms {
  /** Aborts when the caller goes. */
  signal: AbortSignal;
  turns: Turns;
  /** Answers the job's questions. */
  tell?: (question: never) => Promise<unknown>;
}

interface Asked extends PromiseWithResolvers<unknown>, Pick<JobTerms, 'tell'> {}

export class BackgroundThread {
  private worker: Worker | undefined;
  private readonly asked = new Map<number, Asked>();
  private last = 0;
  private closing = false;
  private mayBeginAt = 0;

  constructor(
    private readonly options: ThreadOptions,
    private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /**
   * @throws the error of the job or of `tell`; 429 or 503 of `turns`; 503 if there is no thread; the signal's reason
   */
  async ask<Result>(input: unknown, { signal, turns, tell }: JobTerms): Promise<Result> {
    return turns.take(signal, () => this.pass(input, signal, tell)) as Promise<Result>;
  }

  async close(): Promise<void> {
    this.closing = true;
    const { worker } = this;
    if (!worker) return;
    worker.ref();
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    post(worker, 'close');
    await Promise.race([ended, pause(CLOSE_MS, undefined, { ref: false })]);
    await worker.terminate();
  }

  private async pass(input: unknown, signal: AbortSignal, tell: JobTerms['tell']): Promise<unknown> {
    const worker = this.worker ?? this.begin();
    const id = (this.last += 1);
    // The thread answers when it has finished its present part. Until then the job keeps its turn.
    const abandon = (): void => post(worker, { id, ends: true });
    signal.addEventListener('abort', abandon, { once: true });
    const asked: Asked = { ...Promise.withResolvers<unknown>(), tell };
    this.asked.set(id, asked);
    jobs.inc();
    try {
      post(worker, { id, input });
      return await asked.promise;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      this.asked.delete(id);
      signal.removeEventListener('abort', abandon);
    }
  }

  private begin(): Worker {
    if (this.closing || performance.now() < this.mayBeginAt) throw this.gone();
    const { entry, does, data, heap: { oldMb, youngMb } = HEAP } = this.options;
    const resourceLimits = { maxOldGenerationSizeMb: oldMb, maxYoungGenerationSizeMb: youngMb };
    const worker = beginThread(entry, { name: does, workerData: data, resourceLimits });
    worker.on('message', (message: FromThread) => this.take(worker, message));
    worker.on('error', (error) => this.logger.error(error, `the thread that ${does} failed`));
    worker.once('exit', (code) => this.ended(code));
    // The thread does not keep a process alive that has nothing else to do.
    worker.unref();
    return (this.worker = worker);
  }

  private take(worker: Worker, message: FromThread): void {
    if ('says' in message) return this.options.hears?.(message.says as never);
    const { id } = message;
    const asked = this.asked.get(id);
    if (!asked) return;
    if ('wants' in message) return void this.tell(worker, id, message.wants, asked);
    if ('failure' in message) asked.reject(errorOf(message.failure));
    else asked.resolve(message.result);
  }

  /** Answers a job's question. A job without an answer ends. */
  private async tell(worker: Worker, id: number, question: unknown, { tell, reject }: Asked): Promise<void> {
    try {
      post(worker, { id, told: await tell?.(question as never) });
    } catch (error) {
      reject(error);
      post(worker, { id, ends: true });
    }
  }

  private ended(code: number): void {
    this.worker = undefined;
    this.mayBeginAt = performance.now() + RESTART_MS;
    for (const { reject } of this.asked.values()) reject(this.gone());
    this.asked.clear();
    if (this.closing) return;
    const { ends, does } = this.options;
    ends.inc();
    this.logger.error({ code }, `the thread that ${does} ended, the next job begins another one`);
  }

  private gone(): ProblemError {
    return unavailable(`The thread that ${this.options.does} begins anew.`);
  }
}

const post = (worker: Worker, message: ToThread): void => worker.postMessage(message);

function errorOf(failure: Failure): Error {
  if ('status' in failure) return new ProblemError(failure.status, failure.about);
  const { message, code, stack } = failure;
  return Object.assign(new Error(message), { code, stack });
}
