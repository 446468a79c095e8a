// The settings of a running platform's services, kept beside its data, so that another command finds the same databases
// and topics. They contain passwords and a client's secret.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hint } from '../processes/hint.ts';
import type { Services } from './services.ts';

/** The variables of each service, and the address with the login that owns the tables, for rebuilds. */
export type KeptSettings = Pick<Services, 'settings' | 'ownerUrl'>;

const fileIn = (folder: string): string => join(folder, 'services.json');

/** Keeps them while the services run; gives the function that forgets them. */
export function keepSettings(folder: string, { settings, ownerUrl }: KeptSettings): () => void {
  const forget = () => rmSync(fileIn(folder), { force: true });
  forget();
  writeFileSync(fileIn(folder), JSON.stringify({ settings, ownerUrl }, null, 2), { mode: 0o600 });
  return forget;
}

/** Throws a Hint where nothing runs in the folder. */
export function keptSettings(folder: string): KeptSettings {
  try {
    return JSON.parse(readFileSync(fileIn(folder), 'utf8')) as KeptSettings;
  } catch {
    throw new Hint(`nothing runs in ${folder}: start it first (npm start), or name another place (DATA_DIR)`);
  }
}
