// Provides Postgres and Kafka: given ones, else containers, else processes of this machine.
import { chmodSync, mkdirSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hint } from '../processes/hint.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { answers } from '../processes/ports.ts';
import { owe } from '../processes/watchdog.ts';
import { startContainers } from './containers.ts';
import { expectJavaAndJars } from './kafka.jars.ts';
import { startKafka } from './kafka.server.ts';
import { startPostgres } from './postgres.server.ts';
import { removeData } from './postgres.user.ts';
import type { RunningServer, ServerOptions } from './running.server.ts';

/** Addresses of Postgres and Kafka. */
export interface Infrastructure {
  readonly databaseUrl: string;
  /** Comma separated addresses. */
  readonly brokers: string;
  /** Whether the environment named the server. A run must then delete its own data on it. */
  readonly given: { readonly databaseUrl: boolean; readonly brokers: boolean };
  /** Ids of the processes that were started here. */
  readonly processIds: { readonly postgres?: number; readonly kafka?: number };
}

const LEAST_FREE_BYTES = 1_000_000_000;

/**
 * Finds or starts Postgres and Kafka in parallel. Servers that it starts end with `lifetime`.
 * @param folder of kept data; without it, the data are deleted with the run
 */
export async function startInfrastructure(
  lifetime: Lifetime,
  { folder, say }: { folder?: string; say: (line: string) => void },
): Promise<Infrastructure> {
  const { DATABASE_URL, KAFKA_BROKERS } = process.env;
  const given = { databaseUrl: Boolean(DATABASE_URL), brokers: Boolean(KAFKA_BROKERS) };
  await Promise.all([
    DATABASE_URL && expectAnswer('DATABASE_URL', addressIn(DATABASE_URL), 5432),
    KAFKA_BROKERS && expectAnswer('KAFKA_BROKERS', KAFKA_BROKERS.split(',')[0]!, 9092),
  ]);
  if (DATABASE_URL && KAFKA_BROKERS)
    return { databaseUrl: DATABASE_URL, brokers: KAFKA_BROKERS, given, processIds: {} };

  const options: ServerOptions = { folder: folder ?? throwawayFolder(lifetime), kept: folder !== undefined, say };
  mkdirSync(options.folder, { recursive: true });
  expectSpace(options.folder);
  const started = performance.now();
  const start = (await startContainers(options)) ?? processes(options, given);
  const server = async (name: string, begin: () => Promise<RunningServer>): Promise<RunningServer> => {
    const running = await begin();
    lifetime.defer(() => running.stop());
    void running.exited?.then(
      (how) => lifetime.signal.aborted || say(`${name} ended (${how}): stop this run and start again`),
    );
    return running;
  };
  const [postgres, kafka] = await Promise.all<Pick<RunningServer, 'address' | 'processId'>>([
    DATABASE_URL ? { address: DATABASE_URL } : server('Postgres', start.postgres),
    KAFKA_BROKERS ? { address: KAFKA_BROKERS } : server('Kafka', start.kafka),
  ]);
  lifetime.signal.throwIfAborted();
  say(`infrastructure up after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const processIds = { postgres: postgres!.processId, kafka: kafka!.processId };
  return { databaseUrl: postgres!.address, brokers: kafka!.address, given, processIds };
}

/** Checks for everything that is needed before anything starts, so that a person is told at once. */
function processes(options: ServerOptions, given: Infrastructure['given']) {
  if (!given.brokers) expectJavaAndJars();
  return { postgres: () => startPostgres(options), kafka: () => startKafka(options) };
}

function throwawayFolder(lifetime: Lifetime): string {
  const folder = mkdtempSync(join(tmpdir(), 'voucher-platform-'));
  chmodSync(folder, 0o755); // Postgres may run as another user
  const clear = owe({ folder });
  lifetime.defer(() => {
    removeData(folder);
    clear();
  });
  return folder;
}

function expectSpace(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < LEAST_FREE_BYTES)
    throw new Hint(`the disk is full: ${folder} has less than 1 GB left. Make room, or set DATA_DIR to another disk`);
}

function addressIn(databaseUrl: string): string {
  const { protocol, host } = URL.parse(databaseUrl) ?? {};
  if (!host || !protocol?.startsWith('postgres'))
    throw new Hint('DATABASE_URL is postgres://user:password@host:port/name');
  return host;
}

/** Throws a Hint if nothing listens at the address that a variable names. */
async function expectAnswer(variable: string, address: string, standardPort: number): Promise<void> {
  const { hostname = '', port } = URL.parse(`tcp://${address}`) ?? {};
  if (!(await answers(Number(port) || standardPort, hostname.replace(/^\[|\]$/g, ''))))
    throw new Hint(`nothing answers at ${address}: start it, or leave ${variable} unset to have one started here`);
}
