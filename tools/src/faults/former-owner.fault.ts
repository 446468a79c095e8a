// A ledger that stands still while a peer takes its partitions over, and then goes on as if nothing had been.
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { append, produceTo } from './seen.ts';
import type { Stage } from './stage.ts';
import type { Held } from './tcp.proxy.ts';

/** Longer than the session of a consumer (10 s): its partitions go to the peer. */
const STOPPED_MS = 16_000;
/** As reliability.md has it. */
const LONG_MS = 45_000;

/** A peer runs, the first ledger holds something that is on its way, and is stopped until that is another's. */
async function whileStopped(stage: Stage, stoppedMs: number, held: () => Promise<Held | undefined>): Promise<void> {
  const { services, load } = stage;
  const peer = await stage.replica('ledger');
  await peer.process.ready();
  await load.more(40);
  const late = await held();
  services.signal('ledger', 'SIGSTOP');
  await pause(stoppedMs);
  // What it had sent arrives only now, then the process itself goes on.
  late?.release();
  await pause(500);
  services.signal('ledger', 'SIGCONT');
  await services.ready();
  await load.more(40);
  await peer.process.kill('SIGTERM');
}

const stopped = (name: string, stoppedMs: number): Fault => ({
  name,
  title: `SIGSTOP of a ledger for ${stoppedMs / 1_000} s while a peer takes over, then SIGCONT`,
  strike: (stage) => whileStopped(stage, stoppedMs, async () => undefined),
});

export const FORMER_OWNER: readonly Fault[] = [
  stopped('ledger-stopped', LONG_MS),
  {
    name: 'former-owner-writes',
    title: 'a batch of a stopped ledger reaches Postgres after a peer has taken over',
    strike: (stage) => whileStopped(stage, STOPPED_MS, () => stage.links.ledger.postgres.hold('asks', append)),
  },
  {
    name: 'two-relays',
    title: 'a publish of a stopped ledger reaches Kafka after a peer has published the same',
    strike: (stage) =>
      whileStopped(stage, STOPPED_MS, () => stage.links.ledger.kafka.hold('asks', produceTo(stage.topics.outcomes))),
  },
];
