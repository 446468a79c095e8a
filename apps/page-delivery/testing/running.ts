// Runs replicas of page-delivery in this process, with a stand-in of the ledger, and the test run's Postgres and Kafka.
import { randomInt } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  DEFINITION_TYPE,
  HEADERS,
  platformTopics,
  uuidv7,
  type Claim,
  type Definition,
  type Intent,
  type Page,
  type PageData,
  type VoucherSpecInput,
} from '@vouchers/contracts';
import { cloudEvent, connectKafka, ensureTopics, partitionOfKey, Producer, type Kafka } from '@vouchers/messaging';
import { createDatabase, loadSettings, startService } from '@vouchers/service';
import { eventually, startTestIssuer, testKafka, type TestIssuer } from '@vouchers/testing';
import { completeSpec } from '@vouchers/voucher';
import pg from 'pg';
import { PageDeliveryModule } from '../src/page-delivery.module.ts';
import { PageDeliverySettings } from '../src/settings.ts';
import { LedgerStandIn } from './ledger.stand-in.ts';

export const PARTITIONS = 3;
const quiet = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

/** The options of a call. */
export interface Call {
  token?: string;
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
  replica?: number;
}

export class Running {
  readonly names = testKafka();
  /** It signs records as the settings say. */
  readonly kafka: Kafka;
  readonly producer: Producer;
  readonly ledger: LedgerStandIn;
  readonly replicas: NestFastifyApplication[] = [];
  readonly tokens: Record<'alice' | 'bob' | 'till' | 'shop' | 'staff' | 'stranger' | 'import', string> = {} as never;
  issuer!: TestIssuer;
  database!: pg.Pool;
  environment: Record<string, string> = {};
  private urls: string[] = [];

  /** @param signing the settings of signatures, for the services and for `producer` */
  constructor(private readonly signing: Record<string, string> = {}) {
    const { names } = this;
    const environment = { ...signing, NAMESPACE: names.namespace, KAFKA_BROKERS: names.brokers.join(',') };
    const { kafka } = loadSettings(PageDeliverySettings, environment);
    this.kafka = connectKafka({ ...kafka, clientId: 'test', logger: quiet });
    this.producer = new Producer(this.kafka);
    this.ledger = new LedgerStandIn(this.kafka, this.producer, names.topics, names.group('ledger'));
  }

  async start(replicas = 1, environment: Record<string, string> = {}): Promise<void> {
    await ensureTopics(this.kafka, platformTopics(this.names.topics, PARTITIONS));
    await this.producer.connect();
    this.issuer = await startTestIssuer();
    const ledgerUrl = await this.ledger.start();
    this.environment = {
      ...(process.env as Record<string, string>),
      ...this.signing,
      NAMESPACE: this.names.namespace,
      KAFKA_PARTITIONS: String(PARTITIONS),
      OIDC_ISSUER: this.issuer.url,
      OIDC_CLIENT_SECRET: 'secret',
      LEDGER_URL: ledgerUrl,
      LOG_LEVEL: 'silent',
      PORT: '0',
      ...environment,
    };
    const scopes = {
      alice: 'claims:write pages:read',
      bob: 'claims:write pages:read',
      till: 'redemptions:write',
      shop: 'claims:act pages:read redemptions:write',
      staff: 'vouchers:publish vouchers:read',
      stranger: 'vouchers:publish',
      import: 'claims:act clock:set pages:read redemptions:write',
    };
    for (const [sub, scope] of Object.entries(scopes)) {
      const team = sub === 'stranger' ? 'other' : undefined;
      this.tokens[sub as keyof typeof scopes] = await this.issuer.signToken({ sub, scope, ...(team && { team }) });
    }
    for (let index = 0; index < replicas; index += 1) await this.startReplica();
    this.database = new pg.Pool({
      connectionString: loadSettings(PageDeliverySettings, this.environment).databaseUrl,
      max: 2,
    });
    this.database.on('error', () => undefined);
  }

