import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@vouchers/testing';
import { batch, event, LOG, testStore } from '../testing/hand-made.ts';
import { EventsReader, OutcomesRelay, type Cursor, type StoredEvent } from './index.ts';

describe('the relay', () => {
  let context: Awaited<ReturnType<typeof testStore>>;
  let published: StoredEvent[];
  let cursor: Cursor;
  let relays: OutcomesRelay[];
  let refuse: (events: readonly StoredEvent[]) => boolean;

  beforeAll(async () => {
    context = await testStore('relay');
  });
  afterAll(() => context.end());
  beforeEach(async () => {
    await context.database.pool.query('TRUNCATE chain, cursor, events, relay');
    cursor = await context.store.open(3, LOG);
    [published, relays, refuse] = [[], [], () => false];
  });

  function relay(maxHeld = 5_000): OutcomesRelay {
    const made = new OutcomesRelay(3, context.store, new EventsReader(context.store.pools.readers), {
      publish: async (events) => {
        if (refuse(events)) throw new Error('Kafka is away');
        published.push(...events);
      },
      maxHeld,
      maxPublished: 10,
      rememberMs: 20,
    });
    relays.push(made);
    return made;
  }

  async function write(count: number): Promise<StoredEvent[]> {
    const events = Array.from({ length: count }, () => event());
    const first = cursor.nextSeq;
    cursor = await context.store.append(batch({ from: cursor, events }));
    return events.map((stored, index) => ({
      ...stored,
      partition: 3,
      seq: first + index,
      decidedAt: Date.UTC(2026, 0, 2) + 1,
      commitment: null,
    }));
  }

  const seqs = (): number[] => published.map((event) => event.seq);
  const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

  it('publishes the events handed over in order and without a hole, and reads those that did not fit', async () => {
    const subject = relay(30);
    await subject.start(1);
    for (let round = 0; round < 10; round += 1) subject.handOver(await write(17));
    await eventually('all are published', () => published.length >= 170);
    expect(seqs()).toEqual(upTo(170));
    await subject.stop();
  });

  it('publishes events that another owner committed but did not publish, with the same bytes and times', async () => {
    const written = await write(25);
    const subject = relay();
    await subject.start(cursor.nextSeq);
    await eventually('all are published', () => published.length >= 25);
    expect(published).toEqual(written);
    await subject.stop();
  });

  it('continues from its stored position, and publishes again after Kafka refused', async () => {
    const first = relay();
    await first.start(1);
    first.handOver(await write(12));
    await eventually('the first twelve are published', () => first.idle);
    await first.stop();
    let refusals = 2;
    refuse = () => (refusals -= 1) >= 0;
    const second = relay();
    await second.start(cursor.nextSeq);
    second.handOver(await write(3));
    await eventually('the others are published', () => second.idle);
    expect(seqs()).toEqual(upTo(15));
    await second.stop();
  });

  it('runs after the first start that succeeds, and only once if it is started several times', async () => {
    const subject = relay();
    await context.database.pool.query('ALTER TABLE relay RENAME TO relay_away');
    try {
      await expect(subject.start(1)).rejects.toThrow('relay');
    } finally {
      await context.database.pool.query('ALTER TABLE relay_away RENAME TO relay');
    }
    subject.handOver(await write(3));
    await Promise.all([subject.start(1), subject.start(1)]);
    await subject.start(1);
    await eventually('all are published', () => subject.idle);
    expect(seqs()).toEqual(upTo(3));
    await subject.stop();
  });

  it('measures how long events have waited without any being published', async () => {
    const subject = relay();
    await subject.start(1);
    refuse = () => true;
    expect(subject.stalledMs).toBe(0);
    subject.handOver(await write(2));
    await eventually('it is stalled', () => subject.stalledMs > 100);
    refuse = () => false;
    await eventually('all are published', () => subject.idle);
    expect(subject.stalledMs).toBe(0);
    await subject.stop();
  });

  it('does not run if it was stopped while it started', async () => {
    const subject = relay();
    const starting = subject.start(1);
    await subject.stop();
    await starting;
    subject.handOver(await write(2));
    await context.database.pool.query('SELECT 1');
    expect(seqs()).toEqual([]);
  });

  it('publishes no event before its owner reported it as committed', async () => {
    const subject = relay();
    await subject.start(cursor.nextSeq);
    await write(5);
    await subject.republish(await new EventsReader(context.store.pools.readers).from(3, 1, 5));
    await subject.stop();
    expect(published).toEqual([]);
  });

  it('publishes an old event again on request', async () => {
    const subject = relay();
    await subject.start(1);
    const written = await write(4);
    subject.handOver(written);
    await eventually('all are published', () => subject.idle);
    await subject.republish([written[1]!]);
    expect(seqs()).toEqual([1, 2, 3, 4, 2]);
    await subject.stop();
  });
});
