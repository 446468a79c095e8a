import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';

const MAX_PAUSE_MS = 5_000;

export interface Persistence {
  /** The name in the log of the thing to wait for, such as `Postgres` or `Kafka`. */
  name: string;
  logger: Pick<Logger, 'info' | 'warn'>;
  signal?: AbortSignal;
}

/**
 * Tries until it works, so that a service waits for its servers instead of ending. Rejects only when `signal` aborts.
 */
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

export interface Repetition {
  everyMs: number;
  /** The pause after a failure. Default `everyMs`. */
  afterFailureMs?: number;
  signal: AbortSignal;
  onFailure: (error: Error) => void;
}

/** Repeats work until `signal` aborts, then resolves when the last run has ended. It does not keep a process alive. */
export async function repeatedly(
  work: () => Promise<void>,
  { everyMs, afterFailureMs = everyMs, signal, onFailure }: Repetition,
): Promise<void> {
  while (!signal.aborted) {
    let pauseMs = everyMs;
    try {
      await work();
    } catch (error) {
      onFailure(error as Error);
      pauseMs = afterFailureMs;
    }
    await setTimeout(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

const pause = async (ms: number, signal?: AbortSignal): Promise<void> => {
  await setTimeout(ms, undefined, { signal }).catch(() => signal?.throwIfAborted());
};
