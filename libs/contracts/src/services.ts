// The registry of services: one entry per service. Settings, tools and tests read it. Files that cannot read it, such
// as docker-compose.yml, are compared with it by tools/src/services/deployment.spec.ts.
import type { Scope } from './scopes.ts';
import type { TopicName } from './topics.ts';

/** A service's entry. Its key is the service's name, and its code is in `apps/<name>`. */
interface Entry {
  /** The port on which it listens unless PORT says otherwise. */
  readonly port: number;
  readonly writes: readonly TopicName[];
  readonly reads: readonly TopicName[];
  /** The topics whose retention it sets. */
  readonly keeps: readonly TopicName[];
  /** The role of the consumer group that its replicas share. Empty if the group has the service's own name. */
  readonly group: string;
  /** The scopes that its routes ask for. */
  readonly scopes: readonly Scope[];
}

/** The entries in the order in which the services start. */
const ENTRIES = {
  ledger: {
    port: 3003,
    writes: ['submissions', 'outcomes', 'quarantine', 'heads'],
    reads: ['submissions', 'quarantine', 'heads'],
    keeps: ['quarantine'],
    group: '',
    scopes: ['ledger:read'],
  },
  config: {
    port: 3001,
    writes: ['definitions', 'pages', 'submissions'],
    reads: ['outcomes'],
    keeps: [],
    group: '',
    scopes: ['vouchers:read', 'vouchers:write', 'vouchers:publish'],
  },
  'page-delivery': {
    port: 3002,
    writes: ['submissions'],
    reads: ['definitions', 'pages', 'outcomes'],
    keeps: [],
    group: 'projector',
    scopes: [
      'vouchers:read',
      'vouchers:publish',
      'pages:read',
      'claims:write',
      'claims:act',
      'redemptions:write',
      'users:forget',
      'clock:set',
    ],
  },
} as const satisfies Record<string, Entry>;

export type ServiceName = keyof typeof ENTRIES;

/** A service with the names that follow from its entry. */
export interface Service extends Entry {
  readonly name: ServiceName;
  /** The beginning of variables that name one service among others: `PAGE_DELIVERY_PORT`. */
  readonly variable: string;
  /** The name of its database, of its login in Postgres and Kafka, and the beginning of its metrics: `page_delivery`. */
  readonly database: string;
  /** The path that answers 200 when the service can do its work. */
  readonly health: string;
  /** The name of its image without the version. */
  readonly image: string;
}

/** The login in Postgres that owns all databases and tables. Migrations and rebuilds use it, services never do. */
export const MIGRATOR = 'migrate';

/** The name of a database or login in a namespace: `demo_ledger`, or `ledger` without one. */
export const inNamespace = (namespace: string, name: string): string => (namespace ? `${namespace}_${name}` : name);

/** The port for metrics and documents in containers, where each service has an address of its own. */
export const MANAGEMENT_PORT = 9464;

/** The names, in the order in which the services are started. */
export const SERVICE_NAMES = Object.keys(ENTRIES) as readonly ServiceName[];

/** Each service by its name. */
export const SERVICES: Readonly<Record<ServiceName, Service>> = perService(described);

function described(name: ServiceName): Service {
  const database = name.replaceAll('-', '_');
  return {
    ...ENTRIES[name],
    name,
    variable: database.toUpperCase(),
    database,
    health: '/health/ready',
    image: `voucher-platform/${name}`,
  };
}

/** A value for each service, in the order of the registry. */
export function perService<T>(valueOf: (name: ServiceName, index: number) => T): Record<ServiceName, T> {
  const entries = SERVICE_NAMES.map((name, index) => [name, valueOf(name, index)]);
  return Object.fromEntries(entries) as Record<ServiceName, T>;
}

/** The default address of a service on this machine, such as `http://localhost:3003`. */
export const localUrl = (name: ServiceName): string => `http://localhost:${SERVICES[name].port}`;
