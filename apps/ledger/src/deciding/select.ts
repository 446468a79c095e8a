// Step 1 of a batch: selects its records.
import type { Cursor } from '@vouchers/event-store';
import { Halt, type IncomingRecord, type RecordBatch } from '@vouchers/messaging';
import { readRecord, unreadableOf, type Reading } from './submission.reader.ts';

/** Each batch waits for the disk once, whatever its size. But the larger a batch, the longer its callers wait. */
export const MAX_RECORDS = 1_000;

/** A record and what it says. */
export interface ReadRecord {
  record: IncomingRecord;
  offset: number;
  /** Unix milliseconds. */
  brokerTime: number;
  reading: Reading;
}

/** A record that is refused instead of decided. */
export interface SetAside {
  why: string;
  /** True if not even its refusal can be written. Then it passes without an event. */
  silent: boolean;
}

/**
 * Records from the cursor on. Kafka's committed offset is only a hint: records before the cursor are skipped. A record
 * that is set aside, now or earlier (`quarantined`, by offset), is treated as unreadable.
 * @throws Halt if a record is missing.
 */
export function readFrom(
  { nextOffset }: Cursor,
  { partition, records, aside }: RecordBatch,
  quarantined: ReadonlyMap<number, SetAside>,
): ReadRecord[] {
  const read: ReadRecord[] = [];
  for (const record of records) {
    const offset = Number(record.offset);
    const expected = nextOffset + read.length;
    if (offset < expected) continue;
    if (offset > expected)
      throw new Halt(`partition ${partition}: record ${expected} is missing, the next is ${offset}`);
    const reading = readRecord(record, partition);
    const setAside = aside ? { why: aside.reason, silent: aside.attempt > 1 } : quarantined.get(offset);
    read.push({
      record,
      offset,
      brokerTime: record.timestamp,
      reading: setAside ? unreadableOf(reading, setAside) : reading,
    });
  }
  return read;
}

/** The first records that go into one batch. A tick is a batch of its own. */
export function select(records: readonly ReadRecord[]): ReadRecord[] {
  const tick = records.findIndex(({ reading }) => reading.type === 'tick');
  return records.slice(0, tick === 0 ? 1 : Math.min(MAX_RECORDS, tick === -1 ? Infinity : tick));
}
