// A ledger is stopped while a peer takes over its partitions. Then it continues as if nothing had happened.
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { appendTicks } from './records.ts';
import { append, eventless, produceTo, projection } from './seen.ts';
import type { Stage } from './stage.ts';
import type { HeldBytes } from './tcp.proxy.ts';

/** Longer than a consumer's session (10 s), so its partitions move to the peer. */
const STOPPED_MS = 16_000;
/** The longer pause that reliability.md names. */
const LONG_MS = 45_000;

interface Standstill {
  readonly service?: 'ledger' | 'page-delivery';
  /** The peer is stopped when the late bytes arrive. Otherwise it would overwrite them before the audit. */
  readonly alone?: boolean;
  /** Runs when the peer serves. */
  readonly meanwhile?: (held: HeldBytes) => Promise<void>;
}

/** Holds bytes of the first process and stops it, until a peer owns all of its partitions. */
async function whileStopped(
  stage: Stage,
  stoppedMs: number,
  held: () => Promise<HeldBytes | undefined>,
  { service = 'ledger', alone = false, meanwhile }: Standstill = {},
): Promise<void> {
  const { services, load, account } = stage;
  // Now, while it owns everything: the held bytes may belong to any partition.
  const late = await held();
  services.signal(service, 'SIGSTOP');
  const peer = await stage.replica(service);
  // A stopped process answers nothing, however long the peer takes to start.
  if (service === 'page-delivery') account.divert(service, peer.process.url);
  await peer.process.ready();
  const ended = pause(stoppedMs);
  if (late) await meanwhile?.(late);
  await ended;
  // The held bytes arrive only now. Then the process itself continues.
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

/** The granted claims in these bytes of a projection. */
const granted = (bytes: Buffer): Granted[] =>
  [...String(bytes).matchAll(/\{"id":"([^"]+)"[^{}]*"userId":"([^"]+)"[^{}]*"state":"held"/g)].map(
    ([, id, userId]) => ({
      id: id!,
      userId: userId!,
    }),
  );

async function release(stage: Stage, claims: readonly Granted[]): Promise<void> {
  for (const { id, userId } of claims)
    await stage.settle({ service: 'page-delivery', method: 'DELETE', path: `/v1/claims/${id}`, userId, key: id });
}

const stopped = (name: string, stoppedMs: number): Fault => ({
  name,
  title: `SIGSTOP of a ledger for ${stoppedMs / 1_000} s while a peer takes over, then SIGCONT`,
  inject: (stage) => whileStopped(stage, stoppedMs, async () => undefined),
});

export const FORMER_OWNER: readonly Fault[] = [
  stopped('ledger-stopped', LONG_MS),
  {
    name: 'former-owner-writes',
    title: 'a batch of a stopped ledger reaches Postgres after a peer has taken over',
    inject: (stage) => whileStopped(stage, STOPPED_MS, () => stage.links.ledger.postgres.hold('asks', append)),
  },
  {
    name: 'former-owner-moves-cursor',
    title: 'a batch without events does so; only the fence refuses it',
    inject: (stage) =>
      whileStopped(
        stage,
        STOPPED_MS,
        async () => {
          const held = stage.links.ledger.postgres.hold('asks', eventless);
          // A late tick without due changes makes a batch without events.
          const ticking = setInterval(() => void appendTicks(stage, -4_000).catch(() => undefined), 500);
          return held.finally(() => clearInterval(ticking));
        },
        { alone: true },
      ),
  },
  {
    name: 'former-projector',
    title: 'a projection of a stopped page-delivery reaches Postgres after a peer has taken over',
    inject: (stage) =>
      whileStopped(
        stage,
        STOPPED_MS,
        () =>
          stage.links['page-delivery'].postgres.hold('asks', (bytes) => projection(bytes) && granted(bytes).length > 0),
        // They are released by then. If the late batch were written, they would be held again.
        { service: 'page-delivery', meanwhile: (late) => release(stage, granted(late.bytes)) },
      ),
  },
  {
    name: 'two-relays',
    title: 'a publish of a stopped ledger reaches Kafka after a peer has published the same',
    inject: (stage) =>
      whileStopped(stage, STOPPED_MS, () => stage.links.ledger.kafka.hold('asks', produceTo(stage.topics.outcomes))),
  },
];
