import type { Producer } from './record.producer.ts';
import type { IncomingRecord, OutgoingRecord, RecordPlace } from './record.ts';

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
        headers: Object.assign(givenHeaders(record), {
          quarantine_reason: reason,
          quarantine_topic: place.topic,
          quarantine_partition: String(place.partition),
          quarantine_offset: String(place.offset),
        }),
      },
    ]);
  }
}

/** kafkajs cannot write a header without a value: it is kept as an empty one. */
function givenHeaders(record: IncomingRecord): OutgoingRecord['headers'] {
  const headers = Object.create(null) as OutgoingRecord['headers'];
  const given = record.raw?.headers ?? record.headers;
  for (const name of Object.keys(given)) {
    const value = given[name];
    headers[name] = Array.isArray(value) ? value.map((one) => one ?? '') : (value ?? '');
  }
  return headers;
}
