// Starts the servers of bench/src, as processes of their own. The platform is compared with them.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT } from '../../places.ts';
import { startProcess } from '../../processes/owned-process.ts';
import { answers, freePorts } from '../../processes/ports.ts';
import { UNDER_LOAD, type Stage } from '../stage.ts';

export interface BaselineServer {
  readonly url: string;
  readonly processId: number;
  stop(): Promise<void>;
}

const STARTS_WITHIN_MS = 60_000;

/** Starts `bench/dist/<name>/main.js` on a free port and waits until it listens. */
export async function startBaseline(
  stage: Stage,
  name: 'bare' | 'constant' | 'transactions',
  environment: Record<string, string> = {},
): Promise<BaselineServer> {
  const [port] = (await freePorts(1)) as [number];
  const server = await startProcess({
    command: process.execPath,
    args: ['--max-semi-space-size=16', join(ROOT, 'bench', 'dist', name, 'main.js')],
    environment: { ...process.env, ...UNDER_LOAD, ...environment, PORT: String(port) },
    directory: ROOT,
    logFile: join(stage.folder, 'logs', `${name}.log`),
  });
  stage.lifetime.defer(() => server.stop());
  const until = performance.now() + STARTS_WITHIN_MS;
  while (!(await answers(port, '127.0.0.1'))) {
    if (!server.running || performance.now() > until) throw new Error(`${name} did not start\n${server.lastWords()}`);
    await pause(50);
  }
  return { url: `http://127.0.0.1:${port}`, processId: server.pid, stop: () => server.stop() };
}
