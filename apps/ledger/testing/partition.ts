// One partition of a ledger without Kafka. Tests append its records and read its outcomes and quarantined records.
import {
  DEFINITION_TYPE,
  FORGET_NOW_TYPE,
  FORGET_TYPE,
  HEADERS,
  SUBMISSION_TYPES,
  TICK_TYPE,
  uuidv7,
  type Submission,
  type VoucherSpec,
} from '@vouchers/contracts';
import {
  ContextReader,
  EventsReader,
  ForgettingStore,
  LEDGER_DATABASE,
  LedgerStore,
  OutcomesRelay,
  type StoredEvent,
} from '@vouchers/event-store';
import { failureCauseOf, type IncomingRecord, type RecordBatch } from '@vouchers/messaging';
import { migrate } from '@vouchers/service';
import { testDatabase, type TestDatabase } from '@vouchers/testing';
import { DatabaseError } from 'pg';
import { PartitionOwner, type PartitionSurroundings } from '../src/deciding/partition.owner.ts';
import { KnowledgeBudget } from '../src/knowledge/knowledge.budget.ts';
import { UsersReader } from '../src/knowledge/users.reader.ts';
import { definitionOf } from './running-ledger.ts';

export const START = Date.UTC(2026, 5, 1, 12);
const LOG = { clusterId: 'cluster', topicId: 'topic' };

export class TestPartition {
  /** The records of the topic's partition. */
  readonly records: IncomingRecord[] = [];
  readonly published: StoredEvent[] = [];
  readonly quarantined: string[] = [];
  readonly failures: unknown[] = [];
  /** The time of the broker and of the ledger. */
  now = START;
  database!: TestDatabase;
  store!: LedgerStore;
  private readonly relays: OutcomesRelay[] = [];
  private made = 0;

  async create(name: string): Promise<this> {
    this.database = await testDatabase(name);
    const { url: databaseUrl, name: login } = this.database;
    await migrate({ databaseUrl, login }, LEDGER_DATABASE, { onWait: () => undefined });
    this.store = new LedgerStore(this.database.url);
    return this;
  }

  async drop(): Promise<void> {
    await Promise.all(this.relays.map((relay) => relay.stop()));
    await this.store.end();
    await this.database.drop();
  }

  /** Makes an owner of the partition, as a process would. */
  async owner(
    changes: Partial<PartitionSurroundings> = {},
    budget = new KnowledgeBudget(100_000_000),
  ): Promise<PartitionOwner> {
    const events = new EventsReader(this.store.pools.readers);
    const reader = new ContextReader(this.store);
    const publish = async (stored: readonly StoredEvent[]) => void this.published.push(...stored);
    const relay = new OutcomesRelay(0, this.store, events, { publish });
    this.relays.push(relay);
    await relay.start();
    const owner = new PartitionOwner(0, {
      store: this.store,
      reader,
      events,
      relay,
      users: new UsersReader(reader, budget, (error) => void this.failures.push(error)),
      budget,
      partitions: 1,
      clock: () => this.now,
      searching: {
        forgettings: new ForgettingStore(this.store),
        pool: this.store.pools.readers,
        announce: async (forgettingId) => this.forgetNow(forgettingId),
        onError: (error) => void this.failures.push(error),
      },
      quarantine: async (_, why) => void this.quarantined.push(why),
      ...changes,
    });
    await this.open(owner);
    return owner;
  }

  async open(owner: PartitionOwner): Promise<number> {
    return (await owner.open(LOG)).nextOffset;
  }

