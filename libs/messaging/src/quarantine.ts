import { consumeBatches } from './batch.consumer.ts';
import { NotSent } from './failures.ts';
import type { Kafka } from './kafka.ts';
import type { Producer } from './record.producer.ts';
import type { IncomingRecord, OutgoingRecord, RecordPlace } from './record.ts';
import type { TopicIdentity } from './topic-identity.ts';
import { offsetRanges } from './topics.ts';

const READ_TIMEOUT_MS = 60_000;

/** The place of a record. It stays unique for ever, since a topic that is made again has another id. */
export interface Origin extends RecordPlace {
  log: TopicIdentity;
}

/** A record of the quarantine, described by its headers. */
export interface Quarantined {
  /** Its own offset in the quarantine. */
  at: bigint;
  offset: bigint;
  reason: string;
  /** True if nobody was told that the record was refused. */
  silent: boolean;
}

/** Keeps records that could not be read, unchanged, with the reason and their place. */
export class Quarantine {
  readonly #producer: Producer;
  readonly #topic: string;

  constructor(producer: Producer, topic: string) {
    this.#producer = producer;
    this.#topic = topic;
  }

  /**
   * Writes the record to the same partition as before. The batch may go on only when this resolves.
   * @throws the errors of `Producer.send`
   */
  async put(record: IncomingRecord, place: Origin, reason: string, silent = false): Promise<void> {
    await this.#producer.send([
      {
        topic: this.#topic,
        partition: place.partition,
        key: record.raw?.key ?? record.key,
        value: record.value,
        timestamp: record.timestamp,
        headers: Object.assign(givenHeaders(record), {
          quarantine_reason: reason,
          quarantine_topic: place.topic,
          quarantine_partition: String(place.partition),
          quarantine_offset: String(place.offset),
          quarantine_cluster_id: place.log.clusterId,
          quarantine_topic_id: place.log.topicId,
          ...(silent && { quarantine_silent: 'true' }),
        }),
      },
    ]);
  }
}

export interface QuarantineReading {
  topic: string;
  partition: number;
  /** The offset in the quarantine at which reading begins. */
  from: bigint;
  /** The original place of the first record to read. */
  since: Origin;
  /** A consumer group of the caller's own, since members of a group would share the partitions. */
  groupId: string;
}

/**
 * Reads a partition's quarantine to its present end. It leaves out records of another topic, and records of a release
 * that did not store the topic.
 */
export async function readQuarantine(
  kafka: Kafka,
  { topic, partition, from, since, groupId }: QuarantineReading,
): Promise<{ records: Quarantined[]; end: bigint }> {
  const ranges = (await offsetRanges(kafka, [topic])).get(topic)!;
  const { low, high: end } = ranges[partition]!;
  const begin = from > low ? from : low;
  const records: Quarantined[] = [];
  if (begin >= end) return { records, end };
  const done = Promise.withResolvers<void>();
  const consumption = await consumeBatches(
    kafka,
    {
      groupId,
      topics: [topic],
      startAt: async (_, of) => (of === partition ? begin : ranges[of]!.high),
      outOfRange: 'earliest',
    },
    async (batch) => {
      if (batch.partition !== partition) return;
      for (const { offset: at, headers } of batch.records) {
        const offset = offsetIn(headers, since);
        if (offset === undefined || offset < since.offset) continue;
        records.push({
          at,
          offset,
          reason: headers['quarantine_reason'] ?? '',
          silent: headers['quarantine_silent'] === 'true',
        });
      }
      if (batch.records.at(-1)!.offset + 1n >= end) done.resolve();
    },
  );
  const timer = setTimeout(
    () => done.reject(new NotSent(`the quarantine of partition ${partition} cannot be read`)),
    READ_TIMEOUT_MS,
  );
  try {
    await done.promise;
    return { records, end };
  } finally {
    clearTimeout(timer);
    await consumption.stop();
  }
}

/** The record's original offset, if it came from that partition of that log. */
function offsetIn(headers: Record<string, string>, { partition, log }: Origin): bigint | undefined {
  const { quarantine_cluster_id: cluster, quarantine_topic_id: topic, quarantine_offset: offset = '' } = headers;
  const isHere = cluster === log.clusterId && topic === log.topicId;
  if (!isHere || headers['quarantine_partition'] !== String(partition) || !/^\d{1,19}$/.test(offset)) return undefined;
  return BigInt(offset);
}

/** kafkajs cannot write a header without a value, so it becomes an empty one. */
function givenHeaders(record: IncomingRecord): OutgoingRecord['headers'] {
  const headers = Object.create(null) as OutgoingRecord['headers'];
  const given = record.raw?.headers ?? record.headers;
  for (const name of Object.keys(given)) {
    const value = given[name];
    headers[name] = Array.isArray(value) ? value.map((one) => one ?? '') : (value ?? '');
  }
  return headers;
}
