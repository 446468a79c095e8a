// Runs a ledger in this process with its own database, topics and group.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  DEFINITION_TYPE,
  HEADERS,
  platformTopics,
  SPEC_DEFAULTS,
  SUBMISSION_TYPES,
  uuidv7,
  type Definition,
  type EventData,
  type Submission,
  type SubmissionOf,
  type VoucherSpec,
} from '@vouchers/contracts';
import {
  cloudEvent,
  connectKafka,
  consumeBatches,
  ensureTopics,
  partitionOfKey,
  Producer,
  type Consumption,
  type Kafka,
  type OutgoingRecord,
} from '@vouchers/messaging';
import { loadSettings } from '@vouchers/service';
import {
  databaseUrl,
  eventually,
  startTestIssuer,
  testKafka,
  type TestIssuer,
  type TestKafka,
} from '@vouchers/testing';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { LedgerSettings } from '../src/ledger.settings.ts';
import { startLedger } from '../src/start-ledger.ts';

const SILENT = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
export const PARTITIONS = 3;

export interface Outcome {
  type: string;
  partition: number;
  seq: number;
  source: string;
  submissionId?: string;
  traceparent?: string;
  voucherId: string;
  data: EventData;
  bytes: string;
}

export class RunningLedger {
  readonly topics: TestKafka = testKafka();
  readonly outcomes: Outcome[] = [];
  readonly quarantined: string[] = [];
  /** It signs records as the environment says. */
  readonly kafka: Kafka;
  readonly producer: Producer;
  app!: NestFastifyApplication;
  pool!: pg.Pool;
  private issuer!: TestIssuer;
  private token!: string;
  private following!: Consumption;
  private made = 0;

  /** @param environment settings beside the usual ones; changes count from the next start of the service on */
  constructor(readonly environment: Record<string, string> = {}) {
    this.kafka = connectKafka({ ...this.settings.kafka, clientId: 'test', logger: SILENT });
    this.producer = new Producer(this.kafka);
  }

  get settings(): LedgerSettings {
    return loadSettings(LedgerSettings, {
      DATABASE_URL: databaseUrl(),
      KAFKA_BROKERS: this.topics.brokers.join(','),
      NAMESPACE: this.topics.namespace,
      KAFKA_PARTITIONS: String(PARTITIONS),
      OIDC_ISSUER: this.issuer?.url ?? 'http://localhost',
      LOG_LEVEL: 'fatal',
      PORT: '0',
      ...this.environment,
    });
  }

  async start(): Promise<this> {
    this.issuer = await startTestIssuer();
    this.token = await this.issuer.signToken({ sub: 'auditor', scope: 'ledger:read' });
    const { settings } = this;
    await ensureTopics(this.kafka, platformTopics(settings.topics, PARTITIONS));
    await this.producer.connect();
    const { outcomes, quarantine } = settings.topics;
    const options = { groupId: this.topics.group('test'), topics: [outcomes, quarantine] };
    this.following = await consumeBatches(this.kafka, options, async ({ topic, partition, records }) => {
      for (const { headers, value, key } of records) {
        const bytes = String(value);
        if (topic === quarantine) this.quarantined.push(headers['quarantine_reason'] ?? '');
        else {
          this.outcomes.push({
            type: headers[HEADERS.type]!,
            partition,
            seq: Number(headers[HEADERS.sequence]),
            source: headers[HEADERS.source]!,
            submissionId: headers[HEADERS.submissionId],
            traceparent: headers[HEADERS.traceparent],
            voucherId: key!,
            data: JSON.parse(bytes) as EventData,
            bytes,
          });
        }
      }
    });
    await this.startService();
    this.pool = new pg.Pool({ connectionString: settings.databaseUrl });
    this.pool.on('error', () => undefined);
    return this;
  }

  async startService(): Promise<void> {
    this.app = await startLedger(this.settings);
  }

  async ready(): Promise<void> {
    const isReady = async (): Promise<boolean> => {
      const { status, body } = await this.get('/health/ready');
      if (status !== 200) throw new Error(JSON.stringify(body));
      return true;
    };
    await eventually('the ledger is ready', isReady, { timeoutMs: 25_000, everyMs: 50 });
  }

  /** Makes or restores a backup while the service is stopped: all sessions end, and the copy replaces a database. */
  async copyDatabase(from: string, to: string): Promise<void> {
    await this.pool.end();
    const server = new pg.Client({ connectionString: this.settings.databaseUrl.replace(/\/[^/]+$/, '/postgres') });
    await server.connect();
    await server.query(`DROP DATABASE IF EXISTS "${to}" WITH (FORCE)`);
    await server.query(`CREATE DATABASE "${to}" TEMPLATE "${from}"`);
    await server.end();
    this.pool = new pg.Pool({ connectionString: this.settings.databaseUrl });
    this.pool.on('error', () => undefined);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.issuer.stop();
    await this.following.stop();
    await this.producer.disconnect();
    await this.pool.end();
    const server = new pg.Client({ connectionString: databaseUrl() });
    await server.connect();
    await server.query(`DROP DATABASE IF EXISTS ${this.settings.databaseName} WITH (FORCE)`);
    await server.end();
  }

