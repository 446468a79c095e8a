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
    data: JSON.parse(stored.data.toString()) as EventData,
  };
}
