// No room left for Postgres, then for Kafka. Each has a small file system of its own, made smaller for a while.
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { startedAgain } from './servers-killed.fault.ts';
import type { OwnServers } from './servers.ts';

const FULL_MS = 8_000;

const full = (which: keyof OwnServers, title: string): Fault => ({
  name: `disk-full-${which}`,
  title,
  needsServers: true,
  unstageable: ({ own }) => own?.[which].disk.unavailable,
  strike: async (stage) => {
    const server = stage.options.own![which];
    server.disk.fill();
    await Promise.race([server.exited, pause(FULL_MS)]);
    server.disk.widen();
    // Either may give up where it cannot write: then somebody starts it again.
    if (server.running) await server.kill('SIGKILL');
    await startedAgain(stage, which);
    await Promise.race([stage.load.more(30), pause(stage.healsWithinMs)]);
  },
});

export const DISK_FULL: readonly Fault[] = [
  full('postgres', 'no room left on the disk of Postgres'),
  full('kafka', 'no room left on the disk of Kafka'),
];
