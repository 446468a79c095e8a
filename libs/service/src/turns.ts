// Limits work of one kind: only some of it runs at once, and only some waits, each for a limited time.
import { tooManyRequests, unavailable } from './problem.ts';

export interface TurnsOptions {
  atOnce: number;
  /** The most waiters. */
  mostWaiting: number;
  /** The longest wait for a turn. */
  waitMs: number;
  /** The work, as the subject of a sentence: "looks into the past". */
  what: string;
}

export class Turns {
  private readonly waiting = new Set<() => void>();
  private running = 0;

  constructor(private readonly options: TurnsOptions) {}

  /** @throws 429 if too many wait, 503 if the wait is too long, the signal's reason, or the error of `work` */
  async take<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    await this.begin(signal);
    try {
      return await work();
    } finally {
      const [next] = this.waiting;
      if (next) next();
      else this.running -= 1;
    }
  }

  /** Resolves when the work may run. */
  private begin(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { atOnce, mostWaiting, waitMs, what } = this.options;
    if (this.running < atOnce) {
      this.running += 1;
      return Promise.resolve();
    }
    if (this.waiting.size >= mostWaiting)
      throw tooManyRequests(5, `At most ${mostWaiting} ${what} wait for their turn on this replica.`);
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
        reject(unavailable(`Too many ${what} wait at the moment.`));
      }, waitMs);
      signal.addEventListener('abort', stop, { once: true });
      this.waiting.add(go);
    });
  }
}
