// Where the real Postgres and Kafka of a test run are: `npm test` starts them and sets these variables.
import { randomBytes } from 'node:crypto';

/** The superuser's connection string of the run's Postgres. Throws where the run was not started by `npm test`. */
export const databaseUrl = (): string => required('DATABASE_URL');

/** The run's Kafka, as `host:port` each. */
export const brokers = (): string[] => required('KAFKA_BROKERS').split(',');

/** A namespace that no other test has: the run's own, and a suffix. Only `[a-z0-9_]`, so that a database may bear it. */
export const uniqueNamespace = (): string => `${process.env['NAMESPACE'] || 'test'}${suffix()}`;

/** Eight characters that no other test has. */
export const suffix = (): string => randomBytes(4).toString('hex');

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests by npm test, which starts Postgres and Kafka`);
  return value;
}
