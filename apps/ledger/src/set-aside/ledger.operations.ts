// The commands of operators for records that the ledger set aside: list them, inspect one, or order to skip a stuck
// one. Decisions are final, so nothing can be retried.
import { randomUUID } from 'node:crypto';
import { SetAsideStore, type LedgerStore } from '@vouchers/event-store';
import { consumeBatches, offsetRanges, topicIdentity, type IncomingRecord, type Kafka } from '@vouchers/messaging';
import { UsageError, type ParkedOperations } from '@vouchers/service';
import type { LedgerSettings } from '../ledger.settings.ts';

/** The quarantine may be large, so only this many last records per partition are shown. */
const MOST_SHOWN = 100;
const READ_WITHIN_MS = 30_000;
const LONGEST_VALUE = 4_000;
const SKIPS = `SELECT partition, record_offset::text AS "offset", ordered_by AS "by", why, ordered_at::text AS "orderedAt",
  carried_out_at::text AS "carriedOutAt" FROM skip_orders ORDER BY ordered_at DESC LIMIT ${MOST_SHOWN}`;

interface Skip {
  partition: number;
  offset: string;
  by: string;
  why: string;
  orderedAt: string;
  carriedOutAt: string | null;
}

export function ledgerOperations(settings: LedgerSettings, kafka: Kafka, store: LedgerStore): ParkedOperations {
  const { quarantine, submissions } = settings.topics;
  const recent = () => lastRecords(kafka, quarantine, `${settings.group()}-operator-${randomUUID()}`);
  return {
    async list() {
      const records = await recent();
      const { rows } = await store.pools.readers.query<Skip>(SKIPS);
      return [
        ...records.map(({ headers }) => `${placeIn(headers)}  ${headers['quarantine_reason']}`),
        ...rows.map(
          ({ partition, offset, by, why, orderedAt, carriedOutAt }) =>
            `${partition}:${offset}  to be skipped by order of ${by} at ${orderedAt}: ${why} (${carriedOutAt ? `done at ${carriedOutAt}` : 'not stuck yet'})`,
        ),
        `${records.length} in the quarantine, at most ${MOST_SHOWN} of a partition`,
      ];
    },

    async inspect([place = '', ...more]) {
      if (!/^\d+:\d+$/.test(place) || more.length > 0)
        throw new UsageError(`PLACE must be partition:offset (it is '${place}')`);
      const found = (await recent()).filter(({ headers }) => placeIn(headers) === place);
      if (found.length === 0) return [`${place} is not among the last of the quarantine`];
      return found.flatMap(({ key, headers, value }) => [
        JSON.stringify({ key, headers }, null, 2),
        value?.toString('utf8').slice(0, LONGEST_VALUE) ?? 'no value',
      ]);
    },

    async skip({ topic, partition, offset }, by, why) {
      if (topic !== submissions) throw new UsageError(`TOPIC must be ${submissions} (it is '${topic}')`);
      const log = await topicIdentity(kafka, submissions);
      await new SetAsideStore(store).order({ partition, offset: Number(offset), by, why }, log);
    },
  };
}

const placeIn = (headers: Record<string, string>): string =>
  `${headers['quarantine_partition']}:${headers['quarantine_offset']}`;

/** The last records of each partition, up to its present end. */
async function lastRecords(kafka: Kafka, topic: string, groupId: string): Promise<IncomingRecord[]> {
  const ranges = (await offsetRanges(kafka, [topic])).get(topic)!;
  const begins = ranges.map(({ low, high }) => (high - BigInt(MOST_SHOWN) > low ? high - BigInt(MOST_SHOWN) : low));
  const left = new Set(ranges.flatMap(({ high }, partition) => (begins[partition]! < high ? [partition] : [])));
  if (left.size === 0) return [];
  const records: IncomingRecord[] = [];
  const done = Promise.withResolvers<void>();
  const consumption = await consumeBatches(
    kafka,
    { groupId, topics: [topic], startAt: async (_, partition) => begins[partition], outOfRange: 'earliest' },
    async (batch) => {
      records.push(...batch.records.filter(({ offset }) => offset < ranges[batch.partition]!.high));
      if (batch.records.at(-1)!.offset + 1n >= ranges[batch.partition]!.high) left.delete(batch.partition);
      if (left.size === 0) done.resolve();
    },
  );
  const timer = setTimeout(() => done.reject(new Error(`${topic} cannot be read`)), READ_WITHIN_MS);
  try {
    await done.promise;
    return records;
  } finally {
    clearTimeout(timer);
    await consumption.stop();
  }
}
