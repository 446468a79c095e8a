// Reads all published heads. There is one per partition and hour, so a year has about 9,000 of each partition.
import { randomUUID } from 'node:crypto';
import { HEAD_TYPE, HEADERS, type ChainHead } from '@vouchers/contracts';
import { consumeBatches, headerOf, offsetRanges, type Kafka } from '@vouchers/messaging';

const READ_TIMEOUT_MS = 60_000;

/**
 * The published heads of each partition, in the order in which they were published. Records of other types are left
 * out. @param group the beginning of the consumer group's name
 */
export async function readHeads(kafka: Kafka, topic: string, group: string): Promise<Map<number, ChainHead[]>> {
  const ranges = (await offsetRanges(kafka, [topic])).get(topic)!;
  const heads = new Map(ranges.map((_, partition): [number, ChainHead[]] => [partition, []]));
  const open = new Set(ranges.flatMap(({ low, high }, partition) => (low < high ? [partition] : [])));
  if (open.size === 0) return heads;
  const done = Promise.withResolvers<void>();
  const consumption = await consumeBatches(
    kafka,
    {
      groupId: `${group}-heads-${randomUUID()}`,
      topics: [topic],
      startAt: async (_, partition) => ranges[partition]!.low,
      outOfRange: 'earliest',
    },
    async ({ partition, records }) => {
      for (const record of records) {
        if (headerOf(record, HEADERS.type) !== HEAD_TYPE || !record.value) continue;
        heads.get(partition)!.push(JSON.parse(record.value.toString()) as ChainHead);
      }
      if (records.at(-1)!.offset + 1n >= ranges[partition]!.high) open.delete(partition);
      if (open.size === 0) done.resolve();
    },
  );
  const timer = setTimeout(() => done.reject(new Error(`${topic} cannot be read`)), READ_TIMEOUT_MS);
  try {
    await done.promise;
    return heads;
  } finally {
    clearTimeout(timer);
    await consumption.stop();
  }
}
