// One service as a process: started and awaited until ready, killed and started again.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT } from '../places.ts';
import { startProcess, type OwnedProcess } from '../processes/owned-process.ts';

/** The parts of a service process. */
export interface ServiceProcessOptions {
  readonly name: string;
  /** The file that Node runs at first. */
  readonly main: string;
  /** Where it listens, e.g. `http://localhost:3003`. */
  readonly url: string;
  /** The path that answers 200 once it is ready. */
  readonly health: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Told when the process ended without having been asked to; it is then started again. Without it, it stays dead. */
  readonly onDeath?: (how: string) => void;
}

// A service stays under 512 MB resident; the rest is the young generation, code, buffers. By itself V8 lets so small a
// heap grow by a third only before it marks all of it again.
const HEAP = ['--max-old-space-size=320', '--max-semi-space-size=16', '--heap-growing-percent=100'];
const READY_WITHIN_MS = 90_000;

export class ServiceProcess {
  readonly url: string;
  /** The file that Node runs at the next start. */
  main: string;
  readonly #options: ServiceProcessOptions;
  #process: OwnedProcess | undefined;
  #wanted = false;
  #deaths = 0;
  #peakBytes = 0;

  constructor(options: ServiceProcessOptions) {
    this.#options = options;
    this.url = options.url;
    this.main = options.main;
  }

  /** Starts the process; `ready` waits for it. */
  async start(): Promise<void> {
    this.#wanted = true;
    const { environment, logFile } = this.#options;
    const started = await startProcess({
      command: process.execPath,
      args: ['--enable-source-maps', ...HEAP, this.main],
      environment,
      directory: ROOT,
      logFile,
    });
    this.#process = started;
    void started.exited.then((how) => this.#ended(started, how));
  }

  /** Resolves when its health path says so. Throws with the log's end where the process dies first. */
  async ready(timeoutMs = READY_WITHIN_MS): Promise<void> {
    const { name, onDeath } = this.#options;
    const until = performance.now() + timeoutMs;
    while (!(await this.#isReady())) {
      if (!this.#process?.running && !onDeath) throw new Error(`${name} ended at its start\n${this.lastWords()}`);
      if (performance.now() > until)
        throw new Error(`${name} was not ready within ${timeoutMs / 1000} s\n${this.lastWords()}`);
      await pause(100);
    }
  }

  /** Ends it as an accident would, or as an operator does (SIGTERM), and waits until it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#readPeak();
    this.#wanted = Boolean(this.#options.onDeath);
    this.#process?.signal(signal);
    await this.#process?.exited;
  }

  /** Sends a signal without waiting, e.g. SIGSTOP. */
  signal(signal: NodeJS.Signals): void {
    this.#process?.signal(signal);
  }

  async stop(): Promise<void> {
    this.#readPeak();
    this.#wanted = false;
    await this.#process?.stop();
  }

  /** The highest resident memory that any of its processes has had. Unit: bytes; 0 where the system does not say. */
  peakResidentBytes(): number {
    this.#readPeak();
    return this.#peakBytes;
  }

  /** The id of the process that runs now; undefined if none does. */
  get processId(): number | undefined {
    return this.#process?.running ? this.#process.pid : undefined;
  }

  lastWords(): string {
    return this.#process?.lastWords() ?? '';
  }

  #ended(ended: OwnedProcess, how: string): void {
    const { onDeath } = this.#options;
    if (!this.#wanted || ended !== this.#process || !onDeath) return;
    onDeath(how);
    const delay = Math.min(10_000, 500 * 2 ** this.#deaths++);
    setTimeout(() => void (this.#wanted && ended === this.#process && this.start()), delay).unref();
    setTimeout(() => (this.#deaths = Math.max(0, this.#deaths - 1)), 60_000).unref();
  }

  async #isReady(): Promise<boolean> {
    const answer = await fetch(this.url + this.#options.health, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    await answer?.body?.cancel();
    return answer?.ok ?? false;
  }

  #readPeak(): void {
    if (!this.#process?.running) return;
    try {
      const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8'); // Linux only
      this.#peakBytes = Math.max(this.#peakBytes, 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      // another system, or it has just ended
    }
  }
}

/** The built entry file of an app, in this checkout or in the one at `root`. */
export const mainOf = (app: string, root = ROOT): string => join(root, 'apps', app, 'dist', 'main.js');
