// Runs a tool of node_modules/.bin.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../places.ts';
import type { Lifetime } from './lifetime.ts';
import { owe } from './watchdog.ts';

/** The tool's exit code, and its output if that was not shown. */
export interface ToolResult {
  readonly code: number;
  readonly output: string;
}

/** Runs `node_modules/.bin/<name>` in the root. `shown`: whether its output goes directly to the terminal. */
export async function runTool(
  lifetime: Lifetime,
  name: string,
  args: readonly string[],
  { shown = false, environment = {} }: { shown?: boolean; environment?: Record<string, string> } = {},
): Promise<ToolResult> {
  lifetime.signal.throwIfAborted();
  const child = spawn(join(ROOT, 'node_modules', '.bin', name), args, {
    cwd: ROOT,
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', ...environment },
    stdio: ['ignore', shown ? 'inherit' : 'pipe', shown ? 'inherit' : 'pipe'],
    detached: true,
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk));
  const clear = owe({ group: child.pid!, signal: 'SIGTERM' });
  const closed = once(child, 'close') as Promise<[number | null]>;
  lifetime.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid!, 'SIGTERM');
    await closed;
  });
  const [code] = await closed;
  clear();
  return { code: code ?? 1, output: Buffer.concat(output).toString() };
}
