import type { Logger } from 'pino';

const MAX_PAUSE_MS = 5_000;

export interface Persistence {
  /** What is waited for, as the log names it: `Postgres`, `Kafka`. */
  name: string;
  logger: Pick<Logger, 'info' | 'warn'>;
  signal?: AbortSignal;
}

/** Tries until it works: a service waits for what is not there yet rather than die. Rejects only when `signal` aborts. */
export async function persistently<T>(attempt: () => Promise<T>, { name, logger, signal }: Persistence): Promise<T> {
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    signal?.throwIfAborted();
    try {
      const result = await attempt();
      if (pauseMs > 100) logger.info(`${name} is there`);
      return result;
    } catch (error) {
      signal?.throwIfAborted();
      logger.warn(`waiting for ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    await pause(pauseMs, signal);
  }
}

const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
