import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { partitionOfKey } from './partition-of-key.ts';

const partitioner = kafkajs.Partitioners.DefaultPartitioner();
const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => ({
  partitionId,
  leader: 0,
  replicas: [],
  isr: [],
  partitionErrorCode: 0,
}));
const byKafkajs = (key: string): number =>
  partitioner({ topic: 't', partitionMetadata, message: { key, value: null } });

describe('partitionOfKey', () => {
  it.each(['', 'a', 'ab', 'abc', 'abcd', 'voucher-1', '0198c5a0-1111-7000-8000-000000000001', '凭证', '\u{1F381}'])(
    'agrees with kafkajs and so with the Java client: %j',
    (key) => {
      expect(partitionOfKey(key, 12)).toBe(byKafkajs(key));
    },
  );

  it('agrees with kafkajs on a thousand keys of all lengths, also for a remembered key', () => {
    const keys = Array.from({ length: 1_000 }, (_, i) => 'k'.repeat(i % 37) + i.toString(36));
    for (const key of [...keys, ...keys]) expect(partitionOfKey(key, 12)).toBe(byKafkajs(key));
  });

  it('finds the partition of a remembered key for another number of partitions', () => {
    // Known values of org.apache.kafka.common.utils.Utils.murmur2: "21" → -973932308, "foobar" → -790332482.
    expect(partitionOfKey('21', 1_000_000_000)).toBe((-973932308 & 0x7fffffff) % 1_000_000_000);
    expect(partitionOfKey('21', 7)).toBe((-973932308 & 0x7fffffff) % 7);
    expect(partitionOfKey('foobar', 1_000_000_007)).toBe((-790332482 & 0x7fffffff) % 1_000_000_007);
  });
});
