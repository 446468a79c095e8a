// Load over HTTP: each connection sends its next request as soon as the last one is answered.
import { spawnSync } from 'node:child_process';
import { autocannonLoad } from './autocannon.load.ts';
import type { LoadOptions, LoadResult } from './loaded.ts';
import { wrkLoad } from './wrk.load.ts';

let found: 'wrk' | 'autocannon' | undefined;

/** The load generator: wrk if it is installed, else autocannon, which itself uses much of a core. */
export function loadTool(): 'wrk' | 'autocannon' {
  found ??= spawnSync('wrk', ['--version'], { stdio: 'ignore' }).error ? 'autocannon' : 'wrk';
  return found;
}

/** @throws Error if any answer is wrong */
export async function load(asked: LoadOptions, signal: AbortSignal): Promise<LoadResult> {
  const loaded = await (loadTool() === 'wrk' ? wrkLoad(asked, signal) : autocannonLoad(asked));
  if (loaded.errors > 0) throw new Error(`${loaded.errors} of ${loaded.requests} requests to ${asked.url} failed`);
  return loaded;
}
