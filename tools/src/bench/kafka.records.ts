// Puts claims and joinings into Kafka for the benches, and counts the records of a topic.
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { HEADERS, SUBMISSION_TYPES, TOPICS, uuidv7, type Facts, type TopicName } from '@vouchers/contracts';
import type { Signer } from '@vouchers/contracts/signatures';
import type { Admin, Kafka, Message } from 'kafkajs';

/** Claims, or joinings, that are put into Kafka in the form that page-delivery uses. */
export interface Backlog {
  readonly namespace: string;
  /** Default `claim`. */
  readonly kind?: 'claim' | 'join';
  /** The claims take these in turn. */
  readonly voucherIds: readonly string[];
  readonly claims: number;
  /** Number of the first user. Each claim has its own user. */
  readonly firstUser?: number;
  readonly attributes?: Facts;
  /** Absent: the claims are not signed. */
  readonly signer?: Signer | undefined;
}

const RECORDS_A_REQUEST = 500;
const REQUESTS_AT_ONCE = 4;
const SAID_EVERY = 250_000;
const LEADERS_WITHIN_MS = 10_000;

export const topicOf = (namespace: string, name: TopicName): string => `${namespace}.${TOPICS[name]}`;

/** A user's id for a number: bijective in 32 bits, so all users differ, and they come in no order. */
export const userOf = (number: number): string => `user-${(Math.imul(number, 2_654_435_761) >>> 0).toString(16)}`;

/** Publishes the backlog. Resolves when Kafka has acknowledged all of it. */
export async function fill(brokers: string, backlog: Backlog, say: (line: string) => void): Promise<void> {
  const { Partitioners } = (await import('kafkajs')).default;
  const kafka = await connect(brokers);
  const topic = topicOf(backlog.namespace, 'submissions');
  const places = await placesOf(kafka, topic, backlog.voucherIds);
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const began = performance.now();
  let [next, sent, said] = [0, 0, 0];
  const sendAll = async (): Promise<void> => {
    while (next < backlog.claims) {
      const first = next;
      next = Math.min(first + RECORDS_A_REQUEST, backlog.claims);
      const messages = Array.from({ length: next - first }, (_, index) => recordOf(backlog, places, first + index));
      await producer.send({ topic, acks: -1, messages });
      if (Math.floor((sent += messages.length) / SAID_EVERY) > said)
        say(`  ${(++said * SAID_EVERY).toLocaleString('en-US')} claims in Kafka`);
    }
  };
  try {
    await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, sendAll));
  } finally {
    await producer.disconnect();
  }
  const seconds = (performance.now() - began) / 1_000;
  say(`  ${backlog.claims.toLocaleString('en-US')} claims put into Kafka in ${seconds.toFixed(1)} s`);
}

/** Counts the records that a topic ever received. */
export class TopicEnd {
  readonly #admin: Admin;
  readonly #topic: string;

  private constructor(admin: Admin, topic: string) {
    this.#admin = admin;
    this.#topic = topic;
  }

  static async of(brokers: string, topic: string): Promise<TopicEnd> {
    const admin = (await connect(brokers)).admin();
    await admin.connect();
    return new TopicEnd(admin, topic);
  }

  async records(): Promise<number> {
    const offsets = await this.#admin.fetchTopicOffsets(this.#topic);
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  }

  close(): Promise<void> {
    return this.#admin.disconnect();
  }
}

/** Reads a topic from its beginning to its present end, and passes on the value of this header of each record. */
export async function headersIn(
  brokers: string,
  topic: string,
  name: string,
  tell: (value: string) => void,
): Promise<void> {
  const kafka = await connect(brokers);
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic).finally(() => admin.disconnect());
  const left = new Map(offsets.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, high]));
  const consumer = kafka.consumer({ groupId: `bench-${randomUUID()}` });
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const { headers } of batch.messages) tell(String(headers?.[name]));
        const end = left.get(batch.partition);
        if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= BigInt(end)) left.delete(batch.partition);
        if (left.size === 0) resolve();
      },
    });
    if (left.size > 0) await ended;
  } finally {
    await consumer.disconnect();
  }
}

/** Deletes a topic and makes it again with as many partitions, so that its offsets begin at 0. */
export async function makeAnew(brokers: string, topic: string): Promise<void> {
  const admin = (await connect(brokers)).admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    await admin.deleteTopics({ topics: [topic] });
    while ((await admin.listTopics()).includes(topic)) await pause(50); // the broker deletes asynchronously
    const numPartitions = topics[0]!.partitions.length;
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions }] });
    const until = performance.now() + LEADERS_WITHIN_MS;
    while (!(await admin.fetchTopicOffsets(topic).catch(() => undefined))) {
      if (performance.now() > until) throw new Error(`${topic} was made anew, and has no leaders`);
      await pause(50);
    }
  } finally {
    await admin.disconnect();
  }
}

async function connect(brokers: string): Promise<Kafka> {
  const { Kafka, logLevel } = (await import('kafkajs')).default;
  return new Kafka({ brokers: brokers.split(','), clientId: 'bench', logLevel: logLevel.NOTHING });
}

/** The partition of each key, by the default partitioner of all clients. */
async function placesOf(kafka: Kafka, topic: string, keys: readonly string[]): Promise<Map<string, number>> {
  const { Partitioners } = (await import('kafkajs')).default;
  const admin = kafka.admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] }).finally(() => admin.disconnect());
  const partitionMetadata = topics[0]!.partitions;
  const partition = Partitioners.DefaultPartitioner();
  return new Map(keys.map((key) => [key, partition({ topic, partitionMetadata, message: { key, value: null } })]));
}

const BODY_HASH = createHash('sha256').update('{}').digest('hex');
const ASKER = createHash('sha256').update('["default","bench",null]').digest('hex');

function recordOf(backlog: Backlog, places: ReadonlyMap<string, number>, index: number): Message {
  const { voucherIds, kind = 'claim', firstUser = 0, attributes = {}, signer, namespace } = backlog;
  const voucherId = voucherIds[index % voucherIds.length]!;
  const partition = places.get(voucherId)!;
  const now = Date.now();
  const random = randomUUID();
  // Version 8, since such ids are made of a hash. They spread over the whole index.
  const submissionId = `${random.slice(0, 14)}8${random.slice(15)}`;
  const id = uuidv7(now, partition, Math.random() * 2 ** 30, Math.random() * 2 ** 32);
  const at = new Date(now).toISOString();
  const value = JSON.stringify({
    submissionId,
    voucherId,
    at,
    asker: ASKER,
    bodyHash: BODY_HASH,
    kind,
    ...(kind === 'claim' ? { claimId: id } : { entryId: id }),
    userId: userOf(firstUser + index),
    attributes,
    salt: randomUUID(),
  });
  const headers = {
    [HEADERS.specVersion]: '1.0',
    [HEADERS.id]: submissionId,
    [HEADERS.type]: SUBMISSION_TYPES[kind],
    [HEADERS.source]: '/page-delivery',
    [HEADERS.time]: at,
    [HEADERS.subject]: voucherId,
    'content-type': 'application/json',
    [HEADERS.submissionId]: submissionId,
  };
  const topic = topicOf(namespace, 'submissions');
  const signed = signer ? signer.signed(headers, { topic, key: voucherId, value }) : headers;
  return { key: voucherId, partition, value, headers: signed };
}
