// The services as child processes: the one way that start, dev, demo and the end-to-end tests run them.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIGRATOR, perService, SERVICE_NAMES, SERVICES, type ServiceName } from '@vouchers/contracts';
import { createDatabases } from '../infrastructure/databases.ts';
import { asLogin } from '../infrastructure/logins.ts';
import { AUDIENCE } from '../issuer/signing-key.ts';
import { freePorts } from '../processes/ports.ts';
import { migrateAll } from './migrations.ts';
import { mainOf, ServiceProcess } from './service-process.ts';

/** The options of all services of a run. */
export interface ServicesOptions {
  /** A superuser's; logins and databases are made with it. A service gets the address for its own login. */
  readonly databaseUrl: string;
  /** Comma separated. */
  readonly brokers: string;
  readonly issuerUrl: string;
  /** The client-credentials client of every service that asks the ledger. */
  readonly client: { readonly id: string; readonly secret: string };
  readonly namespace: string;
  /** Free ones where not given. */
  readonly ports?: Partial<Record<ServiceName, number>>;
  /** Settings beside those. */
  readonly environment?: Record<string, string>;
  readonly environmentOf?: Partial<Record<ServiceName, Record<string, string>>>;
  /** Which of them run; all by default. */
  readonly only?: readonly ServiceName[];
  /** Another checkout whose build is run, as a superuser. By default this one is run, with a login per service. */
  readonly root?: string;
  /** Another checkout with whose build and migrations this run begins. `migrate` and `upgrade` go on with this one's. */
  readonly former?: string | undefined;
  /** Where `<service>.log` are written: LOG_DIR, else a new folder under the system's temporary one. */
  readonly logDir?: string;
  /** Ends the start before its time. */
  readonly signal?: AbortSignal;
  /** Given the function that ends them, before the first is started. */
  readonly onStarted?: (stop: () => Promise<void>) => void;
  /** Told when a service died; it is then started again. Without it, it stays dead until `restart`. */
  readonly onDeath?: (name: ServiceName, how: string) => void;
}

/** Running services. */
export interface Services {
  readonly urls: Readonly<Record<ServiceName, string>>;
  readonly logDir: string;
  /** The environment variables that each was given by this run. */
  readonly settings: Readonly<Record<ServiceName, Record<string, string>>>;
  /** The address for the login that owns the tables. Only migrations and rebuilds use it. */
  readonly ownerUrl: string;
  /** Ends one, by SIGKILL if not told otherwise, and waits until it is gone. */
  kill(name: ServiceName, signal?: NodeJS.Signals): Promise<void>;
  /** Sends one a signal without waiting, e.g. SIGSTOP. */
  signal(name: ServiceName, signal: NodeJS.Signals): void;
  /** Makes logins, databases and tables that are missing. */
  migrate(): Promise<void>;
  /** Stops one if it runs, starts it and waits until it is ready. */
  restart(name: ServiceName): Promise<void>;
  /** The same, and from then on it runs as built here. */
  upgrade(name: ServiceName): Promise<void>;
  /** Waits until every one answers that it is ready. Throws where one does not in time. */
  ready(timeoutMs?: number): Promise<void>;
  /** The highest resident memory that each has had, over its restarts. Unit: bytes. */
  peakResidentBytes(): Record<ServiceName, number>;
  /** The process ids of the services that run now. */
  processIds(): Partial<Record<ServiceName, number>>;
  /** Ends them all. */
  stop(): Promise<void>;
}

