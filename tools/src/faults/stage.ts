// A platform for faults: its services, a proxy on each connection, and the actions of faults.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  perService,
  SERVICE_NAMES,
  SERVICES,
  TOPICS,
  type ServiceName,
  type TopicName,
  type Voucher,
  type VoucherSpecInput,
} from '@vouchers/contracts';
import { Signer, type SigningKey } from '@vouchers/contracts/signatures';
import { databaseName } from '../infrastructure/databases.ts';
import { asLogin } from '../infrastructure/logins.ts';
import { createSigningKey, signToken } from '../issuer/signing-key.ts';
import { freePorts } from '../processes/ports.ts';
import { mainOf, ServiceProcess } from '../services/service-process.ts';
import { startServices, type Services } from '../services/services.ts';
import { Account, type Answer, type AuditedRequest, type NewRequest } from './account.ts';
import { Auditor } from './auditor.ts';
import { Load, publishing, SPECS } from './load.ts';
import { runStatements } from './operator.ts';
import { Seeded } from './seed.ts';
import type { OwnServers } from './servers.ts';
import { StagedIssuer } from './staged.issuer.ts';
import { TcpProxy } from './tcp.proxy.ts';

/** The proxies between one service and its servers. */
export interface Links {
  readonly kafka: TcpProxy;
  readonly postgres: TcpProxy;
}

/** A further process of a service, beside the one of `services`. */
export interface Replica extends Links {
  readonly process: ServiceProcess;
}

export interface StageOptions {
  readonly databaseUrl: string;
  /** Comma separated addresses. */
  readonly brokers: string;
  /** The servers, if they may be killed. */
  readonly own?: OwnServers | undefined;
  readonly namespace: string;
  readonly seed: number;
  /** A built checkout with which it begins. */
  readonly former?: string | undefined;
  /** Additional environment for services without a guard. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A statement for the ledger's database after its tables are made. */
  readonly sql?: string;
  /** The time after a fault in which everything must be well again. Default 90 s. Unit: milliseconds. */
  readonly healsWithinMs?: number;
}

// Few partitions, so that each has much to do.
const PARTITIONS = 4;
const SCOPES = {
  'page-delivery': 'pages:read claims:act redemptions:write vouchers:publish',
  config: 'vouchers:read vouchers:write vouchers:publish',
};

export class Stage {
  readonly services: Services;
  readonly links: Readonly<Record<ServiceName, Links>>;
  /** The proxy between page-delivery and the ledger's HTTP. */
  readonly toLedger: TcpProxy;
  readonly issuer: StagedIssuer;
  readonly account: Account;
  readonly auditor: Auditor;
  readonly random: Seeded;
  readonly topics: Readonly<Record<TopicName, string>>;
  readonly partitions = PARTITIONS;
  /** Signs records as the services do. */
  readonly signer: Signer;
  /** Reads the ledger and asks it for simulations. */
  readonly ledgerToken: string;
  readonly options: StageOptions;
  /** The load of the present fault. */
  load!: Load;
  voucherIds: readonly string[] = [];
  readonly #replicas: Replica[] = [];
  readonly #stops: (() => Promise<unknown>)[];

  private constructor(
    options: StageOptions,
    made: Pick<Stage, 'services' | 'links' | 'toLedger' | 'issuer' | 'account' | 'signer' | 'ledgerToken'> & {
      stops: (() => Promise<unknown>)[];
    },
  ) {
    this.options = options;
    this.services = made.services;
    this.links = made.links;
    this.toLedger = made.toLedger;
    this.issuer = made.issuer;
    this.account = made.account;
    this.signer = made.signer;
    this.ledgerToken = made.ledgerToken;
    this.#stops = made.stops;
    this.random = new Seeded(options.seed);
    this.topics = Object.fromEntries(
      Object.entries(TOPICS).map(([name, topic]) => [name, `${options.namespace}.${topic}`]),
    ) as Stage['topics'];
    this.auditor = new Auditor(this);
  }

  /** Starts all services behind proxies, and waits until they are ready. */
  static async start(given: StageOptions): Promise<Stage> {
    const options = present(given);
    const stops: (() => Promise<unknown>)[] = [];
    const kept = <T extends { stop(): Promise<unknown> }>(one: T): T => {
      stops.unshift(() => one.stop());
      return one;
    };
    try {
      const [issuerPort, ...free] = (await freePorts(1 + SERVICE_NAMES.length)) as [number, ...number[]];
      const ports = perService((_name, index) => free[index]!);
      const key = await createSigningKey();
      const issuer = kept(await StagedIssuer.start(issuerPort, key));
      const links = {} as Record<ServiceName, Links>;
      for (const name of SERVICE_NAMES) links[name] = await linksTo(options, kept);
      const toLedger = kept(await TcpProxy.to({ host: 'localhost', port: ports.ledger }));
      const throughLinks = perService<Record<string, string>>((name) => ({
        ...addresses(options, links[name]),
        ...options.environment,
      }));
      throughLinks['page-delivery']['LEDGER_URL'] = `http://127.0.0.1:${toLedger.port}`;
      const signing = { id: 'faults', secret: randomBytes(32) };
      const services = kept(
        await startServices({
          ...options,
          issuerUrl: issuer.url,
          client: issuer.client,
          ports,
          environment: { KAFKA_PARTITIONS: String(PARTITIONS), LOG_LEVEL: 'info', ...signedBy(signing) },
          environmentOf: throughLinks,
        }),
      );
      const sign = (scope: string) => signToken(key, { sub: 'faults', scope, issuer: issuer.url });
      const tokens = { 'page-delivery': await sign(SCOPES['page-delivery']), config: await sign(SCOPES.config) };
      const stage = new Stage(options, {
        ...{ services, links, toLedger, issuer, stops, signer: new Signer([signing]) },
        account: new Account(services.urls, tokens),
        ledgerToken: await sign('ledger:read'),
      });
      if (options.sql !== undefined) await runStatements(stage.databaseUrl('ledger'), options.sql);
      return stage;
    } catch (error) {
      for (const stop of stops) await stop();
      throw error;
    }
  }

