import type { Kafka } from './kafka.ts';

/** Which cluster, and which topic of that name: a recreated one has another id. */
export interface TopicIdentity {
  clusterId: string;
  /** UUID. */
  topicId: string;
}

/** @throws Error where no broker answers, or the topic does not exist. */
export async function topicIdentity(kafka: Kafka, topic: string): Promise<TopicIdentity> {
  void kafka, topic;
  throw new Error('not yet');
}

/** Whether a broker answers within the time. Never throws. */
export async function pingKafka(kafka: Kafka, timeoutMs: number): Promise<boolean> {
  void kafka, timeoutMs;
  throw new Error('not yet');
}
