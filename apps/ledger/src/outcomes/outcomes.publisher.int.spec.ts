import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@vouchers/contracts';
import { connectKafka, endOffsets, ensureTopics } from '@vouchers/messaging';
import { eventually, testKafka } from '@vouchers/testing';
import type { Logger } from 'pino';
import type { Worker } from 'node:worker_threads';
import type { PublishedEvent } from './outcomes.message.ts';
import { OutcomesPublisher } from './outcomes.publisher.ts';

const names = testKafka();
const topic = names.topic('outcomes');
const silent = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
const kafka = connectKafka({ brokers: names.brokers, clientId: 'test', logger: silent });
const AT = Date.UTC(2026, 5, 1);

const event = (seq: number): PublishedEvent => ({
  partition: 0,
  seq,
  decidedAt: AT,
  type: 'voucher.claimed.v1',
  voucherId: uuidv7(AT, 0, 1, 1),
  submissionId: uuidv7(AT, 0, 2, seq),
  at: AT,
  traceparent: null,
  data: Buffer.from(`{"seq":${seq}}`),
});
const events = (count: number): PublishedEvent[] => Array.from({ length: count }, (_, index) => event(index + 1));
const published = async (): Promise<number> => Number((await endOffsets(kafka, topic))[0]);

describe('the publishing thread', () => {
  let publisher: OutcomesPublisher;
  let errors: unknown[];
  beforeAll(() => ensureTopics(kafka, [{ topic, partitions: 1, config: {} }]));
  beforeEach(() => {
    errors = [];
    const logger = { ...silent, error: (error: unknown) => void errors.push(error) } as unknown as Logger;
    const settings = {
      kafka: { brokers: names.brokers, clientId: 'test' },
      topic,
      source: '/ledger',
      deadlineMs: 20_000,
    };
    publisher = new OutcomesPublisher(settings, logger);
    publisher.start();
  });
  afterEach(() => publisher.close());
  afterAll(async () => {
    const admin = kafka.client().admin();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
  });

  it('ends only when all given events are published', async () => {
    const before = await published();
    const sent = publisher.publish(events(1_200));
    await publisher.close();
    await sent;
    expect((await published()) - before).toBe(1_200);
    await expect(publisher.publish(events(1))).rejects.toThrow('no thread');
  });

  it('fails its events if it dies, which is logged, and another one begins', async () => {
    await publisher.publish(events(1));
    const sent = publisher.publish(events(1));
    const { worker } = publisher as unknown as { worker: Worker };
    await Promise.all([worker.terminate(), expect(sent).rejects.toThrow('is gone')]);
    expect(publisher.alive).toBe(false);
    expect(errors).toHaveLength(1);
    await eventually('another begins', () => publisher.alive);
    await publisher.publish(events(1));
  });
});
