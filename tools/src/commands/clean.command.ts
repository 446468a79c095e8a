import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeVolumes } from '../infrastructure/containers.ts';
import { removeData } from '../infrastructure/postgres.user.ts';
import { dataDir } from '../places.ts';
import { expectUnclaimed } from '../services/folder-claim.ts';

/** `npm run clean`: deletes what start, dev and demo keep. Refused while one of them runs. */
export function run(): Promise<number> {
  const folders = [join(dataDir(), 'demo'), dataDir()];
  folders.forEach(expectUnclaimed);
  for (const folder of folders) {
    removeVolumes(folder);
    removeData(folder);
    rmSync(`${folder}.running`, { force: true });
  }
  console.log(`deleted ${dataDir()}`);
  return Promise.resolve(0);
}