  /**
   * Handles the records from `from` on in batches of `size` and waits until all are written. As a lane does, it
   * delivers records that Postgres refuses again one by one, and marks a record that fails alone.
   */
  async run(owner: PartitionOwner, from = 0, size = 500): Promise<void> {
    let suspectUntil = 0;
    let alone = { at: -1, failures: 0, reason: '' };
    for (let at = from; at < this.records.length;) {
      const suspect = at < suspectUntil;
      const records = this.records.slice(at, suspect ? at + 1 : at + size);
      const attempt = alone.at === at ? alone.failures - 1 : 0;
      try {
        const aside = attempt > 0 ? { reason: alone.reason, attempt } : undefined;
        await owner.handle(this.batch(records, { suspect, ...(aside && { aside }) }));
        at += records.length;
        if (at >= this.records.length) await owner.settled();
      } catch (error) {
        if (!(error instanceof DatabaseError) || failureCauseOf(error) === 'infrastructure') throw error;
        suspectUntil = Math.max(suspectUntil, at + records.length);
        if (suspect) alone = { at, failures: alone.at === at ? alone.failures + 1 : 1, reason: error.message };
        at = await this.open(owner);
      }
    }
  }

  batch(records: IncomingRecord[], mark: Pick<RecordBatch, 'suspect' | 'aside'> = {}): RecordBatch {
    return {
      ...mark,
      topic: 'submissions',
      partition: 0,
      highWatermark: BigInt(this.records.length),
      records,
      ahead: () => this.records.slice(Number(records.at(-1)!.offset) + 1).slice(0, records.length),
      isLost: () => false,
      fail: (error) => void this.failures.push(error),
    };
  }

  append(type: string, key: string, value: unknown, submissionId?: string): void {
    this.records.push({
      offset: BigInt(this.records.length),
      timestamp: this.now,
      key,
      value: Buffer.from(JSON.stringify(value)),
      headers: { [HEADERS.type]: type, ...(submissionId && { [HEADERS.submissionId]: submissionId }) },
    });
  }

  submit(...submissions: Submission[]): void {
    for (const submission of submissions) {
      const { kind, voucherId, submissionId } = submission;
      this.append(SUBMISSION_TYPES[kind], voucherId, submission, submissionId);
    }
  }

  tick(): void {
    this.append(TICK_TYPE, '', { at: new Date(this.now).toISOString() });
  }

  /** Appends the request to forget a user. The owner appends the record by which it does so. */
  forget(userId: string, by = 'privacy'): string {
    const forgettingId = this.id();
    const at = new Date(this.now).toISOString();
    this.append(FORGET_TYPE, '', { forgettingId, at, userId, salt: 'salt', by: { sub: by, team: 'default' } });
    return forgettingId;
  }

  private forgetNow(forgettingId: string): void {
    this.append(FORGET_NOW_TYPE, '', { forgettingId, at: new Date(this.now).toISOString() });
  }

  define(
    spec: Partial<VoucherSpec> = {},
    { voucherId = this.id(), version = 1, intent = 'published' as 'published' | 'terminated' } = {},
  ): string {
    this.append(DEFINITION_TYPE, voucherId, {
      ...definitionOf(voucherId, { windows: WINDOWS, ...spec }, version),
      intent,
    });
    return voucherId;
  }

  id(): string {
    return uuidv7(START, 0, 3, (this.made += 1));
  }

  claim(voucherId: string, userId: string): Extract<Submission, { kind: 'claim' }> {
    const asked = { submissionId: this.id(), at: new Date(this.now).toISOString(), asker: 'a', bodyHash: 'b' };
    return { kind: 'claim', voucherId, claimId: this.id(), userId, attributes: {}, ...asked };
  }

  push(voucherId: string, userId: string): Submission {
    const at = new Date(this.now).toISOString();
    return { kind: 'push', submissionId: this.id(), voucherId, userId, pageSlug: 'spring', at };
  }

  /** All event rows in order. */
  events(): Promise<StoredEvent[]> {
    return new EventsReader(this.store.pools.readers).from(0, 1, 1_000_000);
  }

  async types(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { type } of await this.events()) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
  }
}

const range = { from: new Date(START - 3_600_000).toISOString(), to: new Date(START + 86_400_000).toISOString() };
export const WINDOWS = { timeZone: 'UTC', valid: range, claim: range, use: range };
