// The evidence after a fault: the auditor reads Kafka and Postgres itself.
import { randomUUID } from 'node:crypto';
import type { Admin, Consumer, Kafka } from 'kafkajs';
import pg from 'pg';
import type { EventData } from '@vouchers/contracts';
import type { AuditedRequest } from './account.ts';

/** A header of records that the auditor leaves out. */
export const GARBAGE = 'garbage';

/** A record of a topic. */
export interface TopicRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded as UTF-8. */
  readonly value: string | null;
  readonly bytes: Buffer | null;
  /** Time of the broker or of the producer, by the topic's setting. Unix milliseconds. */
  readonly timestamp: number;
}

/** A row of the ledger's `events`. */
export interface LedgerEvent {
  readonly partition: number;
  readonly seq: number;
  readonly type: string;
  readonly voucherId: string;
  readonly submissionId: string | null;
  /** Unix milliseconds. */
  readonly decidedAt: number;
  /** The event as it is stored and published. */
  readonly text: string;
  readonly data: EventData;
}

/** A row of the ledger's `vouchers`. */
export interface ProjectedVoucher {
  readonly voucherId: string;
  readonly free: number | null;
  readonly counters: Readonly<Record<string, unknown>>;
}

export interface Topics {
  readonly submissions: readonly TopicRecord[];
  readonly outcomes: readonly TopicRecord[];
  readonly quarantine: readonly TopicRecord[];
}

/** A partition of the submissions. */
export interface CursorSeen {
  readonly partition: number;
  /** The next offset that the ledger will read, and the next seq that it will assign. */
  readonly next: number;
  readonly seq: number;
  /** End of the topic when the fault was healed. The cursor must have reached it. */
  readonly wanted: number;
  /** Present end of the topic. The cursor cannot be past it. */
  readonly end: number;
}

/** Everything that the invariants are checked against. */
export interface Evidence extends Topics {
  readonly requests: readonly AuditedRequest[];
  readonly events: readonly LedgerEvent[];
  readonly vouchers: readonly ProjectedVoucher[];
  readonly cursors: readonly CursorSeen[];
  /** Times at which a cursor went back. */
  readonly regressions: readonly string[];
  /** Whether Postgres was restored from a backup meanwhile, so that later submissions were decided again. */
  readonly restored: boolean;
  /** Answers that turned out false. */
  readonly untrue: readonly string[];
  /** Readiness answers of services that did not become ready again. */
  readonly unready: readonly string[];
  /** Settled requests that got no answer when they were repeated. */
  readonly unrepeated: readonly AuditedRequest[];
  /** The newest version of each voucher in config. */
  readonly configured: readonly { readonly voucherId: string; readonly version: number }[];
  /** Output of the services' own rebuilds: one line per difference. */
  readonly differences: readonly string[];
}

/** The offset after each partition's last record. `brokers`: comma separated. */
export async function topicEnds(brokers: string, topic: string): Promise<number[]> {
  return asAdmin(brokers, async (admin) => {
    const ends: number[] = [];
    for (const { partition, high } of await admin.fetchTopicOffsets(topic)) ends[partition] = Number(high);
    return ends;
  });
}

/** Reads some topics from their first record to their present end. */
export function readTopics<Name extends string>(
  brokers: string,
  topics: Readonly<Record<Name, string>>,
  wanted: readonly Name[],
): Promise<Record<Name, TopicRecord[]>> {
  return asAdmin(brokers, async (admin, client) => {
    const groupId = `auditor-${randomUUID()}`;
    const consumer = client.consumer({ groupId });
    const names = wanted.map((name) => [name, topics[name]] as [Name, string]);
    const read = Object.fromEntries(names.map(([name]) => [name, []])) as unknown as Record<Name, TopicRecord[]>;
    /** Ends of the partitions that are not read to their end yet. Empty partitions are left out. */
    const ends = new Map<string, number>();
    for (const [name, topic] of names) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        if (Number(high) > Number(low)) ends.set(`${name}/${partition}`, Number(high));
      }
    }
    try {
      if (ends.size > 0) await readUntil(consumer, names, ends, read);
    } finally {
      await consumer.disconnect();
      await admin.deleteGroups([groupId]).catch(() => undefined);
    }
    return read;
  });
}

