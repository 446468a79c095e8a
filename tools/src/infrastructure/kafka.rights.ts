// Gives the principals of Kafka their rights, and makes the topics, since no service may do so on such a broker.
import { setTimeout as pause } from 'node:timers/promises';
import { kafkaRights, platformTopics, topicNames, type KafkaOperation, type KafkaRight } from '@vouchers/contracts';
import kafkajs, { type AclEntry, type Admin, type KafkaConfig } from 'kafkajs';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

export interface RightsOptions {
  readonly namespace: string;
  readonly partitions: number;
  /** Copies of each partition. 0: the brokers' default. */
  readonly replication: number;
  /** Whether other rights of the services' principals stay. */
  readonly onlyAdd?: boolean;
}

/** Brokers show new rights, and act on them, a moment after the controller has taken them. */
const SHOWN_WITHIN_MS = 30_000;

/**
 * Makes missing topics and rights, and takes away other rights of the services' principals. It may run again.
 * @param access an admin's
 * @returns the number of rights that were missing, and of those that were taken away
 */
export async function makeKafkaRights(
  access: KafkaConfig,
  options: RightsOptions,
): Promise<{ made: number; removed: number }> {
  const admin = new kafkajs.Kafka({ ...access, clientId: 'rights', logLevel: kafkajs.logLevel.ERROR }).admin();
  await admin.connect();
  try {
    await makeTopics(admin, options);
    const look = async (): Promise<Differences> => {
      const { missing, surplus } = await differences(admin, kafkaRights(options.namespace).map(entryOf));
      return { missing, surplus: options.onlyAdd ? [] : surplus };
    };
    const { missing, surplus } = await look();
    if (missing.length > 0) await admin.createAcls({ acl: missing });
    if (surplus.length > 0) await admin.deleteAcls({ filters: surplus });
    await untilShown(look);
    return { made: missing.length, removed: surplus.length };
  } finally {
    await admin.disconnect();
  }
}

async function makeTopics(admin: Admin, { namespace, partitions, replication }: RightsOptions): Promise<void> {
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
}

async function untilShown(look: () => Promise<Differences>): Promise<void> {
  const until = performance.now() + SHOWN_WITHIN_MS;
  for (;;) {
    const { missing, surplus } = await look();
    if (missing.length + surplus.length === 0) return;
    if (performance.now() > until)
      throw new Error(`Kafka does not show ${missing.length} rights, and still shows ${surplus.length} others`);
    await pause(100);
  }
}

/** The wanted rights that Kafka lacks, and the other rights of the same principals. */
interface Differences {
  readonly missing: AclEntry[];
  readonly surplus: AclEntry[];
}

async function differences(admin: Admin, wanted: readonly AclEntry[]): Promise<Differences> {
  const present: AclEntry[] = [];
  for (const principal of new Set(wanted.map((entry) => entry.principal))) {
    const { resources } = await admin.describeAcls({
      principal,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
    });
    for (const { acls, ...resource } of resources) present.push(...acls.map((acl) => ({ ...acl, ...resource })));
  }
  return {
    missing: wanted.filter((entry) => !present.some((other) => isSame(entry, other))),
    surplus: present.filter((entry) => !wanted.some((other) => isSame(entry, other))),
  };
}

const OPERATIONS: Record<KafkaOperation, number> = {
  describe: AclOperationTypes.DESCRIBE,
  read: AclOperationTypes.READ,
  write: AclOperationTypes.WRITE,
  'alter-configs': AclOperationTypes.ALTER_CONFIGS,
};

function entryOf({ principal, operation, kind, name }: KafkaRight): AclEntry {
  const isTopic = kind === 'topic';
  return {
    principal: `User:${principal}`,
    host: '*',
    operation: OPERATIONS[operation],
    permissionType: AclPermissionTypes.ALLOW,
    resourceType: isTopic ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
    resourceName: name,
    resourcePatternType: isTopic ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
  };
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

const isSame = (one: AclEntry, other: AclEntry): boolean => FIELDS.every((field) => one[field] === other[field]);
