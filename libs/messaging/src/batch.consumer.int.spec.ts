import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testKafka } from '@vouchers/testing';
import { consumeBatches } from './batch.consumer.ts';
import type { ConsumeOptions, Consumption, TopicPartition } from './consumption.ts';
import { Halt, NotSent } from './failures.ts';
import { connectKafka } from './kafka.ts';
import { Producer } from './record.producer.ts';
import type { BatchHandler, RecordBatch } from './record.ts';
import { throughProxy } from '../testing/broker-proxy.ts';
import { recordingLogger } from '../testing/recording-logger.ts';
import { endOffsets, ensureTopics } from './topics.ts';

const names = testKafka();
const logger = recordingLogger();
const kafka = connectKafka({ brokers: names.brokers, clientId: 'messaging-test', logger });
const producer = new Producer(kafka);
const running: Consumption[] = [];
let count = 0;

async function newTopic(partitions = 2): Promise<string> {
  const topic = names.topic(`consumed-${++count}`);
  await ensureTopics(kafka, [{ topic, partitions, config: {} }]);
  return topic;
}

const publish = (topic: string, partition: number, values: string[]): Promise<void> =>
  producer.send(values.map((value) => ({ topic, partition, key: null, value, headers: {} })));

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => String(from + index));

async function consume(
  topic: string,
  handler: BatchHandler,
  options: Partial<ConsumeOptions> = {},
): Promise<Consumption> {
  const groupId = options.groupId ?? names.group(`g-${++count}`);
  const consumption = await consumeBatches(kafka, { retryMs: 20, ...options, groupId, topics: [topic] }, handler);
  running.push(consumption);
  return consumption;
}

/** Collects values by partition. */
function collector(): { values: string[][]; handler: BatchHandler } {
  const values: string[][] = [[], []];
  return {
    values,
    handler: async ({ partition, records }) => {
      values[partition]!.push(...records.map(({ value }) => String(value)));
    },
  };
}

beforeAll(() => producer.connect());
afterEach(async () => {
  await Promise.all(running.splice(0).map((consumption) => consumption.stop()));
});
afterAll(() => producer.disconnect());