  /** Calls the service. Returns the JSON body for any status. */
  async get<T = Record<string, unknown>>(path: string): Promise<{ status: number; body: T }> {
    const response = await fetch(new URL(path, await this.app.getUrl()), { headers: this.authorization });
    return { status: response.status, body: (await response.json()) as T };
  }

  /** Sends a JSON body. The answer's body is undefined if it is empty. */
  async send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = this.authorization,
  ): Promise<{ status: number; headers: Headers; body: T }> {
    const response = await fetch(new URL(path, await this.app.getUrl()), {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text && JSON.parse(text)) as T };
  }

  signToken(claims: Parameters<TestIssuer['signToken']>[0]): Promise<string> {
    return this.issuer.signToken(claims);
  }

  get authorization(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }

  /** Resolves when the outcomes have the verdicts of these submissions. */
  async decided(...submissions: Submission[]): Promise<Outcome[]> {
    await eventually(
      'each has its verdict',
      () => submissions.every(({ submissionId }) => this.verdict(submissionId)),
      { timeoutMs: 25_000, everyMs: 50 },
    );
    return submissions.map(({ submissionId }) => this.verdict(submissionId)!);
  }

  partitionOf(voucherId: string): number {
    return partitionOfKey(voucherId, PARTITIONS);
  }

  /** A new id for a claim or redemption of this voucher. */
  freshId(voucherId: string): string {
    return uuidv7(Date.now(), this.partitionOf(voucherId), 9, (this.made += 1));
  }

  record(voucherId: string, type: string, value: unknown, submissionId?: string): OutgoingRecord {
    const time = new Date().toISOString();
    return {
      topic: this.settings.topics.submissions,
      partition: this.partitionOf(voucherId),
      key: voucherId,
      value: typeof value === 'string' ? value : JSON.stringify(value),
      headers: cloudEvent({ id: randomUUID(), type, source: '/test', time, subject: voucherId, submissionId }),
    };
  }

  submission(submission: Submission): OutgoingRecord {
    return this.record(submission.voucherId, SUBMISSION_TYPES[submission.kind], submission, submission.submissionId);
  }

  async submit(...submissions: Submission[]): Promise<void> {
    await this.producer.send(submissions.map((submission) => this.submission(submission)));
  }

  /** Defines and publishes a voucher. By default it is valid from yesterday for a year. */
  async define(
    spec: Partial<VoucherSpec> = {},
    version = 1,
    voucherId = uuidv7(Date.now(), 0, 5, (this.made += 1)),
  ): Promise<string> {
    const definition = definitionOf(voucherId, spec, version);
    await this.producer.send([this.record(voucherId, DEFINITION_TYPE, definition)]);
    return voucherId;
  }

  /** A submission about a claim. `rest` has the fields of its kind. */
  about<K extends Submission['kind']>(kind: K, of: { voucherId: string; claimId: string }, rest: object): Submission {
    const { voucherId, claimId } = of;
    const asked = { submissionId: randomUUID(), at: new Date().toISOString(), asker: 'asker', bodyHash: 'hash' };
    return { kind, voucherId, claimId, ...asked, ...rest } as unknown as Submission;
  }

  claim(voucherId: string, userId: string, changes: Partial<SubmissionOf<'claim'>> = {}): SubmissionOf<'claim'> {
    return {
      kind: 'claim',
      submissionId: randomUUID(),
      voucherId,
      claimId: this.freshId(voucherId),
      userId,
      at: new Date().toISOString(),
      asker: 'asker',
      bodyHash: 'hash',
      attributes: {},
      ...changes,
    };
  }

  push(voucherId: string, userId: string): Submission {
    return {
      kind: 'push',
      submissionId: randomUUID(),
      voucherId,
      userId,
      pageSlug: 'spring',
      at: new Date().toISOString(),
    };
  }

  of(voucherId: string): Outcome[] {
    return this.outcomes.filter((outcome) => outcome.voucherId === voucherId);
  }

  verdict(submissionId: string): Outcome | undefined {
    return this.outcomes.find((outcome) => outcome.submissionId === submissionId);
  }
}

export function definitionOf(voucherId: string, spec: Partial<VoucherSpec>, version: number): Definition {
  const day = 86_400_000;
  const valid = { from: new Date(Date.now() - day).toISOString(), to: new Date(Date.now() + 365 * day).toISOString() };
  return {
    voucherId,
    version,
    intent: 'published',
    team: 'default',
    by: 'test',
    at: new Date().toISOString(),
    spec: {
      ...structuredClone(SPEC_DEFAULTS as unknown as VoucherSpec),
      name: 'A voucher',
      resourceType: 'coupon',
      windows: { timeZone: 'UTC', valid, claim: valid, use: valid },
      ...spec,
    },
  };
}
