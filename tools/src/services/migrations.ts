// The migrations of services, by the login that owns their tables.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MIGRATOR, SERVICE_NAMES, type ServiceName } from '@vouchers/contracts';
import { databaseName } from '../infrastructure/databases.ts';
import { asLogin, derivedPassword, makeLogins } from '../infrastructure/logins.ts';
import { ROOT } from '../places.ts';
import { startProcess } from '../processes/owned-process.ts';

export interface MigrationsOptions {
  /** A superuser's. */
  readonly databaseUrl: string;
  readonly namespace: string;
  readonly names?: readonly ServiceName[];
  readonly logDir: string;
  readonly say?: (line: string) => void;
  /** Another checkout whose build is run. */
  readonly root?: string | undefined;
}

/** Makes the logins and databases, and migrates them as built. @throws Error with the end of the log */
export async function migrateAll(options: MigrationsOptions): Promise<void> {
  const { databaseUrl, namespace, names = SERVICE_NAMES, logDir, say, root } = options;
  const passwordOf = (name: string) => derivedPassword(databaseUrl, databaseName(namespace, name));
  await makeLogins(databaseUrl, { namespace, services: names, passwordOf, ...(say && { say }) });
  await migrateAs(asLogin(databaseUrl, namespace, MIGRATOR), { namespace, names, logDir, root });
}

/** Runs the migrations of each service one after another in one process, since most of its time is its start. */
export async function migrateAs(
  ownerUrl: string,
  {
    namespace,
    names,
    logDir,
    root = ROOT,
  }: Required<Pick<MigrationsOptions, 'namespace' | 'names' | 'logDir'>> & Pick<MigrationsOptions, 'root'>,
): Promise<void> {
  const programs = names.map((name) => pathToFileURL(join(root, 'apps', name, 'dist', 'migrate.js')).href);
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const migrating = await startProcess({
    command: process.execPath,
    args: ['--input-type=module', '--eval', programs.map((program) => `await import('${program}')`).join(';')],
    environment: { ...inherited, DATABASE_URL: ownerUrl, DATABASE_NAME: '', NAMESPACE: namespace },
    directory: root,
    logFile: join(logDir, 'migrations.log'),
  });
  if ((await migrating.exited) !== '0') throw new Error(`the migrations failed\n${migrating.lastWords()}`);
}
