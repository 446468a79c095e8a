// The rights of the services in Kafka. They follow from the registry: a service may write what it writes, read what it
// reads, and describe all topics. The brokers' rights, the table in docs/operations.md and the test follow from here.
import { inNamespace, SERVICE_NAMES, SERVICES, type ServiceName } from './services.ts';
import { topicNames, type TopicName } from './topics.ts';

/** The principal of brokers and operators. It may do everything. */
export const KAFKA_ADMIN = 'admin';

export type KafkaOperation = 'describe' | 'read' | 'write' | 'alter-configs';

/** One right of a principal. */
export interface KafkaRight {
  readonly principal: string;
  readonly operation: KafkaOperation;
  readonly kind: 'topic' | 'group';
  /** The name of the topic, or the beginning of the names of groups. */
  readonly name: string;
}

/** The user name of a service in Kafka. It is the same as its login in Postgres. */
export const kafkaPrincipal = (namespace: string, service: ServiceName): string =>
  inNamespace(namespace, SERVICES[service].database);

/** All rights in a namespace. None is for the cluster, so no service can make or delete topics, or change rights. */
export function kafkaRights(namespace = ''): KafkaRight[] {
  const topics = topicNames(namespace);
  return SERVICE_NAMES.flatMap((service) => {
    const { writes, reads, keeps } = SERVICES[service];
    const principal = kafkaPrincipal(namespace, service);
    const on = (operation: KafkaOperation, names: readonly TopicName[]): KafkaRight[] =>
      names.map((name) => ({ principal, operation, kind: 'topic', name: topics[name] }));
    return [
      ...on('describe', Object.keys(topics) as TopicName[]),
      ...on('read', reads),
      ...on('write', writes),
      ...on('alter-configs', keeps),
      { principal, operation: 'read', kind: 'group', name: [namespace, service].filter(Boolean).join('.') },
    ];
  });
}
