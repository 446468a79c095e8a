// The platform's topics: how they must be, and what stands in them.
import type { TopicName } from '@vouchers/contracts';
import type { Kafka } from './kafka.ts';

export interface TopicSpec {
  topic: string;
  partitions: number;
  /** Kafka's topic settings, as `cleanup.policy`. Given when the topic is created. */
  config: Record<string, string>;
}

/** The five topics of the contract, under the given (namespaced) names. */
export function platformTopics(names: Record<TopicName, string>, partitions: number): TopicSpec[] {
  void names, partitions;
  throw new Error('not yet');
}

/** Makes what is missing. @throws Error where a topic exists with another partition count: it never changes. */
export async function ensureTopics(kafka: Kafka, specs: TopicSpec[]): Promise<void> {
  void kafka, specs;
  throw new Error('not yet');
}

/** The offset after each partition's last record, by partition. */
export async function endOffsets(kafka: Kafka, topic: string): Promise<bigint[]> {
  void kafka, topic;
  throw new Error('not yet');
}
