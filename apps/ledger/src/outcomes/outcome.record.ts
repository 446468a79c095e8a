import { eventId } from '@vouchers/contracts';
import { cloudEvent, type OutgoingRecord } from '@vouchers/messaging/publishing';
import type { PublishedEvent } from './outcomes.message.ts';

/** The published form of an event. It depends only on stored data, so it is the same each time. */
export function outcomeRecord(topic: string, event: PublishedEvent): OutgoingRecord {
  const { partition, seq, voucherId } = event;
  return {
    topic,
    partition,
    key: voucherId,
    value: event.data,
    timestamp: event.decidedAt,
    headers: cloudEvent({
      id: eventId(event.decidedAt, partition, seq),
      type: event.type,
      source: '/ledger',
      time: new Date(event.at).toISOString(),
      subject: voucherId,
      partition,
      sequence: seq,
      submissionId: event.submissionId ?? undefined,
      traceparent: event.traceparent ?? undefined,
    }),
  };
}
