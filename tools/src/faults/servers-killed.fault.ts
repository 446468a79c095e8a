// Postgres or Kafka dies, and comes back with its data.
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { endsWithin } from './patience.ts';
import type { OwnServers } from './servers.ts';
import type { Links, Stage } from './stage.ts';

const SIGNALS: readonly [name: string, title: string, which: keyof OwnServers & keyof Links, NodeJS.Signals][] = [
  ['broker-killed', 'kill -9 of the broker', 'kafka', 'SIGKILL'],
  ['postgres-stopped', 'immediate stop of Postgres', 'postgres', 'SIGQUIT'],
  ['postgres-killed', 'kill -9 of Postgres', 'postgres', 'SIGKILL'],
];

/** Starts the server again, and points all proxies to its new address. */
export async function startedAgain(stage: Stage, which: keyof OwnServers & keyof Links): Promise<void> {
  const server = stage.options.own![which];
  await server.start();
  const { hostname, port } = new URL(which === 'kafka' ? `tcp://${server.address}` : server.address);
  for (const proxy of stage.all(which)) proxy.aim({ host: hostname, port: Number(port) });
}

export const SERVERS_KILLED: readonly Fault[] = SIGNALS.map(([name, title, which, signal]) => ({
  name,
  title,
  needsServers: true,
  inject: async (stage) => {
    await stage.options.own![which].kill(signal);
    await pause(stage.random.from(1_000, 8_000));
    await startedAgain(stage, which);
    await endsWithin(stage.healsWithinMs, stage.load.more(30));
  },
}));
