import { TOPICS, type TopicName } from '@vouchers/contracts';
import { brokers, uniqueNamespace } from './environment.ts';

/** The run's Kafka, and names that no other test uses. To create the topics, call `ensureTopics` of messaging. */
export interface TestKafka {
  readonly brokers: string[];
  /** The NAMESPACE for services. */
  readonly namespace: string;
  /** The contract's topics in this namespace, e.g. `test1a2b3c4d.voucher.outcomes.v1`. */
  readonly topics: Record<TopicName, string>;
  /** A topic of the test's own. */
  topic(name: string): string;
  /** A consumer group of the test's own. */
  group(name: string): string;
}

/** Makes names for one test file. It does not connect. */
export function testKafka(): TestKafka {
  const namespace = uniqueNamespace();
  const named = (name: string) => `${namespace}.${name}`;
  const topics = Object.fromEntries(Object.entries(TOPICS).map(([key, topic]) => [key, named(topic)]));
  return { brokers: brokers(), namespace, topics: topics as Record<TopicName, string>, topic: named, group: named };
}
