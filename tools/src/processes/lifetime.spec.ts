// Processes and folders must not outlive a run, however it ends. The tests start runs of their own and watch them.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@vouchers/testing';

/** Starts a process that starts another, owes a folder, and prints the ids and the folder. */
const RUN = `
  import { mkdtempSync } from 'node:fs';
  import { live } from ${JSON.stringify(join(import.meta.dirname, 'lifetime.ts'))};
  import { startProcess } from ${JSON.stringify(join(import.meta.dirname, 'owned-process.ts'))};
  import { owe } from ${JSON.stringify(join(import.meta.dirname, 'watchdog.ts'))};
  await live(async (lifetime) => {
    const folder = mkdtempSync(process.argv[1] + '/owed-');
    const clear = owe({ folder });
    const child = await startProcess({
      command: 'sh',
      args: ['-c', 'sleep 1000 & echo $!; trap "" TERM; wait; sleep 1000'],
      logFile: folder + '/log',
      graceMs: 200,
    });
    lifetime.defer(() => { child.stop().then(() => console.log('stopped')); return child.exited; });
    while (!child.lastWords().trim()) await new Promise((resolve) => setTimeout(resolve, 5));
    console.log(JSON.stringify({ pids: [child.pid, Number(child.lastWords())], folder }));
    if (process.argv[2] === 'fail') throw new Error('on purpose');
    return lifetime.ended();
  });`;

let folder: string;
let run: ChildProcess;

afterEach(() => {
  run.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function started(how = 'stay'): Promise<{ pids: number[]; folder: string }> {
  folder = mkdtempSync(join(tmpdir(), 'lifetime-'));
  run = spawn(process.execPath, ['--input-type=module', '-e', RUN, folder, how], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface({ input: run.stdout! }), 'line')) as [string];
  return JSON.parse(line) as { pids: number[]; folder: string };
}

/** Whether the process runs. A zombie does not. */
function lives(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

describe('everything that a run started', () => {
  it('lives while the run lives', async () => {
    const { pids } = await started();
    expect(pids.map(lives)).toEqual([true, true]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('is gone when the run has ended by %s, with code %d', async (signal, code) => {
    const { pids } = await started();
    run.kill(signal);
    expect(await once(run, 'exit')).toEqual([code, null]);
    expect(pids.map(lives)).toEqual([false, false]);
  });

  it('is gone when the run has failed', async () => {
    const { pids } = await started('fail');
    expect(await once(run, 'exit')).toEqual([1, null]);
    expect(pids.map(lives)).toEqual([false, false]);
  });

  it('is gone soon after the run was killed, also its folders', async () => {
    const { pids, folder: owed } = await started();
    run.kill('SIGKILL');
    await eventually('neither the process nor its child lives', () => pids.every((pid) => !lives(pid)));
    await eventually('the folder is gone', () => !existsSync(owed));
  });
});
