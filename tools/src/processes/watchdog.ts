// This process's end of the watchdog's pipe. The watchdog starts with the first debt and ends with the last.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../places.ts';

/** Something that must not outlive this process: a process group (with its final signal), a folder, or a container. */
export type Debt = { group: number; signal: NodeJS.Signals } | { folder: string } | { container: string };

let watchdog: ChildProcess | undefined;
const owed = new Set<string>();

/** Lets the watchdog pay this debt if the process ends without paying. @returns a function that clears the debt */
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
    detached: true, // a Ctrl-C reaches the whole process group, and must not end the watchdog
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  child.unref();
  child.stdin.on('error', () => undefined);
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
