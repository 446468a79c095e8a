// A Kafka that asks each client who it is, and what it may do: for the test of rights.
import { KAFKA_ADMIN } from '@vouchers/contracts';
import type { KafkaConfig } from 'kafkajs';
import { startContainers } from './containers.ts';
import { makeKafkaRights, type RightsOptions } from './kafka.rights.ts';
import { startKafka } from './kafka.server.ts';
import type { RunningServer } from './running.server.ts';

export interface SecuredKafkaOptions extends RightsOptions {
  readonly folder: string;
  /** The passwords of all principals, with the admin's. */
  readonly passwords: Readonly<Record<string, string>>;
}

/** Starts a broker with passwords, the topics of the contract, and the rights of the services' principals. */
export async function startSecuredKafka(options: SecuredKafkaOptions): Promise<RunningServer> {
  const server = { folder: options.folder, kept: false, kafkaPasswords: options.passwords, say: () => undefined };
  const kafka = await ((await startContainers(server))?.kafka() ?? startKafka(server));
  try {
    await makeKafkaRights(accessOf(kafka.address, KAFKA_ADMIN, options.passwords[KAFKA_ADMIN]!), options);
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
