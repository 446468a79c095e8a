import type { Producer } from './record.producer.ts';
import type { IncomingRecord, RecordPlace } from './record.ts';

/** What could not be read, kept as it was, with the reason and where it stood. */
export class Quarantine {
  readonly #producer: Producer;
  readonly #topic: string;

  constructor(producer: Producer, topic: string) {
    this.#producer = producer;
    this.#topic = topic;
  }

  /** Resolves when Kafka has it, in the partition where it stood: only then may the batch go on. Errors as `Producer.send`. */
  async put(record: IncomingRecord, place: RecordPlace, reason: string): Promise<void> {
    await this.#producer.send([
      {
        topic: this.#topic,
        partition: place.partition,
        key: record.raw?.key ?? record.key,
        value: record.value,
        timestamp: record.timestamp,
        headers: {
          ...definedHeaders(record),
          quarantine_reason: reason,
          quarantine_topic: place.topic,
          quarantine_partition: String(place.partition),
          quarantine_offset: String(place.offset),
        },
      },
    ]);
  }
}

function definedHeaders(record: IncomingRecord): Record<string, Buffer | string | (Buffer | string)[]> {
  const headers: Record<string, Buffer | string | (Buffer | string)[]> = {};
  for (const [name, value] of Object.entries(record.raw?.headers ?? record.headers)) {
    if (value !== undefined && value !== null) headers[name] = value;
  }
  return headers;
}
