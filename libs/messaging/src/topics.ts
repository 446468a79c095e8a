// Creates the platform's topics, and reads their offset ranges.
import type { TopicSpec } from '@vouchers/contracts';
import kafkajs, { type Admin } from 'kafkajs';
import type { Kafka } from './kafka.ts';

/**
 * Creates the missing topics; several processes may do so at once.
 * @throws Error if a topic has another partition count: its keys would move to other partitions, and vouchers to other
 * writers
 */
export async function ensureTopics(kafka: Kafka, specs: TopicSpec[]): Promise<void> {
  await withAdmin(
    kafka,
    async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = specs.filter(({ topic }) => !existing.has(topic));
      if (missing.length > 0) {
        await admin.createTopics({
          // kafkajs's own wait fails if the metadata are late: see `withAdmin`.
          waitForLeaders: false,
          topics: missing.map(({ topic, partitions, replication, config }) => ({
            topic,
            numPartitions: partitions,
            replicationFactor: replication ?? -1,
            configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
          })),
        });
      }
      const { topics } = await admin.fetchTopicMetadata({ topics: specs.map(({ topic }) => topic) });
      for (const spec of specs) {
        const found = topics.find(({ name }) => name === spec.topic)?.partitions.length ?? 0;
        if (found !== spec.partitions) {
          throw new Error(
            `topic ${spec.topic} has ${found} partitions, ${spec.partitions} are wanted: the count of a running system never changes`,
          );
        }
      }
      // The caller may use the new topics at once, so this waits until they can be read.
      for (const { topic } of missing) await admin.fetchTopicOffsets(topic);
    },
    TRANSIENT_AFTER_CREATION,
  );
}

/** Kafka's number for a setting that was set on the topic itself; all others are defaults of the broker. */
const SET_ON_TOPIC = 1;

/** Sets how long an existing topic keeps its records. @returns true if that was a change */
export async function retain(kafka: Kafka, topic: string, milliseconds: number): Promise<boolean> {
  const wanted = String(milliseconds);
  return withAdmin(kafka, async (admin) => {
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic };
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
    const entries = resources[0]!.configEntries;
    if (entries.some(({ configName, configValue }) => configName === 'retention.ms' && configValue === wanted))
      return false;
    // This request replaces all settings of the topic, so it must repeat the others.
    const others = entries
      .filter(({ configName, configSource }) => configSource === SET_ON_TOPIC && configName !== 'retention.ms')
      .map(({ configName, configValue }) => ({ name: configName, value: configValue }));
    const configEntries = [...others, { name: 'retention.ms', value: wanted }];
    await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
    return true;
  });
}

/**
 * The offset after the last record of each partition, in order of partition.
 * @throws Error if the topic does not exist.
 */
export async function endOffsets(kafka: Kafka, topic: string): Promise<bigint[]> {
  const ranges = await offsetRanges(kafka, [topic]);
  return ranges.get(topic)!.map(({ high }) => high);
}

/** The first offset that a partition still has, and the offset after its last record. */
export interface OffsetRange {
  low: bigint;
  high: bigint;
}

/** The ranges of each topic, in order of partition. @throws Error if a topic does not exist. */
export async function offsetRanges(kafka: Kafka, topics: string[]): Promise<Map<string, OffsetRange[]>> {
  return withAdmin(kafka, async (admin) => {
    const ranges = new Map<string, OffsetRange[]>();
    for (const topic of topics) {
      const byPartition: OffsetRange[] = [];
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        byPartition[partition] = { low: BigInt(low), high: BigInt(high) };
      }
      ranges.set(topic, byPartition);
    }
    return ranges;
  });
}

/**
 * The metadata show a new topic before its leaders serve it. On a busy machine that takes seconds, so it is retried.
 */
const TRANSIENT = ['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE'];
const TRANSIENT_AFTER_CREATION = [...TRANSIENT, 'UNKNOWN_TOPIC_OR_PARTITION'];
const RETRY_FOR_MS = 10_000;

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>, transient = TRANSIENT): Promise<T> {
  const until = Date.now() + RETRY_FOR_MS;
  const admin = kafka.client().admin();
  try {
    await admin.connect();
    for (;;) {
      try {
        return await work(admin);
      } catch (error) {
        const { type } = error as { type?: string };
        if (!type || !transient.includes(type) || Date.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  } finally {
    await admin.disconnect();
  }
}
