// One thread of a process for work that may take longer than milliseconds. The event loop stays free, and the thread
// has a low priority. It starts when it is first needed, and again after it died.
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { metrics } from './metrics.ts';
import { ProblemError, unavailable } from './problem.ts';
import type { FromThread, ToThread } from './thread.work.ts';

/** A job that needs too much memory ends the thread, not the process. Unit: MB. */
const HEAP = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };
/** Under a test the source is run, and Node strips its types. */
const SOURCE_OPTIONS = { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] };

const jobs = new Counter({
  name: 'background_jobs_total',
  help: 'Work that was done in the background thread',
  registers: [metrics],
});

/** Answers a job's question. */
type Tell = (question: never) => Promise<unknown>;

interface Waiting extends PromiseWithResolvers<unknown> {
  tell: Tell;
}

export class BackgroundThread {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  /** @param entry its module, which calls `serveThread` */
  constructor(
    private readonly entry: URL,
    private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /** @throws ProblemError as the job has it; what `tell` throws; the signal's reason; 503 if the thread died */
  async ask<Result>(input: unknown, signal: AbortSignal, tell: Tell): Promise<Result> {
    signal.throwIfAborted();
    const id = (this.last += 1);
    const waiting: Waiting = { ...Promise.withResolvers<unknown>(), tell };
    const gone = (): void => waiting.reject(signal.reason);
    signal.addEventListener('abort', gone);
    this.waiting.set(id, waiting);
    jobs.inc();
    try {
      this.post({ id, input });
      return (await waiting.promise) as Result;
    } finally {
      signal.removeEventListener('abort', gone);
      if (this.waiting.delete(id)) this.post({ id, ends: true });
    }
  }

  async stop(): Promise<void> {
    await this.worker?.terminate();
  }

  private post(message: ToThread): void {
    this.worker ??= this.begin();
    this.worker.postMessage(message);
  }

  private begin(): Worker {
    const isSource = this.entry.pathname.endsWith('.ts');
    const worker = new Worker(this.entry, { resourceLimits: HEAP, ...(isSource && SOURCE_OPTIONS) });
    worker.on('message', (message: FromThread) => this.take(message));
    worker.on('error', (error) => this.logger.error({ err: error }, 'the background thread failed'));
    worker.once('exit', () => this.ended(worker));
    // A process that has nothing else to do may end.
    worker.unref();
    return worker;
  }

  private take(message: FromThread): void {
    const { id } = message;
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    if ('wants' in message)
      return void waiting
        .tell(message.wants as never)
        .then((told) => this.waiting.has(id) && this.post({ id, told }), waiting.reject);
    this.waiting.delete(id);
    if ('result' in message) waiting.resolve(message.result);
    else if ('problem' in message) waiting.reject(new ProblemError(message.problem.status, message.problem.about));
    else waiting.reject(new Error(`in the background thread: ${message.failed}`));
  }

  private ended(worker: Worker): void {
    if (this.worker === worker) this.worker = undefined;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) reject(unavailable('The thread that judges ended; it begins anew.'));
  }
}
