// A service's own Postgres database. It is created if missing and migrated under a lock. The service waits for it.
import { setTimeout as pause } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import pg from 'pg';
import type { Logger } from 'pino';
import { DataSource, type DataSourceOptions, type EntityManager } from 'typeorm';
import { applyGrants, type Grants } from './grants.ts';
import { LOGGER } from './logging.ts';
import { persistently } from './persistence.ts';
import { unavailable } from './problem.ts';
import { Readiness } from './readiness.ts';
import { ServiceSettings } from './settings.ts';

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** The tables of a service. `migrations` run in order of the time in their names. */
export interface DatabaseOptions {
  entities: NonNullable<PostgresOptions['entities']>;
  migrations: NonNullable<PostgresOptions['migrations']>;
  grants: Grants;
  /** The role that gets the grants. Default: the service's login. */
  grantee?: string;
  /** The number of connections in the pool. Default 10. */
  poolSize?: number;
}

export const DATABASE_OPTIONS = Symbol('DATABASE_OPTIONS');
/** A request that waits longer for a lock is answered 503, so that its connection is free again. */
const SESSION = '-c lock_timeout=5s';
/** Two replicas that start at once migrate one after the other. */
const MIGRATION_LOCK = 0x766f7563;
const MIGRATION_LOCK_RETRY_MS = 250;
/** A statement that waits longer for a lock fails, because it blocks other statements. Its migration is tried again. */
const MIGRATION_SESSION = '-c lock_timeout=10s';
/** The longest wait for a lock, which a report or backup may hold. Then the migration fails and a person must look. */
const MIGRATION_PATIENCE_MS = 15 * 60 * 1_000;
/** The pause before the next try, in which blocked statements can run. */
const MIGRATION_REST_MS = 1_000;
/** The error codes lock_not_available and deadlock_detected. The migration is tried again after these. */
const PASSING = new Set(['55P03', '40P01']);
/**
 * The longest wait for a connection. Postgres may still be starting, and services do not start if a migration fails.
 */
const MIGRATION_CONNECT_MS = 10_000;

@Injectable()
export class Database implements OnApplicationBootstrap, OnApplicationShutdown {
  /** It is initialised when `whenReady` resolves. */
  readonly source: DataSource;
  private readonly stopping = new AbortController();
  private readonly settled = Promise.withResolvers<void>();

  constructor(
    @Inject(ServiceSettings) private readonly settings: ServiceSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions,
    readiness: Readiness,
  ) {
    this.source = dataSource(settings.databaseUrl, options);
    this.settled.promise.catch(() => undefined);
    readiness.add('postgres', async () => {
      await this.manager.query('SELECT 1');
    });
  }

  onApplicationBootstrap(): void {
    // This is not awaited, so that the service listens while Postgres is away. It is alive, but not ready.
    persistently(() => this.open(), { name: 'Postgres', logger: this.logger, signal: this.stopping.signal }).then(
      () => this.settled.resolve(),
      (error: unknown) => this.settled.reject(error),
    );
  }

  /** Resolves when the database is connected and migrated. Rejects if the service stops before that. */
  whenReady(): Promise<void> {
    return this.settled.promise;
  }

  /** TypeORM's manager. @throws 503 before the first connection to Postgres */
  get manager(): EntityManager {
    if (!this.source.isInitialized) throw unavailable('Postgres is away.');
    return this.source.manager;
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the service stops'));
    if (this.source.isInitialized) await this.source.destroy();
  }

  private async open(): Promise<void> {
    if (this.settings.migrate === 'start')
      await migrate(this.settings, this.options, {
        onWait: (reason) => this.logger.warn(`a migration waits for a lock: ${reason}`),
        signal: this.stopping.signal,
      });
    if (!this.source.isInitialized) await this.source.initialize();
  }
}

/** Gives a service its `Database`. */
@Module({})
export class DatabaseModule {
  static with(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [Database, { provide: DATABASE_OPTIONS, useValue: options }],
      exports: [Database],
    };
  }
}

function dataSource(url: string, options: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: options.entities,
    migrations: options.migrations,
    poolSize: options.poolSize ?? 10,
    connectTimeoutMS: 2_000,
    extra: { options: SESSION, keepAlive: true },
    // TypeORM would log queries, which have personal data. The problem filter logs errors.
    logging: false,
  });
}

export interface Waiting {
  /** Called with the reason each time a migration cannot get a lock. */
  onWait: (reason: string) => void;
  /** Ends the wait. */
  signal?: AbortSignal;
}

/**
 * Creates the database if it is missing, migrates it, and gives the service's login its rights, one process at a time.
 * A migration that cannot get a lock is tried again. @returns the migrations that ran
 */
export async function migrate(
  { databaseUrl: url, login }: Pick<ServiceSettings, 'databaseUrl' | 'login'>,
  { entities, migrations, grants, grantee = login }: DatabaseOptions,
  { onWait, signal }: Waiting,
): Promise<string[]> {
  const options = { entities, migrations };
  await createDatabase(url);
  const lock = new pg.Client({ connectionString: url, connectionTimeoutMillis: MIGRATION_CONNECT_MS });
  await lock.connect();
  try {
    await becomeMigrator(lock);
    const before = await namesOfDone(lock);
    const until = Date.now() + MIGRATION_PATIENCE_MS;
    while (!(await isDone(url, options, Date.now() < until ? onWait : undefined)))
      await pause(MIGRATION_REST_MS, undefined, { signal });
    await applyGrants(lock, grantee, grants);
    return (await namesOfDone(lock)).slice(before.length);
  } finally {
    await lock.end();
  }
}

/** Returns false after calling `onWait` if a lock was not available. The migrations before that one stay done. */
async function isDone(
  url: string,
  options: Pick<PostgresOptions, 'entities' | 'migrations'>,
  onWait: Waiting['onWait'] | undefined,
): Promise<boolean> {
  const extra = { options: MIGRATION_SESSION };
  const source = new DataSource({ type: 'postgres', url, ...options, extra, logging: false, poolSize: 1 });
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'each' });
    return true;
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    if (!PASSING.has(code) || !onWait) throw error;
    onWait(message);
    return false;
  } finally {
    await source.destroy();
  }
}

/** The names of the migrations that ran, oldest first. */
async function namesOfDone(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ there: string | null }>(`SELECT to_regclass('migrations') AS there`);
  if (rows[0]!.there === null) return [];
  return (await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY id')).rows.map(({ name }) => name);
}

/**
 * Waits until no other process migrates. It polls, because a statement that waits for the lock holds a snapshot, and
 * CREATE INDEX CONCURRENTLY in the other process would wait for that snapshot for ever.
 */
async function becomeMigrator(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      MIGRATION_LOCK,
    ]);
    if (rows[0]!.taken) return;
    await pause(MIGRATION_LOCK_RETRY_MS);
  }
}

/** Creates the database that `url` names if it does not exist. */
export async function createDatabase(url: string): Promise<void> {
  const server = new URL(url);
  const name = decodeURIComponent(server.pathname.slice(1));
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.href, connectionTimeoutMillis: MIGRATION_CONNECT_MS });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    const { code } = error as { code?: string };
    // 42P04, 23505: another process created it in the meantime.
    if (code !== '42P04' && code !== '23505') throw error;
  } finally {
    await client.end();
  }
}
