// The rights of a service's login. A service has one list of them, and each run of its migrations makes them so.
import pg from 'pg';

/** The rights on each table of the schema, as GRANT names them: `SELECT, INSERT`. A table without a line gives none. */
export type Grants = Readonly<Record<string, string>>;

/** The table in which TypeORM records migrations. */
const MIGRATIONS: Grants = { migrations: 'SELECT' };

const RIGHTS = `
  SELECT relname AS name, coalesce(string_agg(privilege_type, ', '), '') AS rights
  FROM pg_class LEFT JOIN LATERAL aclexplode(relacl) AS acl ON acl.grantee = $1::regrole
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
  GROUP BY relname ORDER BY relname`;

/**
 * Gives a role these rights and no others on the tables of `public`, in one transaction. Tables whose rights are right
 * are left alone. Does nothing if there is no such role, as on a server where the services still log in as the owner.
 */
export async function applyGrants(client: pg.Client, grantee: string, grants: Grants): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [grantee]);
  if (!rowCount) return;
  const role = pg.escapeIdentifier(grantee);
  const wanted: Grants = { ...grants, ...MIGRATIONS };
  const { rows } = await client.query<{ name: string; rights: string }>(RIGHTS, [role]);
  const changes = rows
    .filter(({ name, rights }) => sorted(rights) !== sorted(wanted[name] ?? ''))
    .flatMap(({ name }) => {
      const table = `public.${pg.escapeIdentifier(name)}`;
      const given = wanted[name];
      return [`REVOKE ALL ON ${table} FROM ${role}`, ...(given ? [`GRANT ${given} ON ${table} TO ${role}`] : [])];
    });
  if (changes.length > 0) await client.query(changes.join('; '));
}

const sorted = (rights: string): string => rights.split(', ').sort().join(', ');
