import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testKafka } from '@vouchers/testing';
import { throughProxy as proxiedKafka, type BrokerProxy } from '../testing/broker-proxy.ts';
import { recordingLogger } from '../testing/recording-logger.ts';
import { consumeBatches } from './batch.consumer.ts';
import { AckUnknown, NotSent } from './failures.ts';
import { connectKafka } from './kafka.ts';
import { ProducerConnection } from './producer.connection.ts';
import { Producer } from './record.producer.ts';
import type { OutgoingRecord } from './record.ts';
import { endOffsets, ensureTopics } from './topics.ts';

const names = testKafka();
const logger = recordingLogger();
const kafka = connectKafka({ brokers: names.brokers, clientId: 'producer-test', logger });
const topic = names.topic('produced');
const started: Producer[] = [];
const proxies: BrokerProxy[] = [];

function newProducer(through = kafka, deadlineMs = 5_000, limits = {}): Producer {
  const producer = new Producer(through, { deadlineMs, ...limits });
  started.push(producer);
  return producer;
}

const record = (value: string, partition = 0): OutgoingRecord => ({
  topic,
  partition,
  key: 'k',
  value,
  headers: { n: 'x' },
});

/** All values of the topic from these offsets on, by partition. */
async function valuesFrom(starts: bigint[]): Promise<string[][]> {
  const ends = await endOffsets(kafka, topic);
  const values: string[][] = starts.map(() => []);
  const consumption = await consumeBatches(
    kafka,
    { groupId: names.group(`read-${Math.random()}`), topics: [topic], startAt: async (_, p) => starts[p] },
    async ({ partition, records }) => {
      values[partition]!.push(...records.map(({ value }) => String(value).slice(0, 20)));
    },
  );
  const expected = ends.reduce((sum, end, partition) => sum + Number(end - starts[partition]!), 0);
  await eventually('all records are read', () => values.flat().length === expected);
  await consumption.stop();
  return values;
}

async function throughProxy(): Promise<{ proxied: typeof kafka; proxy: BrokerProxy }> {
  const through = await proxiedKafka(kafka);
  proxies.push(through.proxy);
  return through;
}

/** Counts produce requests while `work` runs. */
async function countingRequests(work: () => Promise<void>): Promise<number> {
  const produce = ProducerConnection.prototype.produce;
  let requests = 0;
  ProducerConnection.prototype.produce = function (records) {
    requests += 1;
    return produce.call(this, records);
  };
  try {
    await work();
  } finally {
    ProducerConnection.prototype.produce = produce;
  }
  return requests;
}

beforeAll(() => ensureTopics(kafka, [{ topic, partitions: 2, config: {} }]));
afterEach(async () => {
  await Promise.all(started.splice(0).map((producer) => producer.disconnect()));
  for (const proxy of proxies.splice(0)) proxy.close();
});