/** Runs admin calls on Kafka, as an operator would. */
export async function asAdmin<T>(brokers: string, work: (admin: Admin, client: Kafka) => Promise<T>): Promise<T> {
  const kafkajs = (await import('kafkajs')).default;
  const client = new kafkajs.Kafka({
    brokers: brokers.split(','),
    clientId: 'auditor',
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = client.admin();
  await admin.connect();
  try {
    return await work(admin, client);
  } finally {
    await admin.disconnect();
  }
}

/** Deletes the records before these offsets, one per partition, as the topic's retention would. */
export async function expire(brokers: string, topic: string, offsets: readonly number[]): Promise<void> {
  const partitions = offsets.map((offset, partition) => ({ partition, offset: String(offset) }));
  await asAdmin(brokers, async (admin) => {
    await admin.fetchTopicOffsets(topic); // kafkajs deletes only from a topic whose leaders it has looked up
    await admin.deleteTopicRecords({ topic, partitions });
  });
}

async function readUntil<Name extends string>(
  consumer: Consumer,
  names: readonly [Name, string][],
  ends: Map<string, number>,
  read: Record<Name, TopicRecord[]>,
): Promise<void> {
  const nameOf = new Map(names.map(([name, topic]) => [topic, name]));
  const done = Promise.withResolvers<void>();
  consumer.on(consumer.events.CRASH, ({ payload }) => !payload.restart && done.reject(payload.error));
  await consumer.connect();
  await consumer.subscribe({ topics: [...nameOf.keys()], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch: { topic, partition, messages } }) => {
      const name = nameOf.get(topic)!;
      for (const { offset, key, value, timestamp, headers = {} } of messages) {
        read[name].push({
          partition,
          offset: Number(offset),
          key: key && String(key),
          value: value && String(value),
          bytes: value,
          timestamp: Number(timestamp),
          headers: Object.fromEntries(Object.entries(headers).map(([header, bytes]) => [header, String(bytes)])),
        });
      }
      const place = `${name}/${partition}`;
      if (Number(messages.at(-1)!.offset) + 1 >= (ends.get(place) ?? Infinity)) ends.delete(place);
      if (ends.size === 0) done.resolve();
      return Promise.resolve();
    },
  });
  const timer = setTimeout(() => done.reject(new Error(`not read to the end: ${[...ends.keys()].join()}`)), 60_000);
  await done.promise.finally(() => clearTimeout(timer));
}

const EVENTS = `SELECT partition, seq::float8 AS seq, type, voucher_id AS "voucherId", submission_id AS "submissionId",
  (extract(epoch FROM decided_at) * 1000)::float8 AS "decidedAt", data::text AS text
  FROM events ORDER BY partition, seq`;
const VOUCHERS = 'SELECT voucher_id AS "voucherId", free::float8 AS free, counters FROM vouchers';
/** The cursor of each partition. */
export const CURSORS =
  'SELECT partition, next_offset::float8 AS next, next_seq::float8 AS seq FROM cursor ORDER BY partition';

/** The ledger's tables in one transaction. */
export interface Snapshot {
  readonly events: LedgerEvent[];
  readonly vouchers: ProjectedVoucher[];
  readonly cursors: { partition: number; next: number; seq: number }[];
}

/** @param url of the ledger's database, with its owner */
export async function ledgerSnapshot(url: string): Promise<Snapshot> {
  const client = await connected(url);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows: cursors } = await client.query<Snapshot['cursors'][number]>(CURSORS);
    const { rows: vouchers } = await client.query<ProjectedVoucher>(VOUCHERS);
    const { rows: events } = await client.query<Omit<LedgerEvent, 'data'>>(EVENTS);
    return { cursors, vouchers, events: events.map((row) => ({ ...row, data: JSON.parse(row.text) as EventData })) };
  } finally {
    await client.end();
  }
}

/** The rows of one statement, on a connection of its own. */
export async function rowsOf<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = await connected(url);
  try {
    return (await client.query<Row & pg.QueryResultRow>(text)).rows;
  } finally {
    await client.end();
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000, query_timeout: 30_000 });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