/**
 * Makes and migrates the databases, starts the services as built, and waits until they are ready. Stops them all if one
 * fails.
 */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const logDir =
    options.logDir ?? mkdtempSync(join(process.env['LOG_DIR'] || tmpdir(), `services-${options.namespace}-`));
  const names = options.only ?? SERVICE_NAMES;
  const free = await freePorts(SERVICE_NAMES.length);
  const urls = perService((name, index) => `http://localhost:${options.ports?.[name] ?? free[index]!}`);
  const { databaseUrl, namespace } = options;
  const migrate = (root?: string) => migrateAll({ databaseUrl, namespace, names, logDir, root });
  await (options.root === undefined ? migrate(options.former) : createDatabases(databaseUrl, namespace, names));
  const settings = perService((name) => settingsOf(name, urls, options));
  const origins = [new URL(options.issuerUrl).origin, ...Object.values(urls)];
  const processes = new Map(
    names.map((name) => {
      const { onDeath } = options;
      const process = new ServiceProcess({
        name,
        main: mainOf(name, options.former ?? options.root),
        url: urls[name],
        health: SERVICES[name].health,
        environment: environmentOf(settings[name], origins),
        logFile: join(logDir, `${name}.log`),
        ...(onDeath && { onDeath: (how: string) => onDeath(name, how) }),
      });
      return [name, process] as const;
    }),
  );
  const of = (name: ServiceName): ServiceProcess => {
    const found = processes.get(name);
    if (!found) throw new Error(`${name} is not among the services that were started`);
    return found;
  };
  const each = <T>(act: (process: ServiceProcess) => Promise<T>) => Promise.all([...processes.values()].map(act));
  const restart = async (name: ServiceName): Promise<void> => {
    await of(name).stop();
    await of(name).start();
    await of(name).ready();
  };
  const sampling = setInterval(() => void each(async (process) => process.peakResidentBytes()), 1_000).unref();
  const services: Services = {
    urls,
    logDir,
    settings,
    ownerUrl: options.root === undefined ? asLogin(databaseUrl, namespace, MIGRATOR) : databaseUrl,
    kill: (name, signal) => of(name).kill(signal),
    signal: (name, signal) => of(name).signal(signal),
    migrate: () => migrate(),
    restart,
    upgrade: (name) => {
      of(name).main = mainOf(name);
      return restart(name);
    },
    ready: async (timeoutMs) => void (await each((process) => process.ready(timeoutMs))),
    peakResidentBytes: () =>
      Object.fromEntries(names.map((name) => [name, of(name).peakResidentBytes()])) as Record<ServiceName, number>,
    processIds: () => Object.fromEntries(names.map((name) => [name, of(name).processId])),
    stop: async () => {
      clearInterval(sampling);
      await each((process) => process.stop());
    },
  };
  options.onStarted?.(services.stop);
  try {
    options.signal?.throwIfAborted();
    await each((process) => process.start());
    await services.ready();
    return services;
  } catch (error) {
    await services.stop();
    throw error;
  }
}

/** The part of a service's environment that this run decides. */
function settingsOf(name: ServiceName, urls: Services['urls'], options: ServicesOptions): Record<string, string> {
  const settings = {
    PORT: new URL(urls[name]).port,
    DATABASE_URL: options.databaseUrl,
    KAFKA_BROKERS: options.brokers,
    NAMESPACE: options.namespace,
    OIDC_ISSUER: options.issuerUrl,
    OIDC_AUDIENCE: AUDIENCE,
    ...Object.fromEntries(SERVICE_NAMES.map((each) => [`${SERVICES[each].variable}_URL`, urls[each]])),
    ...(name !== 'ledger' && { OIDC_CLIENT_ID: options.client.id, OIDC_CLIENT_SECRET: options.client.secret }),
    ...options.environment,
    ...options.environmentOf?.[name],
  };
  if (options.root !== undefined) return settings;
  return { MIGRATE: 'never', ...settings, DATABASE_URL: asLogin(settings.DATABASE_URL, options.namespace, name) };
}

/** The caller's own environment, under what this run decides. */
function environmentOf(settings: Record<string, string>, origins: readonly string[]): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...inherited } = process.env; // what Jest was started with is not for services
  return { CORS_ORIGINS: origins.join(','), ...inherited, ...settings };
}
