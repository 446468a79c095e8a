import pg from 'pg';
import { databaseUrl, suffix } from './environment.ts';

/** The database of one test file. */
export interface TestDatabase {
  /** The superuser's connection string for this database. */
  readonly url: string;
  readonly name: string;
  readonly pool: pg.Pool;
  /** Ends the pool and deletes the database, even if connections are open. */
  drop(): Promise<void>;
}

/** Creates an empty database in the run's Postgres. Its name begins with the run's namespace and `name`. */
export async function testDatabase(name: string): Promise<TestDatabase> {
  const database = `${process.env['NAMESPACE'] || 'test'}_${name}_${suffix()}`;
  await asSuperuser(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  const url = new URL(databaseUrl());
  url.pathname = `/${database}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 10 });
  pool.on('error', () => undefined); // a test may cut an idle connection
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
