// A service's settings from the environment. All of them are checked before anything starts.
import {
  DEFAULT_PARTITIONS,
  inNamespace,
  MIGRATOR,
  SERVICES,
  SIGNED_TOPICS,
  topicNames,
  type ServiceName,
  type TopicName,
} from '@vouchers/contracts';
import { signingKeysIn, type SigningKey } from '@vouchers/contracts/signatures';
import {
  ArrayNotEmpty,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsUrl,
  Matches,
  Max,
  Min,
  ValidateIf,
  validateSync,
} from 'class-validator';
import { readFileSync } from 'node:fs';
import { TENANCIES, type TenancyMode } from './tenancy.ts';

/** The error of a bad setting. Its message is one line that names the variable. */
export class SettingsError extends Error {}

type Parse = (text: string) => unknown;
const text: Parse = (raw) => raw;
const URL_OPTIONS = { require_tld: false, protocols: ['http', 'https'], require_protocol: true };

/** Parsers for `@Env`. A bad text becomes NaN or is kept, so that it fails the property's check. */
export const wholeNumber: Parse = (raw) => (/^-?\d+$/.test(raw) ? Number(raw) : Number.NaN);
export const commaList: Parse = (raw) =>
  raw
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const seconds: Parse = (raw) => {
  const [, count, unit = 's'] = /^(\d+)([smhd])?$/.exec(raw) ?? [];
  return count === undefined ? Number.NaN : Number(count) * UNIT_SECONDS[unit]!;
};

/** The check of a property that is a whole number. */
export function IsWholeNumber(
  min: number,
  max: number,
  message = `must be a whole number from ${min} to ${max}`,
): PropertyDecorator {
  return (prototype, property) => {
    for (const check of [IsInt({ message }), Min(min, { message }), Max(max, { message })]) check(prototype, property);
  };
}

const variables = new WeakMap<object, Map<string, { name: string; parse: Parse }>>();

/** Reads a property from the environment variable `name`. If that is unset or empty, the property keeps its default. */
export function Env(name: string, parse: Parse = text): PropertyDecorator {
  return (prototype, property) => {
    const own = variables.get(prototype) ?? new Map();
    variables.set(prototype, own.set(String(property), { name, parse }));
  };
}

function variablesOf(prototype: object): Map<string, { name: string; parse: Parse }> {
  const parent = Object.getPrototypeOf(prototype) as object | null;
  const inherited = parent ? variablesOf(parent) : new Map<string, { name: string; parse: Parse }>();
  return new Map([...inherited, ...(variables.get(prototype) ?? [])]);
}

const signingKeys: Parse = (raw) => {
  try {
    return signingKeysIn(raw);
  } catch (error) {
    throw new SettingsError(`SUBMISSION_KEYS ${(error as Error).message}`);
  }
};

const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const PEM = /^$|-----BEGIN [A-Z ]+-----/;
const PEM_OPTIONS = { message: 'must be PEM' };
const isGiven = (_settings: object, value: unknown): boolean => value !== '';
const hasKafkaKey = ({ kafkaSslKey }: ServiceSettings): boolean => kafkaSslKey !== '';
const hasSasl = ({ kafkaSaslMechanism }: ServiceSettings): boolean => kafkaSaslMechanism !== '';

/** The brokers and the service's credentials. Certificates and keys are PEM. */
export interface KafkaAccess {
  brokers: string[];
  tls?: { ca?: string; cert?: string; key?: string };
  sasl?: { mechanism: (typeof SASL_MECHANISMS)[number]; username: string; password: string };
  /** Absent: records are neither signed nor checked. */
  signatures?: { mode: 'accept' | 'require'; keys: SigningKey[]; topics: string[] };
}

/** The settings of every service. A service extends them with its own `@Env` properties and defaults. */
export abstract class ServiceSettings {
  /** The service's name in the registry. */
  abstract readonly service: ServiceName;

