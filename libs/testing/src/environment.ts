// Finds the Postgres and Kafka of the test run. `npm test` starts them and sets the environment variables.
import { randomBytes } from 'node:crypto';

/** The superuser's connection string of the run's Postgres. @throws Error if `npm test` did not start the run */
export const databaseUrl = (): string => required('DATABASE_URL');

/** The brokers of the run's Kafka, each as `host:port`. */
export const brokers = (): string[] => required('KAFKA_BROKERS').split(',');

/** A namespace that no other test has. It has only `[a-z0-9_]`, so that it can be the name of a database. */
export const uniqueNamespace = (): string => `${process.env['NAMESPACE'] || 'test'}${suffix()}`;

/** Eight random characters. */
export const suffix = (): string => randomBytes(4).toString('hex');

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with npm test, which starts Postgres and Kafka`);
  return value;
}
