import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '@vouchers/contracts';
import { dataDir, ROOT } from '../places.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { runTool } from '../processes/tool.ts';
import { keptSettings } from '../services/kept-settings.ts';

const isService = (name: string | undefined): name is ServiceName =>
  (SERVICE_NAMES as readonly string[]).includes(name ?? '');

/**
 * `npm run parked -- [SERVICE] list|inspect|retry|skip …`, beside a running `npm start`: shows what a service set
 * aside, retries it, or orders to skip it. Without a service it asks all of them; `skip` needs one. Exits with 1 if a
 * retry fails.
 */
export async function run(args: string[], lifetime: Lifetime): Promise<number> {
  const { settings } = keptSettings(dataDir());
  const [first, ...rest] = args;
  const [services, command] = isService(first) ? [[first], rest] : [SERVICE_NAMES, args];
  if (command[0] === 'skip' && services.length > 1) {
    console.error(`skip needs a service: one of ${SERVICE_NAMES.join(', ')}`);
    return 2;
  }
  let exitCode = 0;
  for (const name of services) {
    const script = join('apps', name, 'dist', 'parked.js');
    if (!existsSync(join(ROOT, script))) continue;
    console.log(`${name}:`);
    const { code } = await runTool(lifetime, 'node', [script, ...command], {
      shown: true,
      environment: settings[name],
    });
    exitCode = Math.max(exitCode, code);
  }
  return exitCode;
}
