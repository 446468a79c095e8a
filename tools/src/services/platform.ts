// Everything at once on this machine: infrastructure, issuer and the services. What start, dev and demo share.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, topicNames } from '@vouchers/contracts';
import { startInfrastructure, type Infrastructure } from '../infrastructure/infrastructure.ts';
import { emptyNamespace } from '../infrastructure/namespace.ts';
import { removeData } from '../infrastructure/postgres.user.ts';
import { removeVolumes } from '../infrastructure/containers.ts';
import { originsAt, startIssuer, type Issuer } from '../issuer/issuer.ts';
import { keptSigningKey, signToken, type TokenClaims } from '../issuer/signing-key.ts';
import { dataDir } from '../places.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { Hint } from '../processes/hint.ts';
import { expectFree } from '../processes/ports.ts';
import { build } from './build.ts';
import { claimFolder } from './folder-claim.ts';
import { keepSettings } from './kept-settings.ts';
import { issuerPort, portVariable, servicePorts } from './ports.ts';
import { startServices, type Services } from './services.ts';

/** A running platform; it ends with the lifetime it was started in. */
export interface Platform {
  readonly infrastructure: Infrastructure;
  readonly issuer: Issuer;
  readonly services: Services;
  /** A token as `npm run token` prints it. */
  signToken(claims: Omit<TokenClaims, 'issuer'>): Promise<string>;
  /** `issuer http://…, config http://…, …, events KAFKA_BROKERS=… TOPIC=…` */
  readonly addresses: string;
}

/** Where a platform keeps its data and what its names begin with. */
export interface PlatformOptions {
  /** Below DATA_DIR; DATA_DIR itself by default. */
  readonly folder?: string;
  /** The namespace where the environment names none; empty by default. */
  readonly namespace?: string;
  /** Whether it begins with nothing: its folder, databases and topics are deleted first. */
  readonly empty?: boolean;
  /** Whether OIDC_ISSUER, if it is set, takes the place of the local issuer. */
  readonly issuerOfEnvironment?: boolean;
  /** Settings for the services beside the usual ones. */
  readonly environment?: Record<string, string>;
  /** Told how far the start has come, and of services that died and are started again. */
  readonly say: (line: string) => void;
}

/** Starts a platform on the ports of the environment and waits until all of it answers. Throws a Hint where it cannot be. */
export async function startPlatform(lifetime: Lifetime, options: PlatformOptions): Promise<Platform> {
  const { say } = options;
  if (process.env['MANAGEMENT_PORT'])
    throw new Hint('MANAGEMENT_PORT is for services in containers: here they would all listen on the same one');
  const folder = join(dataDir(), options.folder ?? '');
  const namespace = process.env['NAMESPACE'] || (options.namespace ?? '');
  const ports = servicePorts();
  const given = options.issuerOfEnvironment ? givenIssuer() : undefined;
  await expectFree({
    ...(!given && { ISSUER_PORT: issuerPort() }),
    ...Object.fromEntries(SERVICE_NAMES.map((name) => [portVariable(name), ports[name]])),
  });
  lifetime.defer(claimFolder(folder));
  if (options.empty) {
    removeVolumes(folder);
    removeData(folder);
  }
  mkdirSync(folder, { recursive: true });
  const [infrastructure, key] = await Promise.all([
    startInfrastructure(lifetime, { folder, say }),
    keptSigningKey(dataDir()),
    build(lifetime, say),
  ]);
  if (options.empty) await emptyNamespace(infrastructure, namespace);

  const issuer = given ?? (await startIssuer({ port: issuerPort(), key, origins: originsAt(ports) }));
  lifetime.defer(() => issuer.stop());
  say('services: starting');
  const services = await startServices({
    databaseUrl: infrastructure.databaseUrl,
    brokers: infrastructure.brokers,
    issuerUrl: issuer.url,
    client: issuer.client,
    namespace,
    ports,
    environment: { DATA_DIR: dataDir(), ...(given && audienceOfEnvironment()), ...options.environment },
    logDir: join(folder, 'logs'),
    signal: lifetime.signal,
    onDeath: (name, how) =>
      say(`${name} ended (${how}) and is started again; its log: ${join(folder, 'logs', name)}.log`),
    onStarted: (stop) => lifetime.defer(stop),
  });
  lifetime.defer(keepSettings(folder, services));
  const events = `KAFKA_BROKERS=${infrastructure.brokers} TOPIC=${topicNames(namespace).outcomes}`;
  return {
    infrastructure,
    issuer,
    services,
    signToken: (claims) => signToken(key, { ...claims, issuer: issuer.url }),
    addresses: [['issuer', issuer.url], ...Object.entries(services.urls), ['events', events]]
      .map((pair) => pair.join(' '))
      .join(', '),
  };
}

/** The issuer that OIDC_ISSUER names, with its client for the services. Undefined if it names none. */
function givenIssuer(): Issuer | undefined {
  const { OIDC_ISSUER: url, OIDC_CLIENT_ID: id = 'page-delivery', OIDC_CLIENT_SECRET: secret = '' } = process.env;
  return url ? { url, client: { id, secret }, stop: () => Promise.resolve() } : undefined;
}

function audienceOfEnvironment(): Record<string, string> {
  const { OIDC_AUDIENCE } = process.env;
  return OIDC_AUDIENCE ? { OIDC_AUDIENCE } : {};
}
