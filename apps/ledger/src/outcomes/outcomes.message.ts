// The form in which events are sent to the publishing thread. A message is copied value by value, and each small object
// or string in it costs time in both threads, so it consists of a few large ones.
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

/** An event as its record needs it. `value` is its published data. */
export type Outcome = Omit<PublishedEvent, 'data' | 'disclosed'> & { value: Buffer };

export interface OutcomesMessage {
  partition: number;
  /** Six numbers per event: see `NUMBERS`. */
  numbers: Float64Array<ArrayBuffer>;
  /** The types and vouchers of the events, each once. */
  types: PublishedEvent['type'][];
  voucherIds: string[];
  /** 36 characters per event: its submission's id, or `NO_ID`. */
  submissionIds: string;
  /** Undefined if no event has a trace. */
  traceparents: (string | null)[] | undefined;
  /** The data of all events, and before each the room for its identity. */
  data: Uint8Array<ArrayBuffer>;
}

/** The numbers of an event: seq, the two times, the places of type and voucher, and the end of its data. */
const NUMBERS = 6;
const ID_LENGTH = 36;
const NO_ID = ' '.repeat(ID_LENGTH);
/** More than the identity of an event takes besides its voucher's id and its type. Unit: bytes. */
const IDENTITY_BYTES = 96;

/** @param events at least one event, all of one partition */
export function packOutcomes(events: readonly PublishedEvent[]): OutcomesMessage {
  const numbers = new Float64Array(events.length * NUMBERS);
  const types = new Places<PublishedEvent['type']>();
  const voucherIds = new Places<string>();
  const published = events.map(publishedData);
  let size = 0;
  let hasTrace = false;
  events.forEach(({ seq, decidedAt, at, type, voucherId, traceparent }, index) => {
    size += identityRoom(voucherId, type) + published[index]!.length;
    hasTrace ||= traceparent !== null;
    const place = index * NUMBERS;
    numbers[place] = seq;
    numbers[place + 1] = decidedAt;
    numbers[place + 2] = at;
    numbers[place + 3] = types.of(type);
    numbers[place + 4] = voucherIds.of(voucherId);
    numbers[place + 5] = size;
  });
  const data = Buffer.allocUnsafeSlow(size);
  published.forEach((one, index) => one.copy(data, numbers[index * NUMBERS + 5]! - one.length));
  return {
    partition: events[0]!.partition,
    numbers,
    types: types.values,
    voucherIds: voucherIds.values,
    submissionIds: events.map(({ submissionId }) => submissionId ?? NO_ID).join(''),
    traceparents: hasTrace ? events.map(({ traceparent }) => traceparent) : undefined,
    data,
  };
}

/** The outcomes of a message. Their values are parts of its data, into which their identities are written. */
export function unpackOutcomes({ partition, numbers, data, ...message }: OutcomesMessage): Outcome[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const outcomes: Outcome[] = [];
  let begin = 0;
  for (let at = 0; at < numbers.length; at += NUMBERS) {
    const index = outcomes.length;
    const seq = numbers[at]!;
    const type = message.types[numbers[at + 3]!]!;
    const voucherId = message.voucherIds[numbers[at + 4]!]!;
    const end = numbers[at + 5]!;
    const submissionId = message.submissionIds.slice(index * ID_LENGTH, (index + 1) * ID_LENGTH);
    // The data begins with its own brace, and always has fields.
    const identity = `{"voucherId":"${voucherId}","type":"${type}","partition":${partition},"sequence":${seq},`;
    const valueBegin = begin + identityRoom(voucherId, type) + 1 - identity.length;
    bytes.write(identity, valueBegin, 'latin1');
    outcomes.push({
      partition,
      seq,
      decidedAt: numbers[at + 1]!,
      at: numbers[at + 2]!,
      type,
      voucherId,
      submissionId: submissionId === NO_ID ? null : submissionId,
      traceparent: message.traceparents?.[index] ?? null,
      value: bytes.subarray(valueBegin, end),
    });
    begin = end;
  }
  return outcomes;
}

const identityRoom = (voucherId: string, type: string): number => IDENTITY_BYTES + voucherId.length + type.length;

/** Different values in the order of their first appearance. */
class Places<T> {
  readonly values: T[] = [];
  private readonly places = new Map<T, number>();

  of(value: T): number {
    let place = this.places.get(value);
    if (place === undefined) {
      place = this.values.push(value) - 1;
      this.places.set(value, place);
    }
    return place;
  }
}

/** The stored data, with what is disclosed at the end of its last field, `forgotten`. */
function publishedData({ data, disclosed }: PublishedEvent): Buffer {
  if (disclosed === undefined) return data;
  return Buffer.from(`${data.toString().slice(0, -2)},${disclosed.slice(1, -1)}}}`);
}
