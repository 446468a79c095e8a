// Makes the topics, and gives each service's principal its rights in Kafka.
import { readFileSync } from 'node:fs';
import { DEFAULT_PARTITIONS } from '@vouchers/contracts';
import type { KafkaConfig } from 'kafkajs';
import { makeKafkaRights } from '../infrastructure/kafka.rights.ts';
import { argumentsOf } from '../processes/arguments.ts';
import { Hint } from '../processes/hint.ts';

const USAGE = 'node tools/run.mjs kafka-rights [--only-add]';

/**
 * `node tools/run.mjs kafka-rights`: makes missing topics and rights, and takes away other rights of the services'
 * principals. It may be repeated. It takes the variables of the services (KAFKA_…, NAMESPACE), with an admin's user name
 * and password. Without a user name it does nothing.
 * `--only-add`: takes nothing away. For an upgrade, during which services of the former release need their rights.
 */
export async function run(args: string[]): Promise<number> {
  const { values } = argumentsOf({ args, options: { 'only-add': { type: 'boolean', default: false } } }, USAGE);
  const access = adminAccess();
  if (!access) {
    console.log('no admin of Kafka is named: the services make the topics, and nobody has rights');
    return 0;
  }
  const { made, removed } = await makeKafkaRights(access, {
    namespace: variable('NAMESPACE'),
    partitions: Number(variable('KAFKA_PARTITIONS') || DEFAULT_PARTITIONS),
    replication: Number(variable('KAFKA_REPLICATION')),
    onlyAdd: values['only-add'],
  });
  console.log(`rights of the services in Kafka: ${made} made, ${removed} others taken away`);
  return 0;
}

function adminAccess(): KafkaConfig | undefined {
  const mechanism = variable('KAFKA_SASL_MECHANISM');
  const [username, password] = [variable('KAFKA_SASL_USERNAME'), variable('KAFKA_SASL_PASSWORD')];
  if (!mechanism || !username) return undefined;
  const brokers = variable('KAFKA_BROKERS');
  if (!brokers || !password) throw new Hint('KAFKA_BROKERS and KAFKA_SASL_PASSWORD are needed');
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
