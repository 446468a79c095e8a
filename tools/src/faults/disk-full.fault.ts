// The disk of Postgres, then of Kafka, is full. Each has a small file system of its own, which is shrunk for a while.
import type { Fault } from './fault.ts';
import { endsWithin } from './patience.ts';
import { startedAgain } from './servers-killed.fault.ts';
import type { OwnServers } from './servers.ts';

const FULL_MS = 8_000;

const full = (which: keyof OwnServers, title: string): Fault => ({
  name: `disk-full-${which}`,
  title,
  needsServers: true,
  unavailable: ({ own }) => own?.[which].disk.unavailable,
  inject: async (stage) => {
    const server = stage.options.own![which];
    server.disk.fill();
    await endsWithin(FULL_MS, server.exited);
    server.disk.widen();
    // A server may end by itself because it cannot write. In both cases it is started again.
    if (server.running) await server.kill('SIGKILL');
    await startedAgain(stage, which);
    await endsWithin(stage.healsWithinMs, stage.load.more(30));
  },
});

export const DISK_FULL: readonly Fault[] = [
  full('postgres', 'the disk of Postgres is full'),
  full('kafka', 'the disk of Kafka is full'),
];
