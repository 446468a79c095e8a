// Postgres and Kafka in containers, if a Docker engine answers. Kept data are in named volumes.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { GenericContainer, StartedTestContainer } from 'testcontainers';
import { freePorts } from '../processes/ports.ts';
import { owe } from '../processes/watchdog.ts';
import { asVariables, secured } from './kafka.security.ts';
import { postgresPassword } from './password.ts';
import type { RunningServer, ServerOptions } from './running.server.ts';

const POSTGRES = 'postgres:18';
const KAFKA = 'apache/kafka:4.2.0';
const ENGINE_ANSWERS_WITHIN_MS = 5_000;
const CONNECTED_WITHIN_MS = 60_000;

/** Starts servers in containers; undefined if no engine answers. */
export async function startContainers(
  options: ServerOptions,
): Promise<{ postgres: () => Promise<RunningServer>; kafka: () => Promise<RunningServer> } | undefined> {
  const library = await import('testcontainers');
  if (!(await engineAnswers(library))) return undefined;
  return { postgres: () => postgres(library, options), kafka: () => kafka(library, options) };
}

/** Deletes the volumes of a data folder, if there are any. */
export function removeVolumes(folder: string): void {
  spawnSync('docker', ['volume', 'rm', '--force', volumeOf(folder, 'postgres'), volumeOf(folder, 'kafka')], {
    stdio: 'ignore',
  });
}

type Testcontainers = typeof import('testcontainers');

async function engineAnswers({ getContainerRuntimeClient }: Testcontainers): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<false>(
    (resolve) => (timer = setTimeout(() => resolve(false), ENGINE_ANSWERS_WITHIN_MS)),
  );
  const answer = getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
  return Promise.race([answer, patience]).finally(() => clearTimeout(timer));
}

async function postgres({ GenericContainer, Wait }: Testcontainers, options: ServerOptions): Promise<RunningServer> {
  const { folder, kept, say } = options;
  say(`Postgres: starting ${POSTGRES} in a container (fetched once)`);
  const password = postgresPassword(folder);
  const unsafe = kept ? [] : ['-c', 'fsync=off', '-c', 'full_page_writes=off'];
  const container = new GenericContainer(POSTGRES)
    .withEnvironment({ POSTGRES_PASSWORD: password })
    .withCommand([
      'postgres',
      '-c',
      'listen_addresses=*',
      '-c',
      'max_connections=200',
      '-c',
      'max_wal_size=2GB',
      ...unsafe,
    ])
    .withExposedPorts(5432)
    .withSharedMemorySize(256 * 1024 * 1024)
    // At its first start the image makes the cluster with a temporary server that listens on no address. The library's
    // own port checks would run three commands in the container every 100 ms, while Kafka starts on the same machine.
    .withWaitStrategy(Wait.forLogMessage(/listening on IPv4 address "0\.0\.0\.0", port 5432/));
  if (kept) container.withBindMounts([{ source: volumeOf(folder, 'postgres'), target: '/var/lib/postgresql' }]);
  const started = await startOwed(container);
  const address = `postgres://postgres:${password}@${started.host}:${started.container.getMappedPort(5432)}/postgres`;
  await untilConnected(address);
  return { address, stop: started.stop };
}

/** Waits for a connection, since Postgres listens a moment before it accepts any. */
async function untilConnected(address: string): Promise<void> {
  const until = performance.now() + CONNECTED_WITHIN_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (performance.now() > until) throw error;
      await pause(100);
    }
  }
}

async function kafka({ GenericContainer, Wait }: Testcontainers, options: ServerOptions): Promise<RunningServer> {
  const { folder, kept, say, kafkaPasswords } = options;
  say(`Kafka: starting ${KAFKA} in a container (fetched once)`);
  const [port] = (await freePorts(1)) as [number]; // known beforehand, since the broker sends it to its clients
  const container = new GenericContainer(KAFKA)
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'HOST://0.0.0.0:9092,CONTROLLER://localhost:9093',
      KAFKA_ADVERTISED_LISTENERS: `HOST://localhost:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'HOST:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'HOST',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_LOG_DIRS: '/var/lib/kafka/data',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_HEAP_OPTS: '-Xmx512m -Xms256m',
      // A short-lived broker spends most of its time compiling. This halves its start (measured on two busy cores).
      ...(!kept && { KAFKA_OPTS: '-XX:TieredStopAtLevel=1' }),
      ...(kafkaPasswords && asVariables(secured(['HOST', 'CONTROLLER'], kafkaPasswords))),
    })
    .withExposedPorts({ container: 9092, host: port })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/));
  if (kept) container.withBindMounts([{ source: volumeOf(folder, 'kafka'), target: '/var/lib/kafka/data' }]);
  const { stop } = await startOwed(container);
  return { address: `localhost:${port}`, stop };
}

async function startOwed(container: GenericContainer) {
  const started: StartedTestContainer = await container.withStartupTimeout(120_000).start();
  const clear = owe({ container: started.getId() });
  const stop = async () => {
    await started.stop({ timeout: 15_000 });
    clear();
  };
  return { container: started, host: started.getHost(), stop };
}

const volumeOf = (folder: string, server: string): string =>
  `voucher-platform-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}-${server}`;
