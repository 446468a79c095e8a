import { describe, expect, it } from '@jest/globals';
import { platformTopics } from '@vouchers/contracts';
import { eventually, testKafka } from '@vouchers/testing';
import kafkajs from 'kafkajs';
import { recordingLogger } from '../testing/recording-logger.ts';
import { connectKafka } from './kafka.ts';
import { Producer } from './record.producer.ts';
import { pingKafka, topicIdentity } from './topic-identity.ts';
import { endOffsets, ensureTopics, retain } from './topics.ts';

const names = testKafka();
const kafka = connectKafka({ brokers: names.brokers, clientId: 'topics-test', logger: recordingLogger() });
const nobody = connectKafka({ brokers: ['127.0.0.1:1'], clientId: 'nobody', logger: recordingLogger() });

async function configOf(topic: string): Promise<Record<string, string>> {
  const admin = kafka.client().admin();
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
  });
  await admin.disconnect();
  return Object.fromEntries(
    resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue]),
  );
}

describe('ensureTopics', () => {
  it('creates the contract’s topics once, even for concurrent calls, and rejects another partition count', async () => {
    const specs = platformTopics(names.topics, 3);
    await Promise.all([ensureTopics(kafka, specs), ensureTopics(kafka, specs)]);
    await ensureTopics(kafka, specs);
    expect(await endOffsets(kafka, names.topics.pages)).toEqual([0n, 0n, 0n]);
    expect(await configOf(names.topics.submissions)).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': '2592000000',
      'message.timestamp.type': 'LogAppendTime',
    });
    expect(await configOf(names.topics.definitions)).toMatchObject({
      'cleanup.policy': 'compact',
      'max.message.bytes': '3000000',
    });
    const others = [{ topic: names.topics.pages, partitions: 4, config: {} }];
    await expect(ensureTopics(kafka, others)).rejects.toThrow(/has 3 partitions, 4 are wanted/);
  });
});

describe('retain', () => {
  it('changes the retention of an existing topic, and none of its other settings', async () => {
    const topic = names.topic('kept-for-ever');
    const config = { 'retention.ms': '-1', 'cleanup.policy': 'delete', 'max.message.bytes': '3000000' };
    await ensureTopics(kafka, [{ topic, partitions: 1, config }]);
    expect(await retain(kafka, topic, 7_776_000_000)).toBe(true);
    await eventually(
      'the broker has the new retention',
      async () => (await configOf(topic))['retention.ms'] === '7776000000',
    );
    expect(await configOf(topic)).toMatchObject({ ...config, 'retention.ms': '7776000000' });
    expect(await retain(kafka, topic, 7_776_000_000)).toBe(false);
  });

  it('fails if the topic does not exist', async () => {
    await expect(retain(kafka, names.topic('nowhere'), 1_000)).rejects.toThrow(/topic/);
  });
});

describe('endOffsets', () => {
  it('gives the end of each partition', async () => {
    const topic = names.topic('ends');
    await ensureTopics(kafka, [{ topic, partitions: 2, config: {} }]);
    const producer = new Producer(kafka);
    await producer.connect();
    await producer.send([1, 1, 1].map((partition) => ({ topic, partition, key: null, value: 'x', headers: {} })));
    await producer.disconnect();
    expect(await endOffsets(kafka, topic)).toEqual([0n, 3n]);
  });
});

describe('topicIdentity', () => {
  it('differs after the topic was deleted and created again, but the cluster’s id stays', async () => {
    const topic = names.topic('anew');
    const spec = [{ topic, partitions: 1, config: {} }];
    await ensureTopics(kafka, spec);
    const first = await topicIdentity(kafka, topic);
    expect(first.topicId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(first.clusterId).not.toBe('');
    expect(await topicIdentity(kafka, topic)).toEqual(first);
    const admin = kafka.client().admin();
    expect((await admin.describeCluster()).clusterId).toBe(first.clusterId);
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
    const second = await eventually('the topic is created again', async () => {
      await ensureTopics(kafka, spec);
      const identity = await topicIdentity(kafka, topic);
      return identity.topicId === first.topicId ? undefined : identity;
    });
    expect(second.clusterId).toBe(first.clusterId);
  });

  it('fails if the topic does not exist or no broker answers', async () => {
    await expect(topicIdentity(kafka, names.topic('never'))).rejects.toThrow(/is not there/);
    await expect(topicIdentity(nobody, 'any')).rejects.toThrow(/no Kafka broker answers/);
  });
});

describe('pingKafka', () => {
  it('is true if a broker answers, else false', async () => {
    expect(await pingKafka(kafka, 2_000)).toBe(true);
    expect(await pingKafka(nobody, 500)).toBe(false);
  });
});
