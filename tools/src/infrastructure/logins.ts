// The logins of Postgres: one per service, and one that owns the databases and migrates them. None is a superuser.
// On an installation of release 0.1.0 this also moves what its superuser owns, while its services go on.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { MIGRATOR } from '@vouchers/contracts';
import pg from 'pg';
import { databaseName, withClient } from './databases.ts';
import { moveOwnership } from './ownership.ts';

/** The group of release 0.1.0 whose rights the ledger takes on when it connects. Nobody can log in with it. */
const LEDGER_GROUP = 'voucher_ledger';
/** Only a superuser may say this of a role. A role that another one makes is none. */
const NO_SUPERUSER = 'NOSUPERUSER NOREPLICATION NOBYPASSRLS';
/** An advisory lock of the session, since Postgres refuses to change a role twice at once. */
const ONE_AT_A_TIME = 0x6c6f676e;
const ITERATIONS = 4_096;

/** How the logins of a namespace are made. */
export interface LoginsOptions {
  readonly namespace: string;
  readonly services: readonly string[];
  /** The password of the login of a service, or of the migrations. */
  readonly passwordOf: (name: string) => string;
  /** Told what was moved. */
  readonly say?: (line: string) => void;
}

/**
 * The same server for the login of a service, or for that of the migrations. Its password follows from the superuser's,
 * so no run has to keep it, and it is as secret as that one. Installations have passwords of their own instead.
 */
export function asLogin(adminUrl: string, namespace: string, name: string): string {
  const url = new URL(adminUrl);
  const login = databaseName(namespace, name);
  const password = derivedPassword(adminUrl, login);
  url.username = login;
  url.password = password;
  return url.href;
}

/** The password of a login in `asLogin`. */
export const derivedPassword = (adminUrl: string, login: string): string =>
  createHmac('sha256', `vouchers ${new URL(adminUrl).password}`)
    .update(login)
    .digest('base64url');

/**
 * Makes the logins and databases that are missing, and sets passwords, owners, and who may connect. It may run again.
 * The tables' grants come with the migrations.
 * @param adminUrl a superuser's, or one that may create roles and databases and is a member of the present owners
 */
export async function makeLogins(adminUrl: string, options: LoginsOptions): Promise<void> {
  const { namespace, services, passwordOf, say = () => undefined } = options;
  const owner = databaseName(namespace, MIGRATOR);
  await withClient(adminUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [ONE_AT_A_TIME]);
    const { rows } = await admin.query<{ is: boolean }>(
      'SELECT rolsuper AS is FROM pg_roles WHERE rolname = current_user',
    );
    const isSuperuser = rows[0]!.is;
    for (const name of [MIGRATOR, ...services]) {
      const login = databaseName(namespace, name);
      await makeRole(admin, login, `LOGIN ${isSuperuser ? NO_SUPERUSER : ''} NOCREATEDB NOCREATEROLE`);
      const password = pg.escapeLiteral(verifierOf(passwordOf(name)));
      await admin.query(`ALTER ROLE ${pg.escapeIdentifier(login)} PASSWORD ${password}`);
    }
    // Only a member may make another role the owner.
    if (!isSuperuser) await admin.query(`GRANT ${pg.escapeIdentifier(owner)} TO CURRENT_USER`);
    if (services.includes('ledger')) {
      await makeRole(admin, LEDGER_GROUP, 'NOLOGIN');
      for (const member of [owner, databaseName(namespace, 'ledger')])
        await admin.query(`GRANT ${LEDGER_GROUP} TO ${pg.escapeIdentifier(member)}`);
    }
    for (const service of services) {
      const database = databaseName(namespace, service);
      const isNew = await makeDatabase(admin, database, owner);
      if (!isNew) await moveOwnership(adminUrl, admin, { database, owner, say });
      const name = pg.escapeIdentifier(database);
      const login = pg.escapeIdentifier(databaseName(namespace, service));
      await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO ${login}`);
    }
  });
}

/** Deletes the logins of a namespace. Its databases must be gone. */
export async function dropLogins(adminUrl: string, namespace: string): Promise<void> {
  if (!namespace) throw new Error('without a namespace every login would go');
  await withClient(adminUrl, async (admin) => {
    const text = 'SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1) AND rolname <> current_user';
    const { rows } = await admin.query<{ rolname: string }>(text, [namespace]);
    for (const { rolname } of rows) await admin.query(`DROP ROLE IF EXISTS ${pg.escapeIdentifier(rolname)}`);
  });
}

/** Makes the role if it is missing, and sets its attributes. Another process may make the same one right now. */
async function makeRole(admin: pg.Client, name: string, attributes: string): Promise<void> {
  const role = pg.escapeIdentifier(name);
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (rowCount) await admin.query(`ALTER ROLE ${role} ${attributes}`);
  else await unlessThere(admin.query(`CREATE ROLE ${role} ${attributes}`));
}

/** @returns whether it was missing */
async function makeDatabase(admin: pg.Client, database: string, owner: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (rowCount) return false;
  await unlessThere(
    admin.query(`CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${pg.escapeIdentifier(owner)}`),
  );
  return true;
}

/** Ignores that another process made it in the meantime: duplicate_object, duplicate_database, unique_violation. */
async function unlessThere(made: Promise<unknown>): Promise<void> {
  await made.catch((error: pg.DatabaseError) => {
    if (!['42710', '42P04', '23505'].includes(error.code ?? '')) throw error;
  });
}

/** The form in which Postgres stores a password, so that the password itself is in no statement and no log. */
function verifierOf(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const keyed = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`;
}
