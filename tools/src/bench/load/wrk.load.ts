import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LONGEST_ANSWER_SECONDS, type LoadOptions, type LoadResult } from './loaded.ts';

const SCRIPT = join(import.meta.dirname, 'wrk.lua');
const FIGURES = /^figures (.*)$/m;

/** Load by wrk on one thread, which leaves the other core to the servers. */
export async function wrkLoad(load: LoadOptions, signal: AbortSignal): Promise<LoadResult> {
  const args = ['--threads', '1', '--connections', String(load.connections), '--duration', `${load.seconds}s`];
  const { stdout } = await promisify(execFile)(
    'wrk',
    [...args, '--timeout', `${LONGEST_ANSWER_SECONDS}s`, '--script', SCRIPT, new URL(load.url).origin],
    { env: { ...process.env, REQUEST: requestText(load), CYCLE: String(load.cycle ?? 0) }, signal },
  );
  const figures = FIGURES.exec(stdout)?.[1];
  if (!figures) throw new Error(`wrk gave no figures\n${stdout}`);
  const { requests, micros, p50, p99, errors } = JSON.parse(figures) as Record<string, number>;
  return { requests: requests!, perSecond: (1e6 * requests!) / micros!, p50: p50!, p99: p99!, errors: errors! };
}

/** A request in the text form of HTTP/1.1. */
function requestText({ url, method, headers, body = '' }: LoadOptions): string {
  const { pathname, host } = new URL(url);
  const lines = Object.entries({
    Host: host,
    ...headers,
    ...(body && { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }),
  }).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${pathname} HTTP/1.1`, ...lines, '', body].join('\r\n');
}
