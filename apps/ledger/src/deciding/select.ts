// First: which records make the next batch.
import type { Cursor } from '@vouchers/event-store';
import { Halt, type IncomingRecord, type RecordBatch } from '@vouchers/messaging';
import { readRecord, unreadableOf, type Reading } from './submission.reader.ts';

/** Each batch waits for the disk once, whatever its size; larger ones keep those waiting longer who wait for an answer. */
export const MAX_RECORDS = 1_000;

/** A record with its meaning. */
export interface ReadRecord {
  record: IncomingRecord;
  offset: number;
  reading: Reading;
}

/** A record that is not decided as what it says. */
export interface SetAside {
  why: string;
  /** Without an event: not even its refusal can be written. */
  silent: boolean;
}

/**
 * Records from the cursor on. Kafka's own idea of where we are is a hint: what was done is skipped. A record that is set
 * aside, now or before (`quarantined`, by offset), is one that cannot be read.
 * @throws Halt where a record is missing.
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
    read.push({ record, offset, reading: setAside ? unreadableOf(reading, setAside) : reading });
  }
  return read;
}

/** The first of them that go into one batch: a tick stands alone. */
export function select(records: readonly ReadRecord[]): ReadRecord[] {
  const tick = records.findIndex(({ reading }) => reading.type === 'tick');
  return records.slice(0, tick === 0 ? 1 : Math.min(MAX_RECORDS, tick === -1 ? Infinity : tick));
}
