// The lifetime of a command. At the end, everything that it has started is stopped in reverse order.
import { once } from 'node:events';
import { constants } from 'node:os';
import { Hint } from './hint.ts';

const ECHO_MS = 1_000;

type Stop = () => Promise<unknown> | unknown;

export class Lifetime {
  readonly #stops: Stop[] = [];
  readonly #abort = new AbortController();
  #ending: Promise<void> | undefined;
  /** Whether a signal is the usual end, and the exit code then 0. */
  endsBySignal = false;

  /** Aborted when the command should stop. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Calls `stop` at the end. The last one deferred is the first one called. During the end it is called at once. */
  defer(stop: Stop): void {
    if (this.#ending) void Promise.resolve(stop()).catch(complain);
    else this.#stops.push(stop);
  }

  /** Waits for the end. Returns the exit code of a command that has nothing else to do. */
  async ended(): Promise<number> {
    if (!this.signal.aborted) await once(this.signal, 'abort');
    return 0;
  }

  /** Stops everything, once. Never throws: it prints what cannot be stopped, and leaves it to the watchdog. */
  end(): Promise<void> {
    this.#abort.abort();
    this.#ending ??= (async () => {
      for (let stop = this.#stops.pop(); stop; stop = this.#stops.pop())
        await Promise.resolve().then(stop).catch(complain);
    })();
    return this.#ending;
  }
}

/**
 * Runs a command and ends the process with its exit code. SIGINT, SIGTERM, SIGHUP and the end of the parent process end
 * it and stop everything that `main` has deferred. Another signal later ends it at once.
 */
export async function live(main: (lifetime: Lifetime) => Promise<number>): Promise<never> {
  const lifetime = new Lifetime();
  const stopped = new Promise<number>((resolve) => {
    let first = 0;
    const stop = (signal: NodeJS.Signals) => {
      const code = 128 + constants.signals[signal];
      first ||= performance.now();
      // A Ctrl-C comes several times: from the terminal, from npm, from run.mjs.
      if (performance.now() - first > ECHO_MS) process.exit(code);
      void lifetime.end().then(() => resolve(lifetime.endsBySignal ? 0 : code));
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    process.once('disconnect', () => stop('SIGTERM'));
    process.once('uncaughtException', (error) => {
      complain(error);
      void lifetime.end().then(() => resolve(1));
    });
  });
  const done = main(lifetime).catch((error: unknown) => {
    if (!lifetime.signal.aborted) complain(error);
    return 1;
  });
  // A failure that is only a result of the signal must not decide the exit code.
  const code = await Promise.race([stopped, done.then((result) => (lifetime.signal.aborted ? stopped : result))]);
  await lifetime.end();
  process.exit(code);
}

function complain(error: unknown): void {
  console.error(error instanceof Hint ? error.message : error);
}
