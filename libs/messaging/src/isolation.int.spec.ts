import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testKafka } from '@vouchers/testing';
import { consumeBatches } from './batch.consumer.ts';
import type { ConsumeOptions, Consumption } from './consumption.ts';
import { connectKafka } from './kafka.ts';
import { Producer } from './record.producer.ts';
import type { Aside, RecordBatch } from './record.ts';
import { recordingLogger } from '../testing/recording-logger.ts';
import { ensureTopics } from './topics.ts';

const names = testKafka();
const kafka = connectKafka({ brokers: names.brokers, clientId: 'isolation-test', logger: recordingLogger() });
const producer = new Producer(kafka);
const running: Consumption[] = [];
let count = 0;

/** A consumer that collects the values that it handled, and fails for some values. */
class Collector {
  readonly handled: string[] = [];
  readonly aside: (Aside & { value: string })[] = [];
  /** The error for a value and its mark; undefined if the value can be handled. */
  errorFor = (value: string, aside?: Aside): unknown =>
    value.startsWith('bad') && !aside ? new TypeError(`${value} cannot be read`) : undefined;

  async handle({ records, aside }: RecordBatch): Promise<void> {
    const values = records.map(({ value }) => String(value));
    const failure = values.map((value) => this.errorFor(value, aside)).find((error) => error !== undefined);
    if (failure !== undefined) throw failure;
    if (aside) this.aside.push({ value: values[0]!, ...aside });
    else this.handled.push(...values);
  }
}

async function topicOf(values: string[]): Promise<string> {
  const topic = names.topic(`isolated-${++count}`);
  await ensureTopics(kafka, [{ topic, partitions: 1, config: {} }]);
  await producer.send(values.map((value) => ({ topic, partition: 0, key: null, value, headers: {} })));
  return topic;
}

async function consume(
  topic: string,
  collector: Collector,
  options: Partial<ConsumeOptions> = {},
): Promise<Consumption> {
  const groupId = names.group(`isolated-${++count}`);
  const consumption = await consumeBatches(
    kafka,
    { retryMs: 20, probe: async () => undefined, ...options, groupId, topics: [topic] },
    (batch) => collector.handle(batch),
  );
  running.push(consumption);
  return consumption;
}

const good = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `good ${from + index}`);

beforeAll(() => producer.connect());
afterEach(async () => {
  await Promise.all(running.splice(0).map((consumption) => consumption.stop()));
});
afterAll(() => producer.disconnect());

describe('a record that cannot be handled', () => {
  it('is set aside, and all others are handled once each, in order', async () => {
    const values = ['bad first', ...good(0, 300), 'bad one', 'bad two', ...good(300, 600), 'bad last'];
    const collector = new Collector();
    const consumption = await consume(await topicOf(values), collector);
    await eventually('the last record is set aside', () => collector.aside.length === 4);
    expect(collector.handled).toEqual(good(0, 600));
    expect(collector.aside.map(({ value }) => value)).toEqual(['bad first', 'bad one', 'bad two', 'bad last']);
    expect(collector.aside[0]).toMatchObject({ reason: 'bad first cannot be read', attempt: 1 });
    expect(consumption.status()).toMatchObject({ failing: [], stuck: [], halted: [] });
    expect(consumption.healthy()).toBe(true);
  });

  it('is delivered again if setting it aside fails', async () => {
    const collector = new Collector();
    collector.errorFor = (value, aside) =>
      value === 'bad' && !(aside && aside.attempt > 2) ? new Error('no') : undefined;
    await consume(await topicOf(['bad', ...good(0, 3)]), collector);
    await eventually('the others are handled', () => collector.handled.length === 3);
    expect(collector.aside).toEqual([{ value: 'bad', reason: 'no', attempt: 3 }]);
  });

  it('is not set aside if the infrastructure is the cause, and is handled when it is back', async () => {
    const collector = new Collector();
    let failures = 0;
    collector.errorFor = () => (failures++ < 6 ? Object.assign(new Error('disk full'), { code: '53100' }) : undefined);
    await consume(await topicOf(good(0, 20)), collector);
    await eventually('all are handled', () => collector.handled.length === 20);
    expect(collector.handled).toEqual(good(0, 20));
    expect(collector.aside).toEqual([]);
  });

  it('is not set aside while the probe fails too', async () => {
    const collector = new Collector();
    let probes = 0;
    let away = true;
    collector.errorFor = (value) => (away && value === 'bad' ? new Error('no') : undefined);
    const probe = async (): Promise<void> => {
      if ((probes += 1) < 4) throw new Error('away');
      away = false;
      throw new Error('away for the last time');
    };
    await consume(await topicOf([...good(0, 3), 'bad']), collector, { probe });
    await eventually('all are handled', () => collector.handled.length === 4);
    expect(probes).toBeGreaterThanOrEqual(4);
    expect(collector.aside).toEqual([]);
  });

  describe('whose work fails after the handler resolved', () => {
    const asides: string[] = [];
    const handled = new Set<string>();
    /** How often the bad record came alone. */
    let alone = 0;

    /** Consumes with a handler that waits for its work only if the batch is suspect. */
    async function consumeAhead(collector: Collector): Promise<void> {
      asides.length = alone = 0;
      handled.clear();
      const topic = await topicOf([...good(0, 5), 'bad', ...good(5, 10)]);
      let cursor = 0n;
      const groupId = names.group(`isolated-${++count}`);
      const consumption = await consumeBatches(
        kafka,
        { retryMs: 20, probe: async () => undefined, groupId, topics: [topic], startAt: async () => cursor },
        async (batch) => {
          const work = async (): Promise<void> => {
            await new Promise((resolve) => setImmediate(resolve));
            const first = String(batch.records[0]!.value);
            if (batch.records.length === 1 && first === 'bad') alone += 1;
            if (batch.aside) asides.push(first);
            else await collector.handle(batch);
            for (const { value } of batch.records) handled.add(String(value));
            cursor = batch.records.at(-1)!.offset + 1n;
          };
          const done = work();
          done.catch((error: unknown) => batch.fail(error));
          if (batch.suspect) await done;
        },
      );
      running.push(consumption);
      await eventually('all are handled or set aside', () => handled.size === 11);
    }

    it('is found, and no other record is blamed', async () => {
      const collector = new Collector();
      await consumeAhead(collector);
      expect(asides).toEqual(['bad']);
      expect(collector.handled).toEqual(good(0, 10));
    });

    it('is found if the infrastructure refuses it alone, and is not set aside', async () => {
      const collector = new Collector();
      const full = Object.assign(new Error('disk full'), { code: '53100' });
      collector.errorFor = (value) => (value === 'bad' && alone < 2 ? full : undefined);
      await consumeAhead(collector);
      expect(asides).toEqual([]);
      expect([...collector.handled].sort()).toEqual([...good(0, 10), 'bad'].sort());
    });
  });
});
