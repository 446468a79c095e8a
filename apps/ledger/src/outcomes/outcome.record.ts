import { eventId } from '@vouchers/contracts';
import { cloudEvent, type OutgoingRecord } from '@vouchers/messaging/publishing';
import type { PublishedEvent } from './outcomes.message.ts';

/** The published form of an event. It depends only on stored data and the setting, so it is the same each time. */
export function outcomeRecord(topic: string, source: string, event: PublishedEvent): OutgoingRecord {
  const { partition, seq, voucherId } = event;
  return {
    topic,
    partition,
    key: voucherId,
    value: publishedData(event),
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

/**
 * The stored data with the event's identity before it, for readers that keep values alone. It is not stored, because
 * the columns have it.
 */
function publishedData({ voucherId, type, partition, seq, data }: PublishedEvent): Buffer {
  const identity = `{"voucherId":"${voucherId}","type":"${type}","partition":${partition},"sequence":${seq},`;
  const value = Buffer.allocUnsafe(identity.length + data.length - 1);
  value.write(identity, 'latin1');
  // The data begins with its own brace, and always has fields.
  data.copy(value, identity.length, 1);
  return value;
}
