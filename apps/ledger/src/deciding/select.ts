// Step 1 of a batch: select its records.
import type { Cursor } from '@vouchers/event-store';
import { Halt, type IncomingRecord, type RecordBatch } from '@vouchers/messaging';
import type { SignatureCheck } from './signature.check.ts';
import { readRecord, unreadableOf, type ParsedRecord } from './submission.reader.ts';

/** The most records per batch. A large batch waits for the disk only once, but its callers wait longer. */
export const MAX_RECORDS = 1_000;

/** A record with its parsed content. */
export interface ReadRecord {
  record: IncomingRecord;
  offset: number;
  /** Unit: Unix ms. */
  brokerTime: number;
  parsed: ParsedRecord;
}

/** The reason why a record is refused instead of decided. */
export interface SetAside {
  why: string;
  /** True if even its refusal cannot be written. Then it has no event. */
  silent: boolean;
}

/**
 * Parses the records that wait behind the batch, to know what they will need. Their signatures are not checked here, so
 * they are parsed again when their turn comes.
 */
export function readAhead({ partition, ahead }: RecordBatch): ReadRecord[] {
  return ahead().map((record) => {
    const parsed = readRecord(record, partition);
    return { record, offset: Number(record.offset), brokerTime: record.timestamp, parsed };
  });
}

/**
 * Parses the records from the cursor on. Kafka's committed offset is only a hint, so records before the cursor are
 * skipped. A record that is set aside, now or earlier (`quarantined`, by offset), is treated as unreadable.
 * @throws Halt if a record is missing
 */
export function readFrom(
  { nextOffset }: Cursor,
  { partition, records, aside }: RecordBatch,
  quarantined: ReadonlyMap<number, SetAside>,
  check?: SignatureCheck,
): ReadRecord[] {
  const read: ReadRecord[] = [];
  for (const record of records) {
    const offset = Number(record.offset);
    const expected = nextOffset + read.length;
    if (offset < expected) continue;
    if (offset > expected)
      throw new Halt(`partition ${partition}: record ${expected} is missing, the next is ${offset}`);
    const earlier = quarantined.get(offset);
    // The judgement of an earlier owner stands, whatever keys there are now.
    const parsed = readRecord(record, partition, earlier ? undefined : check);
    const setAside = aside ? { why: aside.reason, silent: aside.attempt > 1 } : earlier;
    read.push({
      record,
      offset,
      brokerTime: record.timestamp,
      parsed: setAside ? unreadableOf(parsed, setAside) : parsed,
    });
  }
  return read;
}

/** Records that need everything before them to be written. */
const ALONE: ReadonlySet<ParsedRecord['type']> = new Set(['tick', 'forget', 'forget-now']);

/** The first records that go into one batch. A tick is a batch of its own, and so is a record that forgets a user. */
export function select(records: readonly ReadRecord[]): ReadRecord[] {
  const alone = records.findIndex(({ parsed }) => ALONE.has(parsed.type));
  return records.slice(0, alone === 0 ? 1 : Math.min(MAX_RECORDS, alone === -1 ? Infinity : alone));
}
