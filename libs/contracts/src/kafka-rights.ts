// The rights of the services in Kafka. The registry of services is the source: a service may write the topics that it writes, read
// those that it reads, and nothing else. The broker's rights, the table in docs/operations.md and the test follow.
import { inNamespace, SERVICE_NAMES, SERVICES, type ServiceName } from './services.ts';
import { TOPICS, type TopicName } from './topics.ts';

/** The principal of brokers and operators. It may do everything. */
export const KAFKA_ADMIN = 'admin';

/** `describe` includes the topic's offsets and is part of reading and writing. */
export type KafkaOperation = 'describe' | 'read' | 'write' | 'describe-configs' | 'alter-configs';

/** The rights of one principal on one resource. */
export interface KafkaRight {
  readonly service: ServiceName;
  /** The service's user name in Kafka, such as `page_delivery`. It is the same as its login in Postgres. */
  readonly principal: string;
  readonly kind: 'topic' | 'group';
  /** The name of the topic, or the beginning of the names of groups. */
  readonly name: string;
  readonly operations: readonly KafkaOperation[];
}

/** All rights in a namespace. Nobody has a right on the cluster, so no service can make topics or change rights. */
export function kafkaRights(namespace = ''): KafkaRight[] {
  return SERVICE_NAMES.flatMap((service) => {
    const whose = { service, principal: kafkaPrincipal(namespace, service) };
    const topics = (Object.keys(TOPICS) as TopicName[]).flatMap((topic) => {
      const operations = operationsOf(service, topic);
      const name = namespace ? `${namespace}.${TOPICS[topic]}` : TOPICS[topic];
      return operations.length > 0 ? [{ ...whose, kind: 'topic' as const, name, operations }] : [];
    });
    const groups = [namespace, service].filter(Boolean).join('.');
    return [...topics, { ...whose, kind: 'group', name: groups, operations: ['describe', 'read'] }];
  });
}

/** The user name of a service in Kafka. */
export const kafkaPrincipal = (namespace: string, service: ServiceName): string =>
  inNamespace(namespace, SERVICES[service].database);

/** The topics that a service writes, reads, or keeps. */
export const topicsOf = (service: ServiceName): TopicName[] =>
  (Object.keys(TOPICS) as TopicName[]).filter((topic) => operationsOf(service, topic).length > 0);

function operationsOf(service: ServiceName, topic: TopicName): KafkaOperation[] {
  const { writes, reads, keeps } = SERVICES[service];
  const has = (topics: readonly TopicName[]): boolean => topics.includes(topic);
  return [
    ...(has(writes) || has(reads) || has(keeps) ? (['describe'] as const) : []),
    ...(has(reads) || has(keeps) ? (['read'] as const) : []),
    ...(has(writes) ? (['write'] as const) : []),
    ...(has(keeps) ? (['describe-configs', 'alter-configs'] as const) : []),
  ];
}
