// A ledger that stands still while a peer takes its partitions over, and then goes on as if nothing had been.
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { lateTick } from './records.ts';
import { append, eventless, produceTo, projection } from './seen.ts';
import type { Stage } from './stage.ts';
import type { Held } from './tcp.proxy.ts';

/** Longer than the session of a consumer (10 s): its partitions go to the peer. */
const STOPPED_MS = 16_000;
/** As reliability.md has it. */
const LONG_MS = 45_000;

/** Something of the first process is on its way when it is stopped, until all that it owned is a peer's. */
async function whileStopped(
  stage: Stage,
  stoppedMs: number,
  held: () => Promise<Held | undefined>,
  service: 'ledger' | 'page-delivery' = 'ledger',
): Promise<void> {
  const { services, load, account } = stage;
  // While it owns everything: what is held may be of any partition.
  const late = await held();
  services.signal(service, 'SIGSTOP');
  const peer = await stage.replica(service);
  await peer.process.ready();
  if (service === 'page-delivery') account.divert(service, peer.process.url);
  await pause(stoppedMs);
  // What it had sent arrives only now, then the process itself goes on.
  late?.release();
  await pause(500);
  services.signal(service, 'SIGCONT');
  await services.ready();
  await load.more(40);
  if (service === 'page-delivery') account.divert(service, services.urls[service]);
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
    name: 'former-owner-moves-cursor',
    title: 'so does one without events, which nothing but the fence refuses',
    strike: (stage) =>
      whileStopped(stage, STOPPED_MS, async () => {
        const { links, partitions } = stage;
        const held = links.ledger.postgres.hold('asks', eventless);
        // A tick that brings nothing due is such a batch.
        const ticking = setInterval(() => void lateTick(stage, partitions).catch(() => undefined), 500);
        return held.finally(() => clearInterval(ticking));
      }),
  },
  {
    name: 'former-projector',
    title: 'what a stopped page-delivery projects reaches Postgres after a peer has taken over',
    strike: (stage) =>
      whileStopped(
        stage,
        STOPPED_MS,
        () => stage.links['page-delivery'].postgres.hold('asks', projection),
        'page-delivery',
      ),
  },
  {
    name: 'two-relays',
    title: 'a publish of a stopped ledger reaches Kafka after a peer has published the same',
    strike: (stage) =>
      whileStopped(stage, STOPPED_MS, () => stage.links.ledger.kafka.hold('asks', produceTo(stage.topics.outcomes))),
  },
];
