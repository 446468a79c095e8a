import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { platformTopics } from '@vouchers/contracts';
import { eventually, testKafka } from '@vouchers/testing';
import { recordingLogger } from '../testing/recording-logger.ts';
import { BatchPattern, BatchStrategy } from './batch.strategy.ts';
import { headerOf } from './cloud-event.ts';
import { Halt } from './failures.ts';
import { connectKafka } from './kafka.ts';
import { Quarantine } from './quarantine.ts';
import { Producer } from './record.producer.ts';
import type { IncomingRecord, OutgoingRecord, RecordBatch } from './record.ts';
import { ensureTopics } from './topics.ts';

const names = testKafka();
const { submissions, quarantine: quarantineTopic, pages } = names.topics;
const kafka = connectKafka({ brokers: names.brokers, clientId: 'strategy-test', logger: recordingLogger() });
const producer = new Producer(kafka);
const LOG = { clusterId: 'cluster', topicId: 'topic' };
const quarantine = new Quarantine(producer, quarantineTopic);
const read: string[] = [];
const quarantined: IncomingRecord[] = [];
let finished = 0;
let pageTries = 0;

@Controller()
class SubmissionsConsumer {
  @BatchPattern('voucher.submissions.v1')
  async take(@Payload() batch: RecordBatch): Promise<void> {
    for (const record of batch.records) {
      const { topic, partition } = batch;
      const text = record.value?.toString() ?? '';
      if (text === 'halt') throw new Halt('as told');
      if (text.startsWith('{')) read.push(text);
      else await quarantine.put(record, { topic, partition, offset: record.offset, log: LOG }, 'no JSON');
    }
    // The offset must not be committed before this.
    await new Promise((resolve) => setTimeout(resolve, 50));
    finished += 1;
  }

  @EventPattern('voucher.submissions.quarantine.v1')
  keep(@Payload() batch: RecordBatch): void {
    quarantined.push(...batch.records);
  }

  @EventPattern('voucher.pages.v1')
  async failOnce(@Payload() _batch: RecordBatch): Promise<void> {
    pageTries += 1;
    if (pageTries === 1) throw new TypeError('once');
  }

  @EventPattern('of.another.strategy')
  never(@Payload() _batch: RecordBatch): void {}
}

@Module({ controllers: [SubmissionsConsumer] })
class ConsumerModule {}

const strategy = new BatchStrategy({
  kafka,
  groupId: names.group('strategy'),
  topics: {
    'voucher.submissions.v1': submissions,
    'voucher.submissions.quarantine.v1': quarantineTopic,
    'voucher.pages.v1': pages,
  },
  retryMs: 20,
});
let app: INestMicroservice;

const publish = (
  topic: string,
  partition: number,
  value: OutgoingRecord['value'],
  more: Partial<OutgoingRecord> = {},
) => producer.send([{ topic, partition, key: 'v', value, headers: {}, ...more }]);

beforeAll(async () => {
  await ensureTopics(kafka, platformTopics(names.topics, 2));
  await producer.connect();
  app = await NestFactory.createMicroservice(ConsumerModule, { strategy, logger: false });
  await app.listen();
});
afterAll(() => producer.disconnect());

describe('BatchStrategy in a Nest microservice', () => {
  it('delivers batches to @BatchPattern handlers; an unreadable record goes to the quarantine unchanged', async () => {
    expect(strategy.healthy()).toBe(true);
    const poison = Buffer.from([0xff, 0xfe, 0x00, 0x7b]);
    const key = Buffer.from([0xc3, 0x28]);
    const odd = JSON.parse('{"constructor":"c","__proto__":"p"}') as Record<string, string>;
    const headers = Object.assign(Object.create(null), { a: Buffer.from([0xff]), twice: ['1', '2'] }, odd);
    await publish(submissions, 1, poison, { key, headers, timestamp: 1 });
    await publish(submissions, 1, '{"behind":true}');
    await eventually('the record behind it is handled', () => read.includes('{"behind":true}'));
    const record = await eventually('it is quarantined', () => quarantined[0]);
    expect(record.value).toEqual(poison);
    expect(record.raw!.key).toEqual(key);
    expect(record.raw!.headers.a).toEqual(Buffer.from([0xff]));
    expect(record.raw!.headers.twice).toEqual([Buffer.from('1'), Buffer.from('2')]);
    expect(Object.keys(record.headers)).toEqual(expect.arrayContaining(['a', 'twice', 'constructor', '__proto__']));
    expect({ ...record.headers }).toMatchObject({
      constructor: 'c',
      quarantine_reason: 'no JSON',
      quarantine_topic: submissions,
      quarantine_partition: '1',
      quarantine_offset: '0',
    });
    expect(headerOf(record, 'twice')).toBe('2');
    // LogAppendTime: the broker's time replaces the producer's.
    expect(record.timestamp).toBeGreaterThan(Date.now() - 60_000);
  });

  it('tries a batch again if its handler threw', async () => {
    await publish(pages, 0, 'x');
    await eventually('it is delivered again', () => pageTries === 2);
    await eventually('it is handled', () => strategy.consumption!.status().failing.length === 0);
    expect(strategy.healthy()).toBe(true);
  });

  it('halts a partition if its handler throws `Halt` through Nest', async () => {
    await publish(submissions, 1, 'halt');
    await eventually('it is halted', () => !strategy.healthy());
    expect(strategy.consumption!.status().halted).toEqual([{ topic: submissions, partition: 1, reason: 'as told' }]);
  });

  it('waits for the batch under way when the application closes', async () => {
    const before = finished;
    await publish(submissions, 0, '{"last":1}');
    await eventually('it is being handled', () => read.includes('{"last":1}'));
    await app.close();
    expect(finished).toBe(before + 1);
    expect(strategy.healthy()).toBe(false);
  });

  it('does not start if a topic has no handler', async () => {
    const orphan = new BatchStrategy({ kafka, groupId: names.group('orphan'), topics: [pages] });
    const error = await new Promise((resolve) => orphan.listen(resolve));
    expect(String(error)).toMatch(/no handler for the records of/);
  });
});
