import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository's root. */
export const ROOT = resolve(import.meta.dirname, '..', '..');

/** The folder of all data that runs keep: DATA_DIR, else `.data` in the repository. */
export const dataDir = (): string => resolve(ROOT, process.env['DATA_DIR'] || '.data');

/** The folder of downloads that several clones may share. */
export const cacheDir = (): string =>
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'voucher-platform');
