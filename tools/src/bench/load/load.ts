// Load over HTTP: so many connections, each of which asks again as soon as it is answered.
import { spawnSync } from 'node:child_process';
import { autocannonLoad } from './autocannon.load.ts';
import { wrkLoad } from './wrk.load.ts';

/** What is asked, how often. `{n}` in the path or a header becomes a number that goes up with each request. */
export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly connections: number;
  readonly seconds: number;
  /** The numbers begin again after so many; never by default. */
  readonly cycle?: number;
}

/** What came back. */
export interface Loaded {
  /** Answered; what was under way at the end is not among them. */
  readonly requests: number;
  readonly perSecond: number;
  /** Unit: milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Connections that broke, answers above 399, none in time. */
  readonly errors: number;
}

export const LONGEST_ANSWER_SECONDS = 30;

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