  @Env('PORT', wholeNumber) @IsWholeNumber(0, 65_535) port = 0;
  /** The address to listen on. In a container it must be 0.0.0.0, so that the service can be reached from outside. */
  @Env('HOST') @Matches(/^[\w.:-]+$/, { message: 'must be an address or a name of this machine' }) host = '127.0.0.1';
  /**
   * The port of metrics and documents, which are then not on PORT. Health is on both. With 0, everything is on PORT.
   */
  @Env('MANAGEMENT_PORT', wholeNumber) @IsWholeNumber(0, 65_535) managementPort = 0;
  /**
   * The address of any database of the server. If it names no user, `databaseUrl` has the service's own login, and
   * `ownerUrl` the one that owns the tables.
   */
  @Env('DATABASE_URL')
  @Matches(/^postgres(ql)?:\/\/./, { message: 'must be a postgres:// address' })
  databaseServer = 'postgres://postgres@127.0.0.1:5432/postgres';
  /** The password of DATABASE_URL's user, if the address does not contain it. */
  @Env('DATABASE_PASSWORD') databasePassword = '';
  @Env('DATABASE_NAME') @Matches(/^[a-z0-9_]{0,63}$/, { message: 'must be of a-z, 0-9 and _' }) databaseNameGiven = '';
  @Env('KAFKA_BROKERS', commaList)
  @ArrayNotEmpty()
  @Matches(/^[^\s:]+:\d+$/, { each: true, message: 'must be a comma separated list of host:port' })
  brokers = ['127.0.0.1:9092'];
  /** Prefixes databases, topics and groups, so that several runs share one Postgres and one Kafka. */
  @Env('NAMESPACE')
  @Matches(/^([a-z][a-z0-9_]{0,30})?$/, { message: 'must be empty, or of a-z, 0-9 and _ beginning with a letter' })
  namespace = '';
  @Env('KAFKA_PARTITIONS', wholeNumber) @IsWholeNumber(1, 4_096) partitions = DEFAULT_PARTITIONS;
  /** The number of copies of each partition of the services' topics. With 0, the brokers' default counts. */
  @Env('KAFKA_REPLICATION', wholeNumber) @IsWholeNumber(0, 32) replication = 0;
  @Env('KAFKA_SSL') @IsIn(['true', 'false'], { message: 'must be true or false' }) kafkaSsl = 'false';
  /** The certificate authority in PEM. Without it, Node's own certificate authorities count. */
  @Env('KAFKA_SSL_CA') @Matches(PEM, PEM_OPTIONS) kafkaSslCa = '';
  /** The service's certificate for the brokers and its key in PEM. Both or neither are set. */
  @Env('KAFKA_SSL_CERT') @ValidateIf(hasKafkaKey) @IsNotEmpty() @Matches(PEM, PEM_OPTIONS) kafkaSslCert = '';
  @Env('KAFKA_SSL_KEY')
  @ValidateIf(({ kafkaSslCert }: ServiceSettings) => kafkaSslCert !== '')
  @IsNotEmpty()
  @Matches(PEM, PEM_OPTIONS)
  kafkaSslKey = '';
  @Env('KAFKA_SASL_MECHANISM')
  @IsIn(['', ...SASL_MECHANISMS], { message: `must be one of ${SASL_MECHANISMS.join(', ')}` })
  kafkaSaslMechanism: '' | (typeof SASL_MECHANISMS)[number] = '';
  @Env('KAFKA_SASL_USERNAME') @ValidateIf(hasSasl) @IsNotEmpty() kafkaSaslUsername = '';
  @Env('KAFKA_SASL_PASSWORD') @ValidateIf(hasSasl) @IsNotEmpty() kafkaSaslPassword = '';
  /** The keys that sign records for the ledger and page-delivery: `id:secret`, in base64. The first one signs. */
  @Env('SUBMISSION_KEYS', signingKeys)
  @ValidateIf(({ submissionSignatures }: ServiceSettings) => submissionSignatures !== 'off')
  @ArrayNotEmpty({ message: 'must have a key, unless SUBMISSION_SIGNATURES is off' })
  submissionKeys: SigningKey[] = [];
  /** `off`: records are neither signed nor checked. `accept`: they are signed; those without a signature are good. */
  @Env('SUBMISSION_SIGNATURES')
  @IsIn(['off', 'accept', 'require'], { message: 'must be off, accept or require' })
  submissionSignatures: 'off' | 'accept' | 'require' = 'off';
  @Env('OIDC_ISSUER') @IsUrl(URL_OPTIONS) issuer = 'http://localhost:3000';
  /**
   * The address at which services reach the issuer, if it is not OIDC_ISSUER. Tokens still contain OIDC_ISSUER.
   */
  @Env('OIDC_DISCOVERY_URL') @ValidateIf(isGiven) @IsUrl(URL_OPTIONS) discoveryUrl = '';
  @Env('OIDC_AUDIENCE') @IsNotEmpty() audience = 'voucher-platform';
  /** The client with which people sign in at /docs. */
  @Env('DOCS_CLIENT_ID') @IsNotEmpty() docsClientId = 'docs';
  /** The longest time from a token's `iat` to its `exp`. Seconds, or with a unit: `90m`, `24h`, `7d`. */
  @Env('TOKEN_MAX_AGE', seconds)
  @IsWholeNumber(60, 31_536_000, 'must be from 60 seconds to 365 days, as 86400 or 24h')
  tokenMaxAgeSeconds = 86_400;
  /** Staff and services see the things of every team, or those of their own. */
  @Env('TENANCY') @IsIn(TENANCIES, { message: `must be one of ${TENANCIES.join(', ')}` }) tenancy: TenancyMode = 'open';
  /** The path under which a gateway publishes this service. The gateway removes it; answers' Location has it. */
  @Env('PUBLIC_BASE_PATH')
  @Matches(/^(\/[\w.~-]+)*$/, { message: 'must be empty, or a path such as /ledger' })
  publicBasePath = '';
  @Env('CORS_ORIGINS', commaList)
  @Matches(/^(\*|https?:\/\/[^\s/]+)$/, { each: true, message: 'must be a comma separated list of origins' })
  corsOrigins: string[] = [];
  /** The most requests per second and replica of one caller (team and `sub`). 0 means no limit. */
  @Env('RATE_LIMIT_CALLER', wholeNumber) @IsWholeNumber(0, 1_000_000_000) callerRateLimit = 20_000;
  /** The most requests per second and replica about one user, by the user or by services that act for the user. */
  @Env('RATE_LIMIT_USER', wholeNumber) @IsWholeNumber(0, 1_000_000_000) userRateLimit = 500;
  /**
   * The highest cost of one request if its caller chooses the work. Unit: steps of a condition, about 30 ns each; a row
   * costs 100.
   */
  @Env('COST_LIMIT', wholeNumber) @IsWholeNumber(1, 1_000_000_000_000) costLimit = 100_000_000;
  /** The most such requests at once per caller, or per user if a service names one. 0 means no limit. */
  @Env('COSTLY_AT_ONCE', wholeNumber) @IsWholeNumber(0, 1_000_000) costlyAtOnce = 2;
  /**
   * The time in which a request (headers and body) must arrive and a large answer must be fetched. Unit: ms.
   */
  @Env('REQUEST_TIMEOUT_MS', wholeNumber) @IsWholeNumber(1_000, 3_600_000) requestTimeoutMs = 30_000;
  @Env('LOG_LEVEL') @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']) logLevel = 'info';
  /** `never`: an operator runs the migrations by a command, and services expect that they are done. */
  @Env('MIGRATE') @IsIn(['start', 'never']) migrate: 'start' | 'never' = 'start';
  /** The address to which traces are sent by OTLP over HTTP, or empty. OpenTelemetry's other variables count, too. */
  @Env('OTEL_EXPORTER_OTLP_ENDPOINT')
  @Matches(/^(https?:\/\/\S+)?$/, { message: 'must be an http:// address' })
  tracesTo = '';
  @Env('DATA_DIR') @IsNotEmpty() dataDir = '.data';

