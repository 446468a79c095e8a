import pg from 'pg';
import { databaseUrl, suffix } from './environment.ts';

/** An empty database of one test file. */
export interface TestDatabase {
  /** Connection string of the superuser, with this database's name. */
  readonly url: string;
  readonly name: string;
  readonly pool: pg.Pool;
  /** Ends the pool and deletes the database, open connections or not. */
  drop(): Promise<void>;
}

/** Makes an empty database in the run's Postgres; its name begins with the run's namespace and `name`. */
export async function testDatabase(name: string): Promise<TestDatabase> {
  const database = `${process.env['NAMESPACE'] || 'test'}_${name}_${suffix()}`;
  await asSuperuser(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  const url = new URL(databaseUrl());
  url.pathname = `/${database}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 10 });
  pool.on('error', () => undefined); // an idle connection that a test cut off is no failure of the test
  return {
    url: url.href,
    name: database,
    pool,
    drop: async () => {
      await pool.end();
      await asSuperuser(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`);
    },
  };
}

async function asSuperuser(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
