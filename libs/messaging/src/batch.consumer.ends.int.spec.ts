// A consumption ends by `stop`, by its signal, or because its kafkajs consumer died. Afterwards nothing of it runs.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually, testKafka } from '@vouchers/testing';
import kafkajs, { type ConsumerConfig } from 'kafkajs';
import { throughProxy } from '../testing/broker-proxy.ts';
import { recordingLogger } from '../testing/recording-logger.ts';
import { consumeBatches } from './batch.consumer.ts';
import type { ConsumeOptions, Consumption } from './consumption.ts';
import { connectKafka } from './kafka.ts';
import { Producer } from './record.producer.ts';
import type { RecordBatch } from './record.ts';
import { ensureTopics } from './topics.ts';

const FIND_COORDINATOR = 10;
const { decode } = kafkajs.AssignerProtocol.MemberAssignment;
const names = testKafka();
const logger = recordingLogger();
const kafka = connectKafka({ brokers: names.brokers, clientId: 'messaging-test', logger });
const producer = new Producer(kafka);
let count = 0;

async function newTopic(partitions = 2): Promise<string> {
  const topic = names.topic(`ended-${++count}`);
  await ensureTopics(kafka, [{ topic, partitions, config: {} }]);
  return topic;
}

beforeAll(() => producer.connect());
afterAll(() => producer.disconnect());

it('starts no partition while it stops, even if it is assigned another member’s partition', async () => {
  const topic = await newTopic();
  const groupId = names.group('leaving-together');
  await producer.send([0, 1].map((partition) => ({ topic, partition, key: null, value: 'x', headers: {} })));
  const gate = Promise.withResolvers<void>();
  const begun: number[] = [];
  const handling: number[] = [];
  const startAt = async (_topic: string, partition: number): Promise<bigint> => {
    begun.push(partition);
    return 0n;
  };
  const other = await consumeBatches(kafka, { groupId, topics: [topic] }, async () => undefined);
  const hold = async ({ partition }: RecordBatch): Promise<void> => {
    handling.push(partition);
    await gate.promise;
  };
  const stopping = await consumeBatches(kafka, { groupId, topics: [topic], startAt }, hold);
  await eventually(
    'each member owns one partition',
    () => handling.length === 1 && other.status().assigned.length === 1,
  );
  expect(begun).toEqual(handling);
  const stopped = stopping.stop();
  await other.stop();
  const admin = kafka.client().admin();
  await admin.connect();
  await eventually('the stopping member is assigned both', async () => {
    const { members, state } = (await admin.describeGroups([groupId])).groups[0]!;
    const given = members.map(({ memberAssignment }) => decode(memberAssignment)!.assignment[topic]!.length);
    return state === 'Stable' && given.length === 1 && given[0] === 2;
  });
  await admin.disconnect();
  gate.resolve();
  await stopped;
  expect([begun, stopping.status().assigned]).toEqual([handling, []]);
});

it('ends with its signal, even if it is still starting', async () => {
  const topic = await newTopic(1);
  const { proxied, proxy } = await throughProxy(kafka);
  const begin = (signal: AbortSignal, startAt: ConsumeOptions['startAt']): Promise<Consumption> =>
    consumeBatches(proxied, { groupId: names.group(`g-${++count}`), topics: [topic], signal, startAt }, async () => {});
  const ending = new AbortController();
  const end = (): void => ending.abort(new Error('the service stops'));
  const consumption = await begin(ending.signal, async () => 0n);
  expect(proxy.connections).toBeGreaterThan(0);
  end();
  expect(consumption.healthy()).toBe(false);
  await eventually('no connection is left', () => proxy.connections === 0);
  await expect(begin(ending.signal, async () => 0n)).rejects.toThrow('the service stops');

  const early = new AbortController();
  const startAt = async (): Promise<bigint> => {
    early.abort(new Error('stopped early'));
    return 0n;
  };
  await expect(begin(early.signal, startAt)).rejects.toThrow('stopped early');
  await eventually('no connection is left', () => proxy.connections === 0);
  await consumption.stop();
  proxy.close();
});

it('is not healthy after its consumer died, and calls `onCrash`', async () => {
  const topic = await newTopic(1);
  const { proxied, proxy } = await throughProxy(kafka);
  // With these settings kafkajs gives up at its first failure.
  const retry = { retries: 0, initialRetryTime: 50, restartOnFailure: async () => false };
  const mortal: typeof proxied = {
    ...proxied,
    client: (overrides) => {
      const client = proxied.client({ ...overrides, retry });
      const consumer = client.consumer.bind(client);
      return Object.assign(client, { consumer: (config: ConsumerConfig) => consumer({ ...config, retry }) });
    },
  };
  const crashes: Error[] = [];
  const consumption = await consumeBatches(
    mortal,
    { groupId: names.group('mortal'), topics: [topic], onCrash: (error) => void crashes.push(error) },
    async () => {},
  );
  await eventually('it is healthy', () => consumption.healthy());
  proxy.open = false;
  proxy.cut();
  await eventually('it died', () => crashes.length === 1, { timeoutMs: 20_000 });
  expect([consumption.status().crashed, consumption.healthy()]).toEqual([true, false]);
  expect(logger.errors.at(-1)).toBe('consumer crashed for good');
  await consumption.stop();
  proxy.close();
});

it('goes on when Kafka has no coordinator for its group for a while, at the start and later', async () => {
  const topic = await newTopic();
  const { proxied, proxy } = await throughProxy(kafka);
  const crashes: Error[] = [];
  const groupId = names.group('patient');
  let ended = 0;
  const note = (fields: object): void => {
    if ((fields as { reason?: string }).reason === 'Failed to find group coordinator') ended += 1;
  };
  const untilItEnds = async (): Promise<void> => {
    const before = ended;
    await eventually('kafkajs has ended the consumer', () => ended > before, { timeoutMs: 30_000 });
  };
  proxy.refused = FIND_COORDINATOR;
  const starting = consumeBatches(
    { ...proxied, logger: { ...logger, info: note, warn: note } },
    { groupId, topics: [topic], onCrash: (error) => void crashes.push(error) },
    async () => {},
  );
  await untilItEnds();
  proxy.refused = undefined;
  const consumption = await starting;
  await eventually('it is healthy', () => consumption.healthy());

  proxy.refused = FIND_COORDINATOR;
  const other = consumeBatches(kafka, { groupId, topics: [topic] }, async () => {}); // so that it must join again
  await untilItEnds();
  proxy.refused = undefined;
  const members = [consumption, await other];
  await eventually(
    'each member owns one partition',
    () => members.every((one) => one.healthy() && one.status().assigned.length === 1),
    { timeoutMs: 30_000 },
  );
  expect(crashes).toEqual([]);
  await Promise.all(members.map((one) => one.stop()));
  proxy.close();
});