  #topics?: Record<TopicName, string>;

  /** Full topic names, e.g. `demo.voucher.submissions.v1`. */
  get topics(): Record<TopicName, string> {
    return (this.#topics ??= topicNames(this.namespace));
  }

  /** A consumer group's name, e.g. `demo.ledger` or `demo.page-delivery.projector`. */
  group(role?: string): string {
    return [this.namespace, this.service, role].filter(Boolean).join('.');
  }

  get databaseName(): string {
    return this.databaseNameGiven || this.login;
  }

  /** The service's own login in Postgres. It has the rights that the service's grants list. */
  get login(): string {
    return inNamespace(this.namespace, SERVICES[this.service].database);
  }

  /** The service's own database. */
  get databaseUrl(): string {
    return this.#addressFor(this.login);
  }

  /** The same database for migrations and rebuilds. */
  get ownerUrl(): string {
    return this.#addressFor(inNamespace(this.namespace, MIGRATOR));
  }

  #addressFor(login: string): string {
    const url = new URL(this.databaseServer);
    url.pathname = `/${this.databaseName}`;
    url.username ||= login;
    if (this.databasePassword) url.password = encodeURIComponent(this.databasePassword);
    return url.href;
  }

  /** The access to Kafka. */
  get kafka(): KafkaAccess {
    const { submissionSignatures: mode } = this;
    const tls = {
      ca: this.kafkaSslCa || undefined,
      cert: this.kafkaSslCert || undefined,
      key: this.kafkaSslKey || undefined,
    };
    return {
      brokers: this.brokers,
      tls: this.kafkaSsl === 'true' ? tls : undefined,
      sasl: this.kafkaSaslMechanism
        ? { mechanism: this.kafkaSaslMechanism, username: this.kafkaSaslUsername, password: this.kafkaSaslPassword }
        : undefined,
      ...(mode !== 'off' && {
        signatures: { mode, keys: this.submissionKeys, topics: SIGNED_TOPICS.map((name) => this.topics[name]) },
      }),
    };
  }
}

