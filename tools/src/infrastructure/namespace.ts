// Empties a namespace on servers that outlive the run.
import { setTimeout as pause } from 'node:timers/promises';
import { dropDatabases } from './databases.ts';
import type { Infrastructure } from './infrastructure.ts';
import { dropLogins } from './logins.ts';

/** Deletes databases, logins, topics and groups whose names begin with the namespace, on servers that we were given. */
export async function emptyNamespace(
  { databaseUrl, brokers, given }: Pick<Infrastructure, 'databaseUrl' | 'brokers' | 'given'>,
  namespace: string,
): Promise<void> {
  if (!namespace) throw new Error('without a namespace everything would go');
  if (given.databaseUrl) {
    await dropDatabases(databaseUrl, namespace);
    await dropLogins(databaseUrl, namespace);
  }
  if (given.brokers) await deleteTopics(brokers.split(','), namespace);
}

async function deleteTopics(brokers: string[], namespace: string): Promise<void> {
  const { Kafka, logLevel } = (await import('kafkajs')).default;
  const admin = new Kafka({ brokers, clientId: 'tools', logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    const { groups } = await admin.listGroups();
    const ours = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(namespace));
    // A group with living members cannot be deleted. It does no harm without its topics.
    if (ours.length > 0) await admin.deleteGroups(ours).catch(() => undefined);
    const topics = async () => (await admin.listTopics()).filter((topic) => topic.startsWith(namespace));
    const found = await topics();
    if (found.length > 0) await admin.deleteTopics({ topics: found });
    while ((await topics()).length > 0) await pause(50); // the broker deletes asynchronously
  } finally {
    await admin.disconnect();
  }
}
