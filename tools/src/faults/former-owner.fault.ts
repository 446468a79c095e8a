// A ledger that stands still while a peer takes its partitions over, and then goes on as if nothing had been.
import { setTimeout as pause } from 'node:timers/promises';
import { isSettled } from './account.ts';
import type { Fault } from './fault.ts';
import { lateTick } from './records.ts';
import { append, eventless, produceTo, projection } from './seen.ts';
import type { Stage } from './stage.ts';
import type { Held } from './tcp.proxy.ts';

/** Longer than the session of a consumer (10 s): its partitions go to the peer. */
const STOPPED_MS = 16_000;
/** As reliability.md has it. */
const LONG_MS = 45_000;

interface Standstill {
  readonly service?: 'ledger' | 'page-delivery';
  /** What is late arrives while the peer stands still, too: it would write over it before the auditor has looked. */
  readonly alone?: boolean;
  /** Done once the peer serves. */
  readonly meanwhile?: (held: Held) => Promise<void>;
}

/** Something of the first process is on its way when it is stopped, until all that it owned is a peer's. */
async function whileStopped(
  stage: Stage,
  stoppedMs: number,
  held: () => Promise<Held | undefined>,
  { service = 'ledger', alone = false, meanwhile }: Standstill = {},
): Promise<void> {
  const { services, load, account } = stage;
  // While it owns everything: what is held may be of any partition.
  const late = await held();
  services.signal(service, 'SIGSTOP');
  const peer = await stage.replica(service);
  await peer.process.ready();
  if (service === 'page-delivery') account.divert(service, peer.process.url);
  const ended = pause(stoppedMs);
  if (late) await meanwhile?.(late);
  await ended;
  // What it had sent arrives only now, then the process itself goes on.
  if (alone) peer.process.signal('SIGSTOP');
  late?.release();
  await pause(1_000);
  peer.process.signal('SIGCONT');
  services.signal(service, 'SIGCONT');
  await services.ready();
  await load.more(40);
  if (service === 'page-delivery') account.divert(service, services.urls[service]);
  await peer.process.kill('SIGTERM');
}

interface Granted {
  readonly id: string;
  readonly userId: string;
}

/** The claims in these bytes of a projection, as they were granted. */
const granted = (bytes: Buffer): Granted[] =>
  [...String(bytes).matchAll(/\{"id":"([^"]+)"[^{}]*"userId":"([^"]+)"[^{}]*"state":"held"/g)].map(
    ([, id, userId]) => ({
      id: id!,
      userId: userId!,
    }),
  );

async function release({ account }: Stage, claims: readonly Granted[]): Promise<void> {
  for (const { id, userId } of claims) {
    const asked = account.open({
      service: 'page-delivery',
      method: 'DELETE',
      path: `/v1/claims/${id}`,
      userId,
      key: id,
    });
    while (!isSettled(await account.send(asked))) await pause(200);
  }
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
      whileStopped(
        stage,
        STOPPED_MS,
        async () => {
          const { links, partitions } = stage;
          const held = links.ledger.postgres.hold('asks', eventless);
          // A tick that brings nothing due is such a batch.
          const ticking = setInterval(() => void lateTick(stage, partitions).catch(() => undefined), 500);
          return held.finally(() => clearInterval(ticking));
        },
        { alone: true },
      ),
  },
  {
    name: 'former-projector',
    title: 'what a stopped page-delivery projects reaches Postgres after a peer has taken over',
    strike: (stage) =>
      whileStopped(
        stage,
        STOPPED_MS,
        () =>
          stage.links['page-delivery'].postgres.hold('asks', (bytes) => projection(bytes) && granted(bytes).length > 0),
        // Released by then; were the late batch taken, they would be held again.
        { service: 'page-delivery', meanwhile: (late) => release(stage, granted(late.bytes)) },
      ),
  },
  {
    name: 'two-relays',
    title: 'a publish of a stopped ledger reaches Kafka after a peer has published the same',
    strike: (stage) =>
      whileStopped(stage, STOPPED_MS, () => stage.links.ledger.kafka.hold('asks', produceTo(stage.topics.outcomes))),
  },
];
