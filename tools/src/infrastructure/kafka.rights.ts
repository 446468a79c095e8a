// Gives the principals of Kafka their rights, and makes the topics, since no service may do so on such a broker.
import { kafkaRights, platformTopics, topicNames, type KafkaOperation, type KafkaRight } from '@vouchers/contracts';
import type { AclEntry, Admin } from 'kafkajs';

export interface RightsOptions {
  readonly namespace: string;
  readonly partitions: number;
  /** Copies of each partition. 0: the brokers' default. */
  readonly replication: number;
}

/**
 * Makes missing topics and rights, and takes away other rights of the services' principals. It may run again.
 * @returns the number of rights that were missing, and of those that were taken away
 */
export async function makeKafkaRights(
  admin: Admin,
  { namespace, partitions, replication }: RightsOptions,
): Promise<{ made: number; removed: number }> {
  const there = new Set(await admin.listTopics());
  const topics = platformTopics(topicNames(namespace), partitions, replication)
    .filter(({ topic }) => !there.has(topic))
    .map(({ topic, partitions: numPartitions, replication: copies = -1, config }) => ({
      topic,
      numPartitions,
      replicationFactor: copies,
      configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
    }));
  if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: false });
  const wanted = (await Promise.all(kafkaRights(namespace).map(entriesOf))).flat();
  const present = await presentFor(admin, [...new Set(wanted.map(({ principal }) => principal))]);
  const missing = wanted.filter((entry) => !present.some((other) => same(entry, other)));
  const surplus = present.filter((entry) => !wanted.some((other) => same(entry, other)));
  if (missing.length > 0) await admin.createAcls({ acl: missing });
  if (surplus.length > 0) await admin.deleteAcls({ filters: surplus });
  return { made: missing.length, removed: surplus.length };
}

async function entriesOf({ principal, kind, name, operations }: KafkaRight): Promise<AclEntry[]> {
  const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = (await import('kafkajs'))
    .default;
  const named: Record<KafkaOperation, number> = {
    describe: AclOperationTypes.DESCRIBE,
    read: AclOperationTypes.READ,
    write: AclOperationTypes.WRITE,
    'describe-configs': AclOperationTypes.DESCRIBE_CONFIGS,
    'alter-configs': AclOperationTypes.ALTER_CONFIGS,
  };
  return operations.map((operation) => ({
    principal: `User:${principal}`,
    host: '*',
    operation: named[operation],
    permissionType: AclPermissionTypes.ALLOW,
    resourceType: kind === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
    resourceName: name,
    resourcePatternType: kind === 'topic' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
  }));
}

async function presentFor(admin: Admin, principals: readonly string[]): Promise<AclEntry[]> {
  const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = (await import('kafkajs'))
    .default;
  const found = principals.map(async (principal) => {
    const { resources } = await admin.describeAcls({
      principal,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
    });
    return resources.flatMap(({ acls, ...resource }) => acls.map((acl) => ({ ...acl, ...resource })));
  });
  return (await Promise.all(found)).flat() as AclEntry[];
}

const FIELDS = [
  'principal',
  'host',
  'operation',
  'permissionType',
  'resourceType',
  'resourceName',
  'resourcePatternType',
] as const satisfies readonly (keyof AclEntry)[];

const same = (one: AclEntry, other: AclEntry): boolean => FIELDS.every((field) => one[field] === other[field]);
