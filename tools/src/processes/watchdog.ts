// The near end of the watchdog's pipe. It is started with the first debt and ends with the last.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../places.ts';

/** What must not outlive this process: a process group (with the signal that ends it), a folder, or a container. */
export type Debt = { group: number; signal: NodeJS.Signals } | { folder: string } | { container: string };

let watchdog: ChildProcess | undefined;
const owed = new Set<string>();

/** Has the watchdog pay this debt if the present process ends without paying; gives the function that clears it. */
export function owe(debt: Debt): () => void {
  const key = JSON.stringify(debt);
  owed.add(key);
  tell({ key, ...debt });
  return () => {
    if (!owed.delete(key)) return;
    tell({ key });
    if (owed.size > 0) return;
    watchdog?.stdin?.end();
    watchdog = undefined;
  };
}

function tell(message: object): void {
  watchdog ??= startWatchdog();
  watchdog.stdin?.write(`${JSON.stringify(message)}\n`);
}

function startWatchdog(): ChildProcess {
  const child = spawn(process.execPath, [join(ROOT, 'tools', 'watchdog.mjs')], {
    detached: true, // a Ctrl-C in the terminal reaches the whole group of this process, and must not end its watchdog
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  child.unref();
  child.stdin.on('error', () => undefined);
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
