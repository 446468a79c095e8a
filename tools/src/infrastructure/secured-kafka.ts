// A Kafka that asks each client who it is, for the tests of rights.
import { KAFKA_ADMIN } from '@vouchers/contracts';
import type { KafkaConfig } from 'kafkajs';
import { startContainers } from './containers.ts';
import { startKafka } from './kafka.server.ts';
import { makeKafkaRights, type RightsOptions } from './kafka.rights.ts';
import type { RunningServer } from './running.server.ts';

/** Options of such a broker. `passwords` are those of all principals, with the admin's. */
export interface SecuredKafkaOptions extends RightsOptions {
  readonly folder: string;
  readonly passwords: Readonly<Record<string, string>>;
}

/** Starts a broker with passwords, the topics of the contract, and the rights of the services' principals. */
export async function startSecuredKafka(options: SecuredKafkaOptions): Promise<RunningServer> {
  const server = { folder: options.folder, kept: false, kafkaPasswords: options.passwords, say: () => undefined };
  const kafka = await ((await startContainers(server))?.kafka() ?? startKafka(server));
  try {
    await asKafkaAdmin(accessOf(kafka.address, KAFKA_ADMIN, options.passwords[KAFKA_ADMIN]!), options);
    return kafka;
  } catch (error) {
    await kafka.stop();
    throw error;
  }
}

/** How a client connects as a principal. */
export const accessOf = (brokers: string, username: string, password: string): KafkaConfig => ({
  brokers: brokers.split(','),
  sasl: { mechanism: 'plain', username, password },
});

/** Connects as the admin and makes topics and rights. */
export async function asKafkaAdmin(access: KafkaConfig, options: RightsOptions): ReturnType<typeof makeKafkaRights> {
  const { Kafka, logLevel } = (await import('kafkajs')).default;
  const admin = new Kafka({ ...access, clientId: 'rights', logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    return await makeKafkaRights(admin, options);
  } finally {
    await admin.disconnect();
  }
}
