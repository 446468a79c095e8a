import { eventId } from '@vouchers/contracts';
import { cloudEvent, type OutgoingRecord } from '@vouchers/messaging/publishing';
import type { Outcome } from './outcomes.message.ts';

/**
 * The published form of an event. It depends only on stored data and the setting, so it is the same each time. The value
 * is the stored data with the event's identity before it, for readers that keep values alone.
 */
export function outcomeRecord(topic: string, source: string, event: Outcome): OutgoingRecord {
  const { partition, seq, voucherId } = event;
  return {
    topic,
    partition,
    key: voucherId,
    value: event.value,
    timestamp: event.decidedAt,
    headers: cloudEvent({
      id: eventId(event.decidedAt, partition, seq),
      type: event.type,
      source,
      time: new Date(event.at).toISOString(),
      subject: voucherId,
      partition,
      sequence: seq,
      submissionId: event.submissionId ?? undefined,
      traceparent: event.traceparent ?? undefined,
    }),
  };
}
