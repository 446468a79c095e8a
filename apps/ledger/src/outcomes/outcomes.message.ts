// The form in which events are sent to the publishing thread: a few arrays, because many small objects cost more.
import type { StoredEvent } from '@vouchers/event-store';

/** The fields of an event that its published record needs. */
export type PublishedEvent = Pick<
  StoredEvent,
  | 'partition'
  | 'seq'
  | 'decidedAt'
  | 'type'
  | 'voucherId'
  | 'submissionId'
  | 'at'
  | 'traceparent'
  | 'data'
  | 'disclosed'
>;

export interface OutcomesMessage {
  partition: number;
  seq: number[];
  decidedAt: number[];
  type: PublishedEvent['type'][];
  voucherId: string[];
  submissionId: (string | null)[];
  at: number[];
  traceparent: (string | null)[];
  /** The data of all events in one array. `dataEnds` has the end of each. */
  data: Uint8Array<ArrayBuffer>;
  dataEnds: number[];
}

/** @param events at least one event, all of one partition */
export function packOutcomes(events: readonly PublishedEvent[]): OutcomesMessage {
  let size = 0;
  const published = events.map(publishedData);
  const dataEnds = published.map((data) => (size += data.length));
  const all = new Uint8Array(size);
  published.forEach((data, index) => all.set(data, dataEnds[index]! - data.length));
  return {
    partition: events[0]!.partition,
    seq: events.map((event) => event.seq),
    decidedAt: events.map((event) => event.decidedAt),
    type: events.map((event) => event.type),
    voucherId: events.map((event) => event.voucherId),
    submissionId: events.map((event) => event.submissionId),
    at: events.map((event) => event.at),
    traceparent: events.map((event) => event.traceparent),
    data: all,
    dataEnds,
  };
}

export function unpackOutcomes(message: OutcomesMessage): PublishedEvent[] {
  const { partition, seq, decidedAt, type, voucherId, submissionId, at, traceparent, dataEnds } = message;
  const data = Buffer.from(message.data.buffer, message.data.byteOffset, message.data.byteLength);
  return seq.map((_, index) => ({
    partition,
    seq: seq[index]!,
    decidedAt: decidedAt[index]!,
    type: type[index]!,
    voucherId: voucherId[index]!,
    submissionId: submissionId[index]!,
    at: at[index]!,
    traceparent: traceparent[index]!,
    data: data.subarray(index === 0 ? 0 : dataEnds[index - 1]!, dataEnds[index]!),
  }));
}

/** The stored data, with what is disclosed at the end of its last field, `forgotten`. */
function publishedData({ data, disclosed }: PublishedEvent): Buffer {
  if (disclosed === undefined) return data;
  return Buffer.from(`${data.toString().slice(0, -2)},${disclosed.slice(1, -1)}}}`);
}
