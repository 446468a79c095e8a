// Records that none of our services would write. The harness appends them with its own producer.
import { randomUUID } from 'node:crypto';
import type { Producer } from 'kafkajs';
import { DEFINITION_TYPE, HEADERS, SUBMISSION_TYPES, TICK_TYPE, uuidv7 } from '@vouchers/contracts';
import { asAdmin, readTopics, type TopicRecord } from './evidence.ts';
import type { Stage } from './stage.ts';

const CLAIMS = 30;

/** A record in its final form. Only Kafka adds to it. */
export interface RawRecord {
  readonly partition: number;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends records by a producer of the harness's own. */
export async function asProducer<T>(brokers: string, work: (producer: Producer) => Promise<T>): Promise<T> {
  return asAdmin(brokers, async (_, client) => {
    // A new topic is known before its leaders serve it.
    const producer = client.producer({ allowAutoTopicCreation: false, retry: { retries: 20, maxRetryTime: 1_000 } });
    await producer.connect();
    try {
      return await work(producer);
    } finally {
      await producer.disconnect();
    }
  });
}

/** Appends the records with the platform's signature. @returns the offset of each record */
export function append(stage: Stage, topic: string, records: readonly RawRecord[]): Promise<number[]> {
  const signed = records.map((record) => ({
    ...record,
    headers: stage.signer.signed(record.headers, { ...record, topic }),
  }));
  return appendAsTheyAre(stage, topic, signed);
}

/** @returns the offset of each record */
export async function appendAsTheyAre(stage: Stage, topic: string, records: readonly RawRecord[]): Promise<number[]> {
  return asProducer(stage.brokers, async (producer) => {
    const offsets: number[] = [];
    for (const { partition, key, value, headers } of records) {
      const [metadata] = await producer.send({ topic, messages: [{ partition, key, value, headers }] });
      offsets.push(Number(metadata!.baseOffset));
    }
    return offsets;
  });
}

/** The records on the submissions, some of which may be sent again. */
export async function submissions(stage: Stage): Promise<TopicRecord[]> {
  return (await readTopics(stage.brokers, stage.topics, ['submissions'])).submissions;
}

const OF_SUBMISSIONS = new Set<string>(Object.values(SUBMISSION_TYPES));
export const isSubmission = ({ headers }: TopicRecord): boolean => OF_SUBMISSIONS.has(headers[HEADERS.type] ?? '');
export const isDefinition = ({ headers }: TopicRecord): boolean => headers[HEADERS.type] === DEFINITION_TYPE;

/** The same record with the same id and another content. */
export function changed(record: TopicRecord, change: object): RawRecord {
  return { ...record, value: JSON.stringify({ ...(JSON.parse(record.value!) as object), ...change }) };
}

/** The same record with a new submission id. */
export function another(record: TopicRecord, change: object): RawRecord {
  const submissionId = randomUUID();
  const { headers } = record;
  return {
    ...changed(record, { submissionId, ...change }),
    headers: { ...headers, [HEADERS.id]: submissionId, [HEADERS.submissionId]: submissionId },
  };
}

/** Appends claims in page-delivery's form, while page-delivery is stopped. @param like present or former submissions */
export async function appendClaims(stage: Stage, like?: readonly TopicRecord[]): Promise<void> {
  const userIds = Array.from({ length: CLAIMS }, () => `nobody-${randomUUID()}`);
  await append(stage, stage.topics.submissions, await claimsOf(stage, userIds, like));
}

/** One claim per user, of any voucher of the load, in page-delivery's form. */
export async function claimsOf(
  stage: Stage,
  userIds: readonly string[],
  like?: readonly TopicRecord[],
): Promise<RawRecord[]> {
  const sent = (like ?? (await submissions(stage))).filter(
    ({ key, headers }) => headers[HEADERS.type] === SUBMISSION_TYPES.claim && stage.voucherIds.includes(key!),
  );
  return userIds.map((userId) => {
    const one = stage.random.oneOf(sent);
    const claimId = uuidv7(Date.now(), one.partition, stage.random.from(1, 1_000_000), stage.random.from(1, 1_000_000));
    return another(one, { claimId, userId, at: new Date().toISOString() });
  });
}

/** Appends ticks in the ledger's form to every partition, one for each of these times. Unit: milliseconds from now. */
export async function appendTicks(stage: Stage, ...shiftsMs: number[]): Promise<void> {
  const ticks = Array.from({ length: stage.partitions }, (_, partition) =>
    shiftsMs.map((shiftMs): RawRecord => {
      const value = JSON.stringify({ at: new Date(Date.now() + shiftMs).toISOString() });
      return { partition, key: '', value, headers: { [HEADERS.type]: TICK_TYPE, [HEADERS.id]: randomUUID() } };
    }),
  );
  await append(stage, stage.topics.submissions, ticks.flat());
}