  async startReplica(environment: Record<string, string> = {}, untilReady = true): Promise<number> {
    const settings = loadSettings(PageDeliverySettings, { ...this.environment, ...environment });
    await createDatabase(settings.databaseUrl);
    const app = await startService(PageDeliveryModule, settings);
    this.replicas.push(app);
    const index =
      this.urls.push((await app.getUrl()).replace('[::1]', '127.0.0.1').replace('0.0.0.0', '127.0.0.1')) - 1;
    if (untilReady)
      await eventually(
        `replica ${index} is ready`,
        async () => (await this.call('GET', '/health/ready', { replica: index })).status === 200,
        { timeoutMs: 20_000 },
      );
    return index;
  }

  async stop(): Promise<void> {
    for (const app of this.replicas) await app.close();
    await this.ledger.stop();
    // If the start failed, some of these do not exist.
    await this.database?.end();
    await this.producer.disconnect();
    await this.issuer?.stop();
  }

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    { token, key, body, headers = {}, replica = 0 }: Call = {},
  ): Promise<Answer<T>> {
    const answer = await fetch(`${this.urls[replica]}${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(key && { 'idempotency-key': key }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  /** Publishes a version as config does: with its goods to the definitions, then without goods to the submissions. */
  async define(
    spec: Partial<VoucherSpecInput> = {},
    about: Partial<Pick<Definition, 'voucherId' | 'version' | 'intent' | 'team'>> = {},
  ): Promise<string> {
    const { voucherId = newId(), version = 1, intent = 'published' as Intent, team = 'default' } = about;
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const to = new Date(Date.now() + 3_600_000).toISOString();
    const input: VoucherSpecInput = {
      name: 'Ten off',
      resourceType: 'coupon',
      windows: { timeZone: 'UTC', valid: { from, to } },
      ...spec,
    };
    const definition: Definition = {
      voucherId,
      version,
      intent,
      team,
      by: 'staff',
      at: new Date().toISOString(),
      spec: completeSpec(input),
    };
    const record = (topic: string, value: Definition) => ({
      topic,
      partition: partitionOfKey(voucherId, PARTITIONS),
      key: voucherId,
      value: JSON.stringify(value),
      headers: cloudEvent({
        id: newId(),
        type: DEFINITION_TYPE,
        source: '/config',
        time: value.at,
        subject: voucherId,
      }),
    });
    await this.producer.send([record(this.names.topics.definitions, definition)]);
    await this.producer.send([
      record(this.names.topics.submissions, { ...definition, spec: { ...definition.spec, goods: [] } }),
    ]);
    return voucherId;
  }

  /** Publishes the deletion of a voucher or a page, as config does. */
  async forget(topic: 'definitions' | 'pages', key: string, version: number): Promise<void> {
    const headers = { [HEADERS.version]: String(version) };
    const partition = partitionOfKey(key, PARTITIONS);
    await this.producer.send([{ topic: this.names.topics[topic], partition, key, value: null, headers }]);
  }

  async makePage(slug: string, voucherIds: string[], version = 1, team = 'default'): Promise<void> {
    const page: Page = {
      slug,
      title: slug,
      voucherIds,
      version,
      team,
      updatedAt: new Date().toISOString(),
      updatedBy: 'staff',
    };
    const partition = partitionOfKey(slug, PARTITIONS);
    const headers = cloudEvent({
      id: newId(),
      type: 'voucher.page.v1',
      source: '/config',
      time: page.updatedAt,
      subject: slug,
    });
    await this.producer.send([
      { topic: this.names.topics.pages, partition, key: slug, value: JSON.stringify(page), headers },
    ]);
  }

  claim<T = Claim>(voucherId: string, call: Call): Promise<Answer<T>> {
    return this.call('POST', `/v1/vouchers/${voucherId}/claims`, { key: newId(), ...call });
  }

  page(slug: string, call: Call): Promise<Answer<PageData>> {
    return this.call('GET', `/v1/pages/${slug}`, call);
  }
}

export const newId = (): string => uuidv7(Date.now(), 0, randomInt(2 ** 30), randomInt(2 ** 32));
