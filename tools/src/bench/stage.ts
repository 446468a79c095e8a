// The environment of benches: durable Postgres and Kafka as in `npm start`, an issuer, and the built services.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { ServiceName } from '@vouchers/contracts';
import { removeVolumes } from '../infrastructure/containers.ts';
import { createDatabases, databaseName, dropDatabases } from '../infrastructure/databases.ts';
import { startInfrastructure, type Infrastructure } from '../infrastructure/infrastructure.ts';
import { emptyNamespace } from '../infrastructure/namespace.ts';
import { removeData } from '../infrastructure/postgres.user.ts';
import { startIssuer, type Issuer } from '../issuer/issuer.ts';
import { createSigningKey, signToken } from '../issuer/signing-key.ts';
import { dataDir } from '../places.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { freePorts } from '../processes/ports.ts';
import { build } from '../services/build.ts';
import { claimFolder } from '../services/folder-claim.ts';
import { startServices, type Services } from '../services/services.ts';

/** Servers and services that a bench can use. */
export interface Stage {
  readonly infrastructure: Infrastructure;
  readonly lifetime: Lifetime;
  readonly issuer: Issuer;
  /** A token for everything that a bench does, for any user. */
  readonly token: string;
  /** Folder of the logs. */
  readonly folder: string;
  readonly say: (line: string) => void;
  /** The same stage with the services of another built checkout. */
  of(root: string): Stage;
  /** The prefix of a bench's databases, topics and groups. */
  namespace(name: string): string;
  /** Starts services in a namespace. A service that ends is not restarted. */
  services(namespace: string, only: readonly ServiceName[], environment?: Record<string, string>): Promise<Services>;
  /** A client of a service's database. */
  database(namespace: string, service: string): Promise<pg.Client>;
  /** Drops a service's database, if it is there. */
  dropDatabase(namespace: string, service: string): Promise<void>;
  /** Makes a database that no service uses. @returns its address */
  createDatabase(namespace: string, name: string): Promise<string>;
}
type StageActions = 'of' | 'namespace' | 'services' | 'database' | 'dropDatabase' | 'createDatabase';

const SCOPES = 'vouchers:read vouchers:write vouchers:publish pages:read claims:act redemptions:write ledger:read';

/** Limits for one caller that acts for all users, as fast as it is answered: they are counted, but never reached. */
export const UNDER_LOAD = { LOG_LEVEL: 'warn', RATE_LIMIT_CALLER: '1000000000', RATE_LIMIT_USER: '1000000000' };

/** Servers and issuer of a whole run. */
export interface BenchServers {
  readonly infrastructure: Infrastructure;
  /** A stage whose services end with `lifetime`. */
  stage(lifetime: Lifetime): Stage;
  /** Drops every database that a bench has made, since Postgres's work for them would disturb the next bench. */
  clear(): Promise<void>;
}

/** Starts the servers on new data, which are deleted at the end. */
export async function openBenchServers(lifetime: Lifetime, say: (line: string) => void): Promise<BenchServers> {
  const folder = join(dataDir(), 'bench');
  lifetime.defer(claimFolder(folder));
  const remove = (): void => {
    removeVolumes(folder);
    removeData(folder);
  };
  remove();
  mkdirSync(folder, { recursive: true });
  lifetime.defer(remove);
  const [infrastructure] = await Promise.all([startInfrastructure(lifetime, { folder, say }), build(lifetime, say)]);
  const prefix = process.env['NAMESPACE'] || `bench${Date.now().toString(36)}`;
  if (infrastructure.given.databaseUrl || infrastructure.given.brokers)
    lifetime.defer(() => emptyNamespace(infrastructure, prefix));

  const key = await createSigningKey();
  const [port] = (await freePorts(1)) as [number];
  const nowhere = 'http://localhost:9';
  const issuer = await startIssuer({ port, key, origins: { console: nowhere, page: nowhere } });
  lifetime.defer(() => issuer.stop());
  const token = await signToken(key, { sub: 'bench', scope: SCOPES, issuer: issuer.url });
  return {
    infrastructure,
    stage: (during) => setStage({ infrastructure, issuer, token, folder, say, prefix, lifetime: during }),
    clear: () => dropDatabases(infrastructure.databaseUrl, prefix),
  };
}

type Setting = Omit<Stage, StageActions> & { readonly prefix: string; readonly root?: string };

function setStage(setting: Setting): Stage {
  const { prefix, root, ...servers } = setting;
  const { infrastructure, issuer, lifetime, folder } = servers;
  const { databaseUrl, brokers } = infrastructure;
  const addressOf = (namespace: string, service: string): string => {
    const url = new URL(databaseUrl);
    url.pathname = `/${databaseName(namespace, service)}`;
    return url.href;
  };
  return {
    ...servers,
    of: (other) => setStage({ ...setting, root: other }),
    namespace: (name) => `${prefix}_${name}`,
    services: (namespace, only, environment = {}) =>
      startServices({
        databaseUrl,
        brokers,
        issuerUrl: issuer.url,
        client: issuer.client,
        namespace,
        only,
        ...(root !== undefined && { root }),
        environment: { ...UNDER_LOAD, ...environment },
        logDir: join(folder, 'logs'),
        signal: lifetime.signal,
        onStarted: (stop) => lifetime.defer(stop),
      }),
    database: async (namespace, service) => {
      const client = new pg.Client({ connectionString: addressOf(namespace, service) });
      client.on('error', () => undefined); // the query under way reports it
      await client.connect();
      lifetime.defer(() => client.end());
      return client;
    },
    dropDatabase: (namespace, service) => dropDatabases(databaseUrl, databaseName(namespace, service)),
    createDatabase: async (namespace, name) => {
      await createDatabases(databaseUrl, namespace, [name]);
      return addressOf(namespace, name);
    },
  };
}

/** The process ids of Postgres and Kafka by name, if known. */
export const serversOf = ({ infrastructure: { processIds } }: Stage): Record<string, number | undefined> => ({
  Postgres: processIds.postgres,
  Kafka: processIds.kafka,
});