describe('consumeBatches', () => {
  it('delivers the records of each partition in order, and commits how far it came', async () => {
    const topic = await newTopic();
    const groupId = names.group('orderly');
    await publish(topic, 0, numbers(0, 700));
    await publish(topic, 1, ['b']);
    const { values, handler } = collector();
    const offsets: bigint[] = [];
    const sizes: number[] = [];
    const ahead: number[] = [];
    const consumption = await consume(
      topic,
      async (batch) => {
        if (batch.partition === 0) offsets.push(...batch.records.map(({ offset }) => offset));
        if (batch.partition === 0) sizes.push(batch.records.length);
        expect(batch.highWatermark).toBe(batch.partition === 0 ? 700n : 1n);
        const [next, waiting] = [batch.records.at(-1)!.offset + 1n, batch.ahead().map(({ offset }) => offset)];
        expect(waiting).toEqual(waiting.map((_, index) => next + BigInt(index)));
        if (waiting.length > 0) ahead.push(waiting.length);
        await handler(batch);
      },
      { groupId, maxRecords: 300 },
    );
    await eventually('all are delivered', () => values[0]!.length === 700 && values[1]!.length === 1);
    expect(values[0]).toEqual(numbers(0, 700));
    expect(offsets).toEqual(numbers(0, 700).map(BigInt));
    expect(Math.max(...sizes)).toBe(300);
    expect(Math.max(...ahead)).toBe(300);
    expect(consumption.healthy()).toBe(true);
    await consumption.stop();
    expect(consumption.healthy()).toBe(false);

    await publish(topic, 0, ['next']);
    const second = collector();
    await consume(topic, second.handler, { groupId });
    await eventually('the next record is delivered', () => second.values[0]!.length > 0);
    expect(second.values).toEqual([['next'], []]);
  });

  it('pauses between fetches (`restMs`) only at the log’s end, and not while it stops', async () => {
    const topic = await newTopic(1);
    const batches: number[] = [];
    for (let time = 0; time < 20; time += 1) await publish(topic, 0, ['x'.repeat(1_000)]);
    const consumption = await consume(topic, async ({ records }) => void batches.push(records.length), {
      restMs: 60_000,
      maxBytesPerPartition: 4_096,
    });
    await eventually('the whole log is delivered', () => batches.reduce((sum, size) => sum + size, 0) === 20);
    expect(batches.length).toBeGreaterThan(1);
    const before = batches.length;
    await publish(topic, 0, ['later']);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(batches).toHaveLength(before);
    await consumption.stop();
  });

  it('tries a failed batch again after growing pauses, while other partitions go on', async () => {
    const topic = await newTopic();
    await publish(topic, 0, ['bad', 'after']);
    await publish(topic, 1, ['good']);
    const { values, handler } = collector();
    let tries = 0;
    const consumption = await consume(topic, async (batch) => {
      if (batch.partition === 0 && ++tries <= 3) throw new NotSent('not now');
      await handler(batch);
    });
    await eventually(
      'the first partition fails while the other goes on',
      () => values[1]!.length === 1 && tries > 0 && tries < 4,
    );
    await eventually('the failed batch is handled', () => values[0]!.length === 2);
    expect(values[0]).toEqual(['bad', 'after']);
    expect(tries).toBe(4);
    expect(consumption.status().failing).toEqual([]);
    expect(consumption.healthy()).toBe(true);
  });

  it.each([
    ['TypeError', () => (undefined as unknown as { x: number }).x],
    ['SyntaxError', () => JSON.parse('{')],
    ['RangeError', () => 'x'.repeat(-1)],
  ])('is not stopped by a %s', async (_, fault) => {
    const topic = await newTopic();
    const { values, handler } = collector();
    let thrown = false;
    await consume(topic, async (batch) => {
      if (!thrown) {
        thrown = true;
        fault();
      }
      await handler(batch);
    });
    await publish(topic, 0, ['one']);
    await eventually('the first record is delivered', () => values[0]!.length === 1);
    await publish(topic, 0, ['two']);
    await eventually('the next record is delivered', () => values[0]!.length === 2);
    expect(thrown).toBe(true);
  });

  it('halts one partition for good, logs an error, and is not healthy', async () => {
    const topic = await newTopic();
    const { values, handler } = collector();
    let delivered = 0;
    const consumption = await consume(topic, async (batch) => {
      if (batch.partition === 0) {
        delivered += 1;
        throw new Halt('a hole at 7');
      }
      await handler(batch);
    });
    await publish(topic, 0, ['x']);
    await eventually('the partition is halted', () => consumption.status().halted.length === 1);
    expect(consumption.status().halted).toEqual([{ topic, partition: 0, reason: 'a hole at 7' }]);
    expect(consumption.healthy()).toBe(false);
    expect(logger.errors.at(-1)).toMatch('partition halted');
    await publish(topic, 0, ['y']);
    await publish(topic, 1, ['other']);
    await eventually('the other partition goes on', () => values[1]!.length === 1);
    expect(delivered).toBe(1);
  });

  it('starts at its owner’s cursor, and reads the cursor again after a failure', async () => {
    const topic = await newTopic(1);
    await publish(topic, 0, numbers(0, 10));
    let cursor = 4n;
    const seen: string[] = [];
    let failed = false;
    await consume(
      topic,
      async ({ records }) => {
        seen.push(...records.map(({ value }) => String(value)));
        if (failed) return;
        failed = true;
        cursor = 8n;
        throw new Error('another owner moved the cursor');
      },
      { startAt: async () => cursor },
    );
    await eventually('the records after the cursor are delivered', () => seen.length >= 8);
    expect(seen).toEqual([...numbers(4, 10), ...numbers(8, 10)]);
  });

  it('starts again from the cursor if work fails after its handler resolved', async () => {
    const topic = await newTopic(1);
    await publish(topic, 0, numbers(0, 4));
    const batches: RecordBatch[] = [];
    await consume(topic, async (batch) => void batches.push(batch), { startAt: async () => 2n });
    await eventually('the batch is delivered', () => batches.length === 1);
    batches[0]!.fail(new NotSent('commit failed'));
    expect(batches[0]!.isLost()).toBe(true);
    await eventually('it is delivered again', () => batches.length === 2);
    expect(batches[1]!.records.map(({ offset }) => offset)).toEqual([2n, 3n]);
    batches[0]!.fail(new Error('late'));
    expect(batches[1]!.isLost()).toBe(false);
  });

  it('halts if the cursor is past the log’s end', async () => {
    const topic = await newTopic(1);
    await publish(topic, 0, numbers(0, 5));
    const consumption = await consume(topic, collector().handler, { startAt: async () => 6n });
    const reason = expect.stringContaining('offset 6 is outside of the log [0, 5]');
    expect(consumption.status().halted).toEqual([{ topic, partition: 0, reason }]);
    expect(consumption.healthy()).toBe(false);
  });

  it('halts if the cursor’s records are gone, or starts at the log’s first one if `outOfRange` allows it', async () => {
    const topic = await newTopic(1);
    await publish(topic, 0, numbers(0, 5));
    const admin = kafka.client().admin();
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    await admin.disconnect();
    const halted = await consume(topic, collector().handler, { startAt: async () => 2n });
    const reason = expect.stringContaining('offset 2 is outside of the log [3, 5]');
    expect(halted.status().halted).toEqual([{ topic, partition: 0, reason }]);
    const { values, handler } = collector();
    await consume(topic, handler, { startAt: async () => 2n, outOfRange: 'earliest' });
    await eventually('the remaining records are delivered', () => values[0]!.length === 2);
  });

  it('delivers only records published after it resolved, if it starts at the end', async () => {
    const topic = await newTopic();
    await publish(topic, 0, ['old']);
    const { values, handler } = collector();
    await consume(topic, handler, { fromBeginning: false });
    await publish(topic, 0, ['new']);
    await publish(topic, 1, ['new too']);
    await eventually('both records are delivered', () => values.flat().length === 2);
    expect(values).toEqual([['new'], ['new too']]);
  });

  it('reports partitions that a rebalance takes or gives, and marks their running batches as lost', async () => {
    const topic = await newTopic();
    const groupId = names.group('shared-by-two');
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const held: RecordBatch[] = [];
    const told: string[] = [];
    const options = {
      groupId,
      startAt: async () => 0n,
      onAssigned: (places: { partition: number }[]) => void told.push(`+${places.map((p) => p.partition)}`),
      onRevoked: (places: { partition: number }[]) => void told.push(`-${places.map((p) => p.partition)}`),
    };
    await publish(topic, 0, ['a']);
    await publish(topic, 1, ['b']);
    const first = await consume(
      topic,
      async (batch) => {
        held.push(batch);
        await gates[batch.partition]!.promise;
      },
      options,
    );
    await eventually('both partitions are being handled', () => held.length === 2);
    const { values, handler } = collector();
    const second = await consume(topic, handler, { groupId, startAt: async () => 0n });
    await eventually('the second member owns one partition', () => second.status().assigned.length === 1);
    const [{ partition: moved }] = second.status().assigned as [TopicPartition & { lag: number }];
    await eventually('the first member owns one partition', () => first.status().assigned.length === 1);
    expect(held.find(({ partition }) => partition === moved)!.isLost()).toBe(true);
    expect(held.find(({ partition }) => partition !== moved)!.isLost()).toBe(false);
    expect(told).toEqual(['+0,1', `-${moved}`]);
    await eventually('the second member delivers it from the cursor', () => values[moved]!.length === 1);

    await second.stop();
    await eventually('the first member owns both again', () => first.status().assigned.length === 2);
    await publish(topic, 1 - moved, ['kept']);
    gates[1 - moved]!.resolve();
    await eventually('the partition that stayed goes on without a repeat', () => held.length === 3);
    expect(held[2]!.records.map(({ value }) => String(value))).toEqual(['kept']);
    // The partition that came back waits for the old handler of this process: two must never run at once.
    gates[moved]!.resolve();
    await eventually('the partition that came back starts from the cursor', () => held.length === 4);
    expect(held[3]).toMatchObject({ partition: moved, records: [{ offset: 0n }] });
    expect(told).toEqual(['+0,1', `-${moved}`, `+${moved}`]);
  });

  it('is unhealthy while the broker is away, and then loses and repeats no record', async () => {
    const topic = await newTopic();
    const { proxied, proxy } = await throughProxy(kafka);
    const { values, handler } = collector();
    let next = 0n;
    const crashes: Error[] = [];
    const consumption = await consumeBatches(
      proxied,
      {
        groupId: names.group('absence'),
        topics: [topic],
        sessionTimeoutMs: 6_000,
        startAt: async (_, partition) => (partition === 0 ? next : 0n),
        onCrash: (error) => void crashes.push(error),
      },
      async (batch) => {
        await handler(batch);
        if (batch.partition === 0) next = batch.records.at(-1)!.offset + 1n;
      },
    );
    running.push(consumption);
    await publish(topic, 0, ['before']);
    await eventually('it is delivered', () => values[0]!.length === 1);
    proxy.open = false;
    proxy.cut();
    await publish(topic, 0, ['meanwhile']);
    await eventually('it is unhealthy', () => !consumption.healthy(), { timeoutMs: 9_000 });
    proxy.open = true;
    // The group may still have the lost member, so its session and a rebalance may have to end first, twice.
    await eventually('it is healthy again', () => consumption.healthy(), { timeoutMs: 40_000 });
    await publish(topic, 0, ['after']);
    await eventually('the records from the meantime are delivered', () => values[0]!.length >= 3);
    expect(values[0]).toEqual(['before', 'meanwhile', 'after']);
    expect(crashes).toEqual([]);
    await consumption.stop();
    proxy.close();
  });

  it('opens another connection if the broker vanished without closing the old one', async () => {
    const topic = await newTopic();
    const { proxied, proxy } = await throughProxy(kafka);
    const { values, handler } = collector();
    const groupId = names.group('deaf');
    running.push(await consumeBatches(proxied, { groupId, topics: [topic] }, handler));
    await publish(topic, 0, ['before']);
    await eventually('it is delivered', () => values[0]!.length === 1);
    proxy.loseFarEnds();
    await publish(topic, 0, ['after']);
    await eventually('the later record is delivered', () => values[0]!.includes('after'), { timeoutMs: 20_000 });
    await running.pop()!.stop();
    proxy.close();
  });

  it('halts if its topic is deleted and created again', async () => {
    const topic = await newTopic(1);
    await publish(topic, 0, numbers(0, 5));
    const { values, handler } = collector();
    const consumption = await consume(topic, handler, { startAt: async () => 0n });
    await eventually('all records are delivered', () => values[0]!.length === 5);
    const admin = kafka.client().admin();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
    await ensureTopics(kafka, [{ topic, partitions: 1, config: {} }]);
    await publish(topic, 0, ['another log']);
    await eventually('the partition is halted', () => consumption.status().halted.length === 1, { timeoutMs: 15_000 });
    expect(consumption.status().halted[0]!.reason).toMatch('offset 5 is outside of the log [0, 1]');
    expect(values[0]).toEqual(numbers(0, 5));
  });

  it('rejects a topic that does not exist', async () => {
    await expect(consume(names.topic('missing'), async () => {})).rejects.toThrow(/cannot consume/);
    expect((await endOffsets(kafka, await newTopic(3))).length).toBe(3);
  });

  it('logs warnings only for the failures above', () => {
    const allowed = /batch failed|partition halted|records are gone|joining the group again|Offset out of range/;
    expect([...logger.warnings, ...logger.errors].filter((line) => !allowed.test(line))).toEqual([]);
  });
});