/**
 * Reads and checks settings. A variable's value may be in a file that `<variable>_FILE` names.
 * @throws SettingsError that names the first bad variable
 */
export function loadSettings<S extends ServiceSettings>(
  Settings: new () => S,
  environment: NodeJS.ProcessEnv = process.env,
): S {
  const settings = new Settings();
  const known = variablesOf(Settings.prototype as object);
  for (const [property, { name, parse }] of known) {
    const raw = fileOf(name, environment) ?? environment[name];
    if (raw !== undefined && raw !== '') Object.assign(settings, { [property]: parse(raw) });
  }
  const [fault] = validateSync(settings, { forbidUnknownValues: false });
  if (!fault) return settings;
  const name = known.get(fault.property)?.name ?? fault.property;
  const why = Object.values(fault.constraints ?? {})[0]?.replace(`${fault.property} `, '') ?? 'is not valid';
  const file = environment[`${name}_FILE`];
  const given = file
    ? `its file is ${file}`
    : `it is ${JSON.stringify(SECRET.test(name) ? '…' : (environment[name] ?? ''))}`;
  throw new SettingsError(`${name} ${why.replace(/^each value in /, '')} (${given})`);
}

const SECRET = /PASSWORD|SECRET|_KEYS?$/;

function fileOf(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const file = environment[`${name}_FILE`];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new SettingsError(`${name}_FILE cannot be read (it is ${JSON.stringify(file)})`);
  }
}
