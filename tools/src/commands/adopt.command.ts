// Moves an installation to a login per service. The services go on meanwhile.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MIGRATOR, SERVICE_NAMES } from '@vouchers/contracts';
import { databaseName } from '../infrastructure/databases.ts';
import { makeLogins } from '../infrastructure/logins.ts';
import { keptPassword } from '../infrastructure/password.ts';
import { dataDir } from '../places.ts';
import { argumentsOf } from '../processes/arguments.ts';
import { Hint } from '../processes/hint.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { build } from '../services/build.ts';
import { migrateAs } from '../services/migrations.ts';

const USAGE = `npm run adopt -- --admin-url postgres://USER:PASSWORD@HOST:5432/postgres [--admin-password-file FILE]
  [--passwords FOLDER] [--logins-only]`;

/**
 * `npm run adopt -- --admin-url …`: makes a login per service and one that owns the tables, gives that one what others
 * own, and then runs the migrations, which also grant each service its rights. It may be repeated.
 * `--passwords`: the folder of passwords, `<name>/database` each; missing ones are made. Default: `DATA_DIR/logins`.
 * `--logins-only`: no migrations. NAMESPACE is the one of the services.
 */
export async function run(args: string[], lifetime: Lifetime): Promise<number> {
  const { adminUrl, passwords, loginsOnly } = options(args);
  const namespace = process.env['NAMESPACE'] ?? '';
  const fileOf = (name: string): string => join(passwords, name, 'database');
  await makeLogins(adminUrl, {
    namespace,
    services: SERVICE_NAMES,
    passwordOf: (name) => keptPassword(fileOf(name)),
    say: console.log,
  });
  for (const name of [MIGRATOR, ...SERVICE_NAMES])
    console.log(`login ${databaseName(namespace, name)}: its password is in ${fileOf(name)}`);
  if (loginsOnly) return 0;
  await build(lifetime, console.log);
  const owner = new URL(adminUrl);
  owner.username = databaseName(namespace, MIGRATOR);
  owner.password = encodeURIComponent(keptPassword(fileOf(MIGRATOR)));
  await migrateAs(owner.href, { namespace, names: SERVICE_NAMES, logDir: join(dataDir(), 'logs') });
  console.log('The tables are migrated. Start each service again with its own login, one after another.');
  return 0;
}

function options(args: string[]): { adminUrl: string; passwords: string; loginsOnly: boolean } {
  const { values } = parsed(args);
  const url = URL.parse(values['admin-url'] ?? '');
  if (!url?.protocol.startsWith('postgres') || url.username === '') throw new Hint(`usage: ${USAGE}`);
  const file = values['admin-password-file'];
  if (file) url.password = encodeURIComponent(readFileSync(file, 'utf8').trim());
  const passwords = resolve(values.passwords ?? join(dataDir(), 'logins'));
  return { adminUrl: url.href, passwords, loginsOnly: values['logins-only'] ?? false };
}

function parsed(args: string[]) {
  const text = { type: 'string' } as const;
  const options = {
    'admin-url': text,
    'admin-password-file': text,
    passwords: text,
    'logins-only': { type: 'boolean' },
  } as const;
  return argumentsOf({ args, options }, USAGE);
}
