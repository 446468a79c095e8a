// Runs config with real Postgres and Kafka, in a namespace of its own.
import type { Voucher } from '@vouchers/contracts';
import {
  connectKafka,
  consumeBatches,
  endOffsets,
  type Consumption,
  type IncomingRecord,
  type Kafka,
} from '@vouchers/messaging';
import { loadSettings, startService } from '@vouchers/service';
import { brokers, databaseUrl, eventually, startTestIssuer, uniqueNamespace, type TestIssuer } from '@vouchers/testing';
import pg from 'pg';
import { ConfigModule } from '../src/config.module.ts';
import { ConfigSettings } from '../src/config.settings.ts';

export const ALL_SCOPES = 'vouchers:read vouchers:write vouchers:publish';

export interface Answer {
  status: number;
  headers: Headers;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- each test says what it expects
}

export interface Ask {
  scope?: string;
  team?: string;
  sub?: string;
  name?: string;
  headers?: Record<string, string>;
}

export interface RunningConfig {
  settings: ConfigSettings;
  kafka: Kafka;
  /** Connections to config's database. */
  pool: pg.Pool;
  /** The address of the service. */
  url(): Promise<string>;
  call(method: string, path: string, body?: unknown, ask?: Ask): Promise<Answer>;
  /** Creates a voucher. */
  create(change?: object): Promise<Voucher>;
  /** All records of a topic, in order. */
  records(topic: keyof ConfigSettings['topics']): Promise<IncomingRecord[]>;
  restart(): Promise<void>;
  /** Ends only the service. The database and the topics stay. */
  close(): Promise<void>;
  stop(): Promise<void>;
}

export const SPEC = {
  name: '满100减20',
  resourceType: 'coupon',
  windows: { timeZone: 'Asia/Shanghai', valid: { from: '2026-11-01T00:00:00+08:00', to: '2026-12-01T00:00:00+08:00' } },
};

const quiet = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

export async function startConfig(environment: Record<string, string> = {}): Promise<RunningConfig> {
  const issuer = await startTestIssuer();
  const settings = loadSettings(ConfigSettings, {
    DATABASE_URL: databaseUrl(),
    KAFKA_BROKERS: brokers().join(','),
    KAFKA_PARTITIONS: '2',
    NAMESPACE: uniqueNamespace(),
    PORT: '0',
    OIDC_ISSUER: issuer.url,
    LOG_LEVEL: 'silent',
    ...environment,
  });
  const kafka = connectKafka({ brokers: brokers(), clientId: `${settings.namespace}-test`, logger: quiet });
  const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: 3 });
  pool.on('error', () => undefined);
  let app = await startService(ConfigModule, settings);
  const url = async (): Promise<string> => (await app.getUrl()).replace('[::1]', 'localhost');
  const call = async (method: string, path: string, body?: unknown, ask: Ask = {}): Promise<Answer> => {
    const answer = await fetch((await url()) + path, {
      method,
      headers: await headersOf(issuer, body, ask),
      body: textOf(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
  };
  const ready = (): Promise<unknown> =>
    eventually('config is ready', async () => (await call('GET', '/health/ready')).status === 200, {
      timeoutMs: 30_000,
    });
  if (!environment['KAFKA_BROKERS'] && !environment['DATABASE_URL']) await ready();
  return {
    settings,
    kafka,
    pool,
    url,
    call,
    create: async (change = {}) => {
      const { status, body } = await call('POST', '/v1/vouchers', { ...SPEC, ...change });
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
      return body as Voucher;
    },
    records: (topic) => recordsOf(kafka, settings.topics[topic], settings.partitions),
    restart: async () => {
      await app.close();
      app = await startService(ConfigModule, settings);
      await ready();
    },
    close: () => app.close(),
    stop: async () => {
      await app.close();
      await issuer.stop();
      await pool.end();
      await dropDatabase(settings.databaseName);
    },
  };
}

const textOf = (body: unknown): string | undefined =>
  body === undefined || typeof body === 'string' ? body : JSON.stringify(body);

async function headersOf(
  issuer: TestIssuer,
  body: unknown,
  { scope = ALL_SCOPES, team, sub = 'staff', name, headers }: Ask,
): Promise<Record<string, string>> {
  const authorization = `Bearer ${await issuer.signToken({ scope, sub, ...(name && { name }), ...(team && { team }) })}`;
  return { authorization, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers };
}

/** Reads a topic from its beginning to its present end. */
async function recordsOf(kafka: Kafka, topic: string, partitions: number): Promise<IncomingRecord[]> {
  const ends = await endOffsets(kafka, topic);
  const records: IncomingRecord[] = [];
  const reached = new Array<bigint>(partitions).fill(0n);
  let consumption: Consumption | undefined;
  try {
    consumption = await consumeBatches(
      kafka,
      { groupId: `${topic}.reader.${Math.random()}`, topics: [topic], fromBeginning: true },
      async (batch) => {
        records.push(...batch.records);
        reached[batch.partition] = batch.records.at(-1)!.offset + 1n;
      },
    );
    await eventually(`${topic} is read`, () => ends.every((end, partition) => reached[partition]! >= end), {
      timeoutMs: 30_000,
    });
  } finally {
    await consumption?.stop();
  }
  return records;
}

async function dropDatabase(name: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
  await client.end();
}
