// Postgres and Kafka of the run's own. It may kill these processes, and starts them again with their data.
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningServer, ServerOptions } from '../infrastructure/running.server.ts';
import { expectJavaAndJars } from '../infrastructure/kafka.jars.ts';
import { startKafka } from '../infrastructure/kafka.server.ts';
import { startPostgres } from '../infrastructure/postgres.server.ts';
import { removeData } from '../infrastructure/postgres.user.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { owe } from '../processes/watchdog.ts';
import { Disk } from './disk.ts';

const STARTS = 10;

/** A Postgres or a Kafka. */
export class OwnServer {
  /** The file system with its data. */
  readonly disk: Disk;
  readonly #start: () => Promise<RunningServer>;
  #running: RunningServer;
  #alive = true;

  static async start(
    begin: (options: ServerOptions) => Promise<RunningServer>,
    { folder, say }: { folder: string; say: (line: string) => void },
  ): Promise<OwnServer> {
    const disk = new Disk(folder);
    const start = (): Promise<RunningServer> => begin({ folder, say, kept: true });
    return new OwnServer(start, await start(), disk);
  }
  private constructor(start: () => Promise<RunningServer>, running: RunningServer, disk: Disk) {
    this.#start = start;
    this.#running = running;
    this.disk = disk;
    this.#watch();
  }

  get running(): boolean {
    return this.#alive;
  }
  /** Resolves when the present process has ended. */
  get exited(): Promise<string> {
    return this.#running.exited!;
  }

  /** Like `RunningServer.address`. It changes with each start. */
  get address(): string {
    return this.#running.address;
  }
  /** Ends the process by this signal, which leaves it no time to clean up, and waits until it is gone. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    process.kill(this.#running.processId!, signal);
    await this.#running.exited;
  }
  /** Starts it again on its data. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#running = await this.#start();
        this.#watch();
        return;
      } catch (error) {
        // A former child may still be ending, and Postgres refuses to start beside it.
        if (attempt === STARTS) throw error;
        await pause(500);
      }
    }
  }
  async stop(): Promise<void> {
    await this.#running.stop();
    this.disk.unmount();
  }

  #watch(): void {
    const running = this.#running;
    this.#alive = true;
    void running.exited?.then(() => {
      if (running === this.#running) this.#alive = false;
    });
  }
}

export interface OwnServers {
  readonly postgres: OwnServer;
  readonly kafka: OwnServer;
}

/** Starts both in a folder that is deleted with the run, with the settings of `npm start`. */
export async function startOwnServers(lifetime: Lifetime, say: (line: string) => void): Promise<OwnServers> {
  expectJavaAndJars();
  const folder = mkdtempSync(join(tmpdir(), 'voucher-faults-'));
  chmodSync(folder, 0o755); // Postgres may run as another user
  const clear = owe({ folder });
  lifetime.defer(() => {
    removeData(folder);
    clear();
  });
  const started = async (name: string, begin: typeof startKafka): Promise<OwnServer> => {
    const server = await OwnServer.start(begin, { folder: join(folder, name), say });
    lifetime.defer(() => server.stop());
    return server;
  };
  const [postgres, kafka] = await Promise.all([started('p', startPostgres), started('k', startKafka)]);
  return { postgres, kafka };
}
