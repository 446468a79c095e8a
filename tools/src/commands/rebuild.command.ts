import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES } from '@vouchers/contracts';
import { dataDir, ROOT } from '../places.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { runTool } from '../processes/tool.ts';
import { keptSettings } from '../services/kept-settings.ts';

/**
 * `npm run rebuild`, beside a running `npm start`: makes again what follows from the events, compares it with what is
 * live, and puts that right, as the login that owns the tables. Exit 1 where it differed.
 */
export async function run(_args: string[], lifetime: Lifetime): Promise<number> {
  const { settings, ownerUrl } = keptSettings(dataDir());
  let exitCode = 0;
  for (const name of SERVICE_NAMES) {
    const script = join('apps', name, 'dist', 'rebuild.js');
    if (!existsSync(join(ROOT, script))) continue; // it keeps no projection
    console.log(`${name}:`);
    const environment = { ...settings[name], DATABASE_URL: ownerUrl };
    const { code } = await runTool(lifetime, 'node', [script], { shown: true, environment });
    if (code !== 0) exitCode = 1;
  }
  return exitCode;
}