  /** Makes new vouchers and a page, and starts clients that use them. */
  async startLoad(name: string): Promise<void> {
    this.voucherIds = (await this.publish(...SPECS)).map(({ id }) => id);
    const pageSlug = `${name.toLowerCase()}-${this.options.seed}-${Date.now().toString(36)}`;
    const body = { title: name, voucherIds: this.voucherIds };
    await this.#make({ service: 'config', method: 'PUT', path: `/v1/pages/${pageSlug}`, body, answers: [] });
    const { account, voucherIds, options } = this;
    this.load = new Load(account, { voucherIds, pageSlug, seed: options.seed, name: pageSlug });
    this.load.start();
  }

  /** Makes and publishes these vouchers. It is not audited. */
  async publish(...specs: VoucherSpecInput[]): Promise<Voucher[]> {
    const body = await this.#make(publishing(...specs));
    return (body as { items: Voucher[] }).items;
  }

  async #make(request: AuditedRequest): Promise<unknown> {
    const { status, body } = await this.account.send(request);
    if (status !== 201) throw new Error(`${request.method} ${request.path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Sends a request that is audited, and repeats it until it is decided or the platform should have healed. */
  settle(request: NewRequest): Promise<Answer> {
    const until = performance.now() + this.healsWithinMs;
    return this.account.settle(this.account.record(request), () => performance.now() > until);
  }

  /**
   * Starts a further process of a service with its own proxies, and does not wait for it. It ends with the stage.
   * @param port default a free one; the first process's port if it takes its place
   */
  async replica(
    service: ServiceName,
    { port, environment }: { port?: number; environment?: Record<string, string> } = {},
  ): Promise<Replica> {
    const stops = this.#stops;
    const links = await linksTo(present(this.options), (proxy) => {
      stops.push(() => proxy.stop());
      return proxy;
    });
    const settings = addresses(present(this.options), links);
    const ownPort = port ?? (await freePorts(1))[0]!;
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const started = new ServiceProcess({
      name: `${service}-${this.#replicas.length + 2}`,
      main: mainOf(service),
      url: `http://localhost:${ownPort}`,
      health: SERVICES[service].health,
      environment: {
        ...inherited,
        ...this.services.settings[service],
        ...settings,
        DATABASE_URL: asLogin(settings.DATABASE_URL, this.options.namespace, service),
        PORT: String(ownPort),
        ...environment,
      },
      logFile: join(this.services.logDir, `${service}-${this.#replicas.length + 2}.log`),
    });
    stops.unshift(() => started.stop());
    await started.start();
    const replica = { ...links, process: started };
    this.#replicas.push(replica);
    return replica;
  }

  /** All proxies between services and this kind of server. */
  all(kind: keyof Links): TcpProxy[] {
    return [...Object.values(this.links), ...this.#replicas].map((links) => links[kind]);
  }

  /** Address of Postgres without a proxy. */
  get postgresUrl(): string {
    return present(this.options).databaseUrl;
  }
  /** Address of a service's database without a proxy. */
  databaseUrl(service: ServiceName): string {
    const url = new URL(this.postgresUrl);
    url.pathname = `/${databaseName(this.options.namespace, service)}`;
    return url.href;
  }
  /** Addresses of Kafka without a proxy, comma separated. */
  get brokers(): string {
    return present(this.options).brokers;
  }

  get healsWithinMs(): number {
    return this.options.healsWithinMs ?? 90_000;
  }

  async stop(): Promise<void> {
    await this.auditor.stop();
    for (const stop of this.#stops) await stop();
  }
}

const signedBy = ({ id, secret }: SigningKey): Record<string, string> => ({
  SUBMISSION_KEYS: `${id}:${Buffer.from(secret).toString('base64url')}`,
  SUBMISSION_SIGNATURES: 'require',
});

/** The run's own servers have a new address after each start. */
function present(options: StageOptions): StageOptions {
  const { own, databaseUrl, brokers } = options;
  return {
    ...options,
    databaseUrl: own?.postgres.address ?? databaseUrl,
    brokers: own?.kafka.address ?? brokers,
  };
}

async function linksTo({ databaseUrl, brokers }: StageOptions, kept: (proxy: TcpProxy) => TcpProxy): Promise<Links> {
  const [postgres, kafka] = [new URL(databaseUrl), new URL(`tcp://${brokers.split(',')[0]}`)];
  return {
    postgres: kept(await TcpProxy.to({ host: postgres.hostname, port: Number(postgres.port || 5432) })),
    kafka: kept(await TcpProxy.to({ host: kafka.hostname, port: Number(kafka.port || 9092) }, { kafka: true })),
  };
}

function addresses({ databaseUrl }: StageOptions, { postgres, kafka }: Links) {
  const url = new URL(databaseUrl);
  url.hostname = postgres.host;
  url.port = String(postgres.port);
  return { DATABASE_URL: url.href, KAFKA_BROKERS: `${kafka.host}:${kafka.port}` };
}
