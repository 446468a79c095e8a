// Ends what a run started when the run itself can no longer do so (kill -9, out of memory): it holds the far end of
// a pipe, reads what is owed, and pays it when the pipe closes. Plain JS, as small as it can be: it lives with every run.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

/** @type {Map<string, { group?: number, signal?: NodeJS.Signals, folder?: string, container?: string }>} */
const owed = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  const { key, ...debt } = JSON.parse(line);
  if (Object.keys(debt).length > 0) owed.set(key, debt);
  else owed.delete(key);
}

const groups = [...owed.values()].filter(({ group }) => group);
for (const { group, signal } of groups) send(group, signal);
for (let waited = 0; waited < 5_000 && groups.some(({ group }) => send(group, 0)); waited += 100)
  await new Promise((resolve) => setTimeout(resolve, 100));
for (const { group } of groups) send(group, 'SIGKILL');
for (const { container } of owed.values())
  if (container) spawnSync('docker', ['rm', '--force', '--volumes', container], { stdio: 'ignore' });
for (const { folder } of owed.values()) if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

/** Whether a process of the group was there to be sent the signal. */
function send(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}