describe('Producer', () => {
  it('combines concurrent sends into few requests and keeps the order of the calls in each partition', async () => {
    const producer = newProducer();
    await producer.connect();
    const before = await endOffsets(kafka, topic);
    const requests = await countingRequests(async () => {
      const first = producer.send([record('0')]);
      await new Promise((resolve) => setImmediate(resolve));
      const rest = Array.from({ length: 499 }, (_, i) => producer.send([record(String(i + 1), (i + 1) % 2)]));
      await Promise.all([first, ...rest]);
    });
    expect(requests).toBe(2);
    const [even, odd] = await valuesFrom(before);
    expect(even).toEqual(Array.from({ length: 250 }, (_, i) => String(2 * i)));
    expect(odd).toEqual(Array.from({ length: 250 }, (_, i) => String(2 * i + 1)));
  });

  it('splits requests by count and by bytes', async () => {
    const producer = newProducer(kafka, 5_000, { maxRequestRecords: 100 });
    await producer.connect();
    const before = await endOffsets(kafka, topic);
    const byCount = await countingRequests(() => producer.send(Array.from({ length: 250 }, () => record('c'))));
    expect(byCount).toBe(3);
    const large = 'L'.repeat(400_000);
    const byBytes = await countingRequests(() => producer.send([large, large, large].map((value) => record(value))));
    expect(byBytes).toBe(2);
    expect((await endOffsets(kafka, topic))[0]! - before[0]!).toBe(253n);
  });

  it('rejects a record that is too large for Kafka, and sends the others', async () => {
    const producer = newProducer();
    await producer.connect();
    const good = producer.send([record('good')]);
    await expect(producer.send([record('x'.repeat(3_000_001))])).rejects.toThrow(NotSent);
    await expect(good).resolves.toBeUndefined();
  });

  it('rejects a record of a partition that does not exist, and goes on', async () => {
    const producer = newProducer();
    await producer.connect();
    await expect(producer.send([record('lost', 7)])).rejects.toThrow(/has no partition 7/);
    await expect(producer.send([record('kept')])).resolves.toBeUndefined();
    expect(producer.healthy()).toBe(true);
  });

  it('fails each send by its deadline as not sent while there is no broker, and is not healthy', async () => {
    const closed = connectKafka({ brokers: ['127.0.0.1:1'], clientId: 'nobody', logger: recordingLogger() });
    const producer = newProducer(closed, 300);
    const began = performance.now();
    await expect(producer.connect()).rejects.toThrow(NotSent);
    await expect(producer.send([record('nobody')])).rejects.toThrow(NotSent);
    expect(performance.now() - began).toBeGreaterThan(550);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(producer.healthy()).toBe(false);
  });

  it('neither loses, repeats nor reorders records when connections are cut', async () => {
    const { proxied, proxy } = await throughProxy();
    const producer = newProducer(proxied);
    await producer.connect();
    const before = await endOffsets(kafka, topic);
    const sends: Promise<void>[] = [];
    for (let i = 0; i < 60; i++) {
      sends.push(producer.send([record(String(i))]));
      if (i % 20 === 10) proxy.cut();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(sends);
    expect((await valuesFrom(before))[0]).toEqual(Array.from({ length: 60 }, (_, i) => String(i)));
  });

  it('reports a send without an answer as unknown and the one behind it as not sent, then recovers', async () => {
    const { proxied, proxy } = await throughProxy();
    const producer = newProducer(proxied, 600);
    await producer.connect();
    await producer.send([record('before')]);
    const before = await endOffsets(kafka, topic);
    proxy.swallowAnswers = true;
    const half = performance.now() + 300;
    const first = producer.send([record('unknown')]);
    await eventually('Kafka has it', async () => (await endOffsets(kafka, topic))[0]! > before[0]!);
    await eventually('half of its time is over', () => performance.now() > half);
    const behind = producer.send([record('behind')]).catch((error: unknown) => error);
    await expect(first).rejects.toThrow(AckUnknown);
    proxy.swallowAnswers = false;
    expect(await behind).toBeInstanceOf(NotSent);
    await eventually('it is healthy again by itself', () => producer.healthy());
    await producer.send([record('after')]);
    expect((await valuesFrom(before))[0]).toEqual(['unknown', 'after']);
  });

  it('notices that an idle connection is lost, and connects again', async () => {
    const { proxied, proxy } = await throughProxy();
    const producer = newProducer(proxied);
    await producer.connect();
    expect(producer.healthy()).toBe(true);
    proxy.open = false;
    proxy.cut();
    await eventually('it is not healthy', () => !producer.healthy());
    const send = producer.send([record('patient')]);
    proxy.open = true;
    await eventually('it is healthy again', () => producer.healthy());
    await expect(send).resolves.toBeUndefined();
  });

  it('closes after the last send is acknowledged, and accepts no more', async () => {
    const producer = newProducer();
    await producer.connect();
    const sent = producer.send([record('last')]);
    await producer.disconnect();
    await expect(sent).resolves.toBeUndefined();
    await expect(producer.send([record('late')])).rejects.toThrow(NotSent);
  });
});

afterAll(() => {
  expect(logger.errors).toEqual([]);
});
