import { inNamespace } from '@vouchers/contracts';
import pg from 'pg';

/** The name of a service's database and login in a namespace: `ledger`, `demo_page_delivery`. */
export const databaseName = (namespace: string, service: string): string =>
  inNamespace(namespace, service.replaceAll('-', '_'));

/** Makes the databases of these services, if they are missing. */
export async function createDatabases(
  databaseUrl: string,
  namespace: string,
  services: readonly string[],
): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    const present = new Set(rows.map((row) => row.datname));
    for (const name of services.map((service) => databaseName(namespace, service)))
      if (!present.has(name)) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  });
}

/** Deletes every database whose name begins with the namespace. */
export async function dropDatabases(databaseUrl: string, namespace: string): Promise<void> {
  if (!namespace) throw new Error('without a namespace every database would go');
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [namespace],
    );
    for (const { datname } of rows)
      await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(datname)} WITH (FORCE)`);
  });
}

/** Connects, acts, and ends the connection. */
export async function withClient(databaseUrl: string, act: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}
