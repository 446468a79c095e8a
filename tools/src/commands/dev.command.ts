import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '@vouchers/contracts';
import { ROOT } from '../places.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { build } from '../services/build.ts';
import { startPlatform } from '../services/platform.ts';

/** An editor writes several files at once. */
const SETTLED_AFTER_MS = 200;

/** `npm run dev`: as start; a change in an app builds and restarts that service, one in a library all of them. */
export async function run(_args: string[], lifetime: Lifetime): Promise<number> {
  lifetime.endsBySignal = true;
  const { addresses, services } = await startPlatform(lifetime, { issuerOfEnvironment: true, say: console.log });
  const changed = new Set<ServiceName>();
  let reloading = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const reload = async () => {
    const names = [...changed];
    changed.clear();
    if (names.length === 0) return;
    try {
      await build(lifetime, console.log);
      await Promise.all(names.map((name) => services.restart(name)));
      console.log(`reloaded ${names.join(', ')}`);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error); // the next change may put it right
    }
  };
  for (const { folder, restarts } of sources()) {
    const watcher = watch(folder, { recursive: true }, (_event, file) => {
      if (!file?.endsWith('.ts') || file.endsWith('.spec.ts')) return;
      for (const name of restarts) changed.add(name);
      clearTimeout(timer);
      timer = setTimeout(() => (reloading = reloading.then(reload)), SETTLED_AFTER_MS);
    });
    lifetime.defer(() => watcher.close());
  }
  console.log(`ready: ${addresses} (reloads on change; logs in ${services.logDir}; Ctrl-C ends all)`);
  return lifetime.ended();
}

/** Each source folder, and which services must be started again when something in it changes. */
function sources(): Array<{ folder: string; restarts: readonly ServiceName[] }> {
  const libraries = readdirSync(join(ROOT, 'libs')).filter((name) => name !== 'testing');
  return [
    ...SERVICE_NAMES.map((name) => ({ folder: join(ROOT, 'apps', name, 'src'), restarts: [name] })),
    ...libraries.map((name) => ({ folder: join(ROOT, 'libs', name, 'src'), restarts: SERVICE_NAMES })),
  ].filter(({ folder }) => existsSync(folder));
}
