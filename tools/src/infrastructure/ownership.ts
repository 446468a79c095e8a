// Makes one login the owner of a database and of everything in it, while services use it.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { withClient } from './databases.ts';

export interface Move {
  readonly database: string;
  /** The new owner. */
  readonly owner: string;
  readonly say: (line: string) => void;
}

/** Each of these statements needs its table for itself for a moment. Others wait behind it for this long at most. */
const SESSION = `SET lock_timeout = '3s'`;
const REST_MS = 1_000;
const PATIENCE_MS = 15 * 60 * 1_000;
/** The error codes lock_not_available and deadlock_detected. */
const PASSING = new Set(['55P03', '40P01']);

/** Lists the things that have another owner, and who that is. Sequences and indexes follow their tables. */
const FOREIGN = `
  SELECT owner::regrole::text AS former, what FROM (
    SELECT oid, relnamespace, relowner, 'TABLE ' || oid::regclass FROM pg_class WHERE relkind IN ('r', 'p', 'v')
    UNION ALL SELECT oid, pronamespace, proowner, 'FUNCTION ' || oid::regprocedure FROM pg_proc
    UNION ALL SELECT oid, oid, nspowner, format('SCHEMA %I', nspname) FROM pg_namespace
  ) AS things (id, namespace, owner, what)
  WHERE owner NOT IN ($1::regrole, 'pg_database_owner'::regrole)
    AND namespace::regnamespace::text !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = id AND deptype = 'e')`;

/**
 * Changes the owner of one thing after another. A former owner that is no superuser becomes a member of the new one, so
 * that its sessions keep their rights until an operator takes the membership away.
 */
export async function moveOwnership(adminUrl: string, admin: pg.Client, move: Move): Promise<void> {
  const { database, owner, say } = move;
  const role = pg.escapeIdentifier(owner);
  const { rows } = await admin.query<{ former: string }>(
    'SELECT datdba::regrole::text AS former FROM pg_database WHERE datname = $1 AND datdba <> $2::regrole',
    [database, role],
  );
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  await withClient(url.href, async (client) => {
    const foreign = (await client.query<{ former: string; what: string }>(FOREIGN, [role])).rows;
    for (const former of new Set([...rows, ...foreign].map((one) => one.former)))
      await keepsItsRights(client, former, role, say);
    if (rows.length > 0) await client.query(`ALTER DATABASE ${pg.escapeIdentifier(database)} OWNER TO ${role}`);
    await client.query(SESSION);
    for (const { what } of foreign) await persistently(client, `ALTER ${what} OWNER TO ${role}`, say);
    if (rows.length + foreign.length > 0)
      say(`${database}: ${owner} is the owner now, also of ${foreign.length} things in it`);
  });
}

async function keepsItsRights(client: pg.Client, former: string, role: string, say: Move['say']): Promise<void> {
  const { rowCount } = await client.query(
    'SELECT FROM pg_roles WHERE oid = $1::regrole AND NOT rolsuper AND oid <> current_user::regrole',
    [former],
  );
  if (!rowCount) return;
  await client.query(`GRANT ${role} TO ${former}`);
  say(`${former} owned it. When no service logs in as ${former} any more: REVOKE ${role} FROM ${former}`);
}

async function persistently(client: pg.Client, statement: string, say: Move['say']): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await client.query(statement);
      return;
    } catch (error) {
      const { code = '', message } = error as pg.DatabaseError;
      if (!PASSING.has(code) || performance.now() > until) throw error;
      say(`${statement}: waits for a lock (${message})`);
    }
    await pause(REST_MS);
  }
}
