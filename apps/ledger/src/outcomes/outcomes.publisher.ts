// Passes outcomes from the deciding thread to the publishing thread.
import { AckUnknown, NotSent } from '@vouchers/messaging';
import { beginThread } from '@vouchers/service';
import type { Logger } from 'pino';
import type { Worker } from 'node:worker_threads';
import { packOutcomes, type PublishedEvent } from './outcomes.message.ts';
import type { WorkerAnswer, WorkerRequest, WorkerSettings } from './outcomes.worker.ts';

interface Pending {
  resolve(): void;
  reject(error: Error): void;
}

const RESTART_MS = 1_000;

/**
 * Publishes outcomes in a thread. If the thread dies, this logs an error, is not alive for a while, and starts another.
 */
export class OutcomesPublisher {
  private worker: Worker | undefined;
  private readonly asked = new Map<number, Pending>();
  private last = 0;
  private closing = false;
  private restarting: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: WorkerSettings,
    private readonly logger: Logger,
  ) {}

  get alive(): boolean {
    return this.worker !== undefined;
  }

  /** Resolves when Kafka has all of them. A rejection means that it may have them. @param events of one partition */
  publish(events: readonly PublishedEvent[]): Promise<void> {
    const { worker } = this;
    if (!worker || this.closing) return Promise.reject(new NotSent('there is no thread that publishes'));
    const id = (this.last += 1);
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      const outcomes = packOutcomes(events);
      worker.postMessage({ id, outcomes } satisfies WorkerRequest, [outcomes.data.buffer]);
    });
  }

  /** Ends the thread when it has published everything that it was given. */
  async close(): Promise<void> {
    this.closing = true;
    clearTimeout(this.restarting);
    const { worker } = this;
    if (!worker) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage('close' satisfies WorkerRequest);
    await ended;
  }

  /** Starts the thread. It connects to Kafka itself. */
  start(): void {
    if (this.closing) return;
    const worker = beginThread(new URL('./outcomes.worker', import.meta.url), { workerData: this.settings });
    worker.on('message', (answer: WorkerAnswer) => this.answered(answer));
    worker.on('error', (error) => this.logger.error(error, 'the thread that publishes outcomes failed'));
    worker.once('exit', (code) => this.ended(code));
    this.worker = worker;
  }

  private answered(answer: WorkerAnswer): void {
    if ('log' in answer) return this.logger[answer.log](answer.fields, answer.message);
    const { id, error } = answer;
    const asked = this.asked.get(id);
    this.asked.delete(id);
    if (error === undefined) asked?.resolve();
    else asked?.reject(new AckUnknown(error));
  }

  private ended(code: number): void {
    this.worker = undefined;
    for (const { reject } of this.asked.values()) reject(new AckUnknown('the thread that publishes is gone'));
    this.asked.clear();
    if (this.closing) return;
    this.logger.error({ code }, 'the thread that publishes outcomes ended, another one begins');
    this.restarting = setTimeout(() => this.start(), RESTART_MS);
  }
}
