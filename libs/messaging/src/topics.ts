// The platform's topics: how they must be, and what stands in them.
import { TOPIC_SETTINGS, type TopicName } from '@vouchers/contracts';
import kafkajs, { type Admin } from 'kafkajs';
import type { Kafka } from './kafka.ts';

export interface TopicSpec {
  topic: string;
  partitions: number;
  /** Copies of each partition; absent: the brokers' own default. */
  replication?: number;
  /** Kafka's topic settings, as `cleanup.policy`. Given when the topic is created. */
  config: Record<string, string>;
}

/**
 * The five topics of the contract, under the given (namespaced) names.
 * @param replication copies of each partition, of which a write waits for all but one; 0: the brokers' own defaults.
 */
export function platformTopics(names: Record<TopicName, string>, partitions: number, replication = 0): TopicSpec[] {
  const copies = { 'min.insync.replicas': String(Math.max(1, replication - 1)) };
  return (Object.keys(TOPIC_SETTINGS) as TopicName[]).map((name) => ({
    topic: names[name],
    partitions,
    ...(replication > 0 && { replication }),
    config: { ...TOPIC_SETTINGS[name], ...(replication > 0 && copies) },
  }));
}

/**
 * Makes what is missing; several processes may do so at once.
 * @throws Error where a topic exists with another partition count: keys would change their partition, and a voucher its writer.
 */
export async function ensureTopics(kafka: Kafka, specs: TopicSpec[]): Promise<void> {
  await withAdmin(
    kafka,
    async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = specs.filter(({ topic }) => !existing.has(topic));
      if (missing.length > 0) {
        await admin.createTopics({
          // kafkajs's own wait fails where the metadata are late: see `withAdmin`.
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
            `topic ${spec.topic} has ${found} partitions, ${spec.partitions} are wanted: the count never changes under a running system`,
          );
        }
      }
      // Whoever returns from here may use them at once.
      for (const { topic } of missing) await admin.fetchTopicOffsets(topic);
    },
    PASSING_WHEN_MADE,
  );
}

/** A topic's own settings, as Kafka's protocol numbers where a value comes from; the others are the broker's. */
const SET_ON_TOPIC = 1;

/**
 * Sets how long a topic keeps its records, also for a topic that exists. @returns whether it was changed
 */
export async function retain(kafka: Kafka, topic: string, milliseconds: number): Promise<boolean> {
  const wanted = String(milliseconds);
  return withAdmin(kafka, async (admin) => {
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic };
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
    const entries = resources[0]!.configEntries;
    if (entries.some(({ configName, configValue }) => configName === 'retention.ms' && configValue === wanted))
      return false;
    // This request replaces all settings of the topic, so those that stay are named, too.
    const others = entries
      .filter(({ configName, configSource }) => configSource === SET_ON_TOPIC && configName !== 'retention.ms')
      .map(({ configName, configValue }) => ({ name: configName, value: configValue }));
    const configEntries = [...others, { name: 'retention.ms', value: wanted }];
    await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
    return true;
  });
}

/** The offset after each partition's last record, by partition. @throws Error where the topic does not exist. */
export async function endOffsets(kafka: Kafka, topic: string): Promise<bigint[]> {
  const ranges = await offsetRanges(kafka, [topic]);
  return ranges.get(topic)!.map(({ high }) => high);
}

/** The first offset that a partition still has, and the one after its last. */
export interface OffsetRange {
  low: bigint;
  high: bigint;
}

/** Each topic's ranges, by partition. @throws Error where a topic does not exist. */
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

/** A topic just made is known before its leaders serve it: that passes, within seconds on a busy machine. */
const PASSING = ['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE'];
const PASSING_WHEN_MADE = [...PASSING, 'UNKNOWN_TOPIC_OR_PARTITION'];
const PASSING_MS = 10_000;

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>, passing = PASSING): Promise<T> {
  const until = Date.now() + PASSING_MS;
  const admin = kafka.client().admin();
  try {
    await admin.connect();
    for (;;) {
      try {
        return await work(admin);
      } catch (error) {
        const { type } = error as { type?: string };
        if (!type || !passing.includes(type) || Date.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  } finally {
    await admin.disconnect();
  }
}
