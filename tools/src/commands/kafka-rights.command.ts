// Makes the topics, and gives each service's principal its rights in Kafka.
import { readFileSync } from 'node:fs';
import { DEFAULT_PARTITIONS, kafkaRights } from '@vouchers/contracts';
import type { KafkaConfig } from 'kafkajs';
import { asKafkaAdmin } from '../infrastructure/secured-kafka.ts';
import { Hint } from '../processes/hint.ts';

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'];

/**
 * `node tools/run.mjs kafka-rights`: makes missing topics and rights, and takes away other rights of the services'
 * principals. It may be repeated. It connects with the variables of the services (KAFKA_BROKERS, KAFKA_SASL_…,
 * KAFKA_SSL…) as an admin, and takes NAMESPACE, KAFKA_PARTITIONS and KAFKA_REPLICATION from them.
 */
export async function run(): Promise<number> {
  const namespace = variable('NAMESPACE');
  const partitions = Number(variable('KAFKA_PARTITIONS') || DEFAULT_PARTITIONS);
  const replication = Number(variable('KAFKA_REPLICATION') || 0);
  if (!variable('KAFKA_SASL_MECHANISM')) {
    console.log('KAFKA_SASL_MECHANISM is not set: this Kafka asks nobody who it is, so there are no rights');
    return 0;
  }
  const { made, removed } = await asKafkaAdmin(access(), { namespace, partitions, replication });
  const all = kafkaRights(namespace).reduce((sum, { operations }) => sum + operations.length, 0);
  console.log(`${all} rights of services in Kafka: ${made} made now, ${removed} others taken away`);
  return 0;
}

function access(): KafkaConfig {
  const brokers = variable('KAFKA_BROKERS');
  const mechanism = variable('KAFKA_SASL_MECHANISM');
  const [username, password] = [variable('KAFKA_SASL_USERNAME'), variable('KAFKA_SASL_PASSWORD')];
  if (!brokers) throw new Hint('KAFKA_BROKERS is needed');
  if (!MECHANISMS.includes(mechanism)) throw new Hint(`KAFKA_SASL_MECHANISM must be one of ${MECHANISMS.join(', ')}`);
  if (!username || !password)
    throw new Hint('KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are needed: those of an admin');
  const tls = { ca: variable('KAFKA_SSL_CA'), cert: variable('KAFKA_SSL_CERT'), key: variable('KAFKA_SSL_KEY') };
  const given = Object.fromEntries(Object.entries(tls).filter(([, text]) => text));
  return {
    brokers: brokers.split(','),
    ...(variable('KAFKA_SSL') === 'true' && { ssl: given }),
    sasl: { mechanism, username, password } as NonNullable<KafkaConfig['sasl']>,
  };
}

/** A variable, or the content of the file that `<variable>_FILE` names. */
function variable(name: string): string {
  const file = process.env[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').trim() : (process.env[name] ?? '');
}
