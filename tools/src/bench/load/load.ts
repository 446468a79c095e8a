// Load over HTTP: so many connections, each of which asks again as soon as it is answered.
import { spawnSync } from 'node:child_process';
import { autocannonLoad } from './autocannon.load.ts';
import type { Load, Loaded } from './loaded.ts';
import { wrkLoad } from './wrk.load.ts';

let found: 'wrk' | 'autocannon' | undefined;

/** What makes the load: wrk where it is installed, else autocannon, which needs much of a core for itself. */
export function loadTool(): 'wrk' | 'autocannon' {
  found ??= spawnSync('wrk', ['--version'], { stdio: 'ignore' }).error ? 'autocannon' : 'wrk';
  return found;
}

/** @throws Error where anything was not answered as it should be */
export async function load(asked: Load, signal: AbortSignal): Promise<Loaded> {
  const loaded = await (loadTool() === 'wrk' ? wrkLoad(asked, signal) : autocannonLoad(asked));
  if (loaded.errors > 0) throw new Error(`${loaded.errors} of ${loaded.requests} answers of ${asked.url} were none`);
  return loaded;
}
