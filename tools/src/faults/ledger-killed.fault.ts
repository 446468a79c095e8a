// kill -9 of the ledger at random instants, and at certain points that the proxies recognise in the traffic.
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { append, offsetCommit, produceTo } from './seen.ts';
import type { Stage } from './stage.ts';
import type { HeldBytes } from './tcp.proxy.ts';

const TIMES = 2;

/** The point at which certain bytes are held. `passing`: how many of these bytes get through first. */
interface Point {
  readonly name: string;
  readonly title: string;
  readonly reached: (stage: Stage) => Promise<HeldBytes>;
  readonly passing?: (held: HeldBytes) => number;
}

const POINTS: readonly Point[] = [
  {
    name: 'ledger-killed-before-commit',
    title: 'kill -9 of the ledger while a batch is on its way to Postgres',
    reached: ({ links }) => links.ledger.postgres.hold('asks', append),
  },
  {
    name: 'ledger-killed-after-commit',
    title: 'kill -9 of the ledger after Postgres has committed and before the ledger knows',
    reached: ({ links }) => links.ledger.postgres.holdAnswerTo(append),
  },
  {
    name: 'ledger-killed-before-resolve',
    title: 'kill -9 of the ledger after a commit and before it commits its offsets to Kafka',
    reached: ({ links }) => links.ledger.kafka.hold('asks', offsetCommit),
  },
  {
    name: 'ledger-killed-mid-publish',
    title: 'kill -9 of the ledger when half of a publish has reached Kafka',
    reached: ({ links, topics }) => links.ledger.kafka.hold('asks', produceTo(topics.outcomes)),
    passing: ({ bytes }) => Math.floor(bytes.length / 2),
  },
  {
    name: 'ledger-killed-after-publish',
    title: 'kill -9 of the ledger when Kafka has a publish and the ledger does not know it yet',
    reached: ({ links, topics }) => links.ledger.kafka.holdAnswerTo(produceTo(topics.outcomes)),
  },
];

const atPoints = POINTS.map(({ name, title, reached, passing }): Fault => ({
  name,
  title,
  inject: async (stage) => {
    for (let time = 0; time < TIMES; time += 1) {
      const held = await reached(stage);
      if (passing) held.release(passing(held));
      await stage.services.kill('ledger');
      held.drop();
      await stage.services.restart('ledger');
      await stage.load.more(20);
    }
  },
}));

const atRandom: Fault = {
  name: 'ledger-killed-at-random',
  title: 'kill -9 of the ledger at three random instants',
  inject: async ({ services, load, random }) => {
    for (let time = 0; time < 3; time += 1) {
      await load.more(random.from(5, 60));
      await pause(random.from(0, 200));
      await services.kill('ledger');
      await services.restart('ledger');
    }
  },
};

export const LEDGER_KILLED: readonly Fault[] = [atRandom, ...atPoints];
