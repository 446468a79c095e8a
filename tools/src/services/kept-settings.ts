// The settings of a running platform's services, kept beside its data, so that another command finds the same databases
// and topics. They contain a password and a client's secret.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hint } from '../processes/hint.ts';
import type { Services } from './services.ts';

const fileIn = (folder: string): string => join(folder, 'services.json');

/** Keeps them while the services run; gives the function that forgets them. */
export function keepSettings(folder: string, settings: Services['settings']): () => void {
  const forget = () => rmSync(fileIn(folder), { force: true });
  forget();
  writeFileSync(fileIn(folder), JSON.stringify(settings, null, 2), { mode: 0o600 });
  return forget;
}

/** Throws a Hint where nothing runs in the folder. */
export function keptSettings(folder: string): Services['settings'] {
  try {
    return JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Services['settings'];
  } catch {
    throw new Hint(`nothing runs in ${folder}: start it first (npm start), or name another place (DATA_DIR)`);
  }
}
