import { eventId, type EventData, type EventRow } from '@vouchers/contracts';
import type { StoredEvent } from '@vouchers/event-store';

/** The form of an event in all lists. */
export function eventShown(stored: StoredEvent): EventRow {
  const { type, voucherId, partition, seq, submissionId } = stored;
  return {
    id: eventId(stored.decidedAt, partition, seq),
    type,
    voucherId,
    partition,
    seq,
    at: new Date(stored.at).toISOString(),
    occurredAt: new Date(stored.occurredAt).toISOString(),
    decidedAt: new Date(stored.decidedAt).toISOString(),
    ...(submissionId !== null && { submissionId }),
    data: { voucherId, type, partition, sequence: seq, ...(JSON.parse(stored.data.toString()) as EventData) },
  };
}

/** The JSON of `eventShown`. It takes the stored data as they are, because a page may have thousands of events. */
export function eventText(stored: StoredEvent): string {
  const { data, ...row } = eventShown({ ...stored, data: NOTHING });
  const text = stored.data.toString();
  return `${JSON.stringify(row).slice(0, -1)},"data":${JSON.stringify(data).slice(0, -1)},${text.slice(1)}}`;
}

const NOTHING = Buffer.from('{}');
