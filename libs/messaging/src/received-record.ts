import type { KafkaMessage } from 'kafkajs';
import type { IncomingRecord, RawRecord } from './record.ts';

/** A message with what the patch of kafkajs adds. */
type DecodedMessage = KafkaMessage & {
  /** Finds one header without decoding the others. */
  header?: (name: string) => Buffer | null | undefined;
  /** Bytes of the value; -1 if it has none. */
  valueLength?: number;
};

/** A kafkajs message as a record. Key, value and headers are decoded on access, since most readers need few of them. */
export class ReceivedRecord implements IncomingRecord {
  readonly offset: bigint;
  readonly #message: DecodedMessage;
  #value: Buffer | null | undefined;
  #headers: Record<string, string> | undefined;

  constructor(message: KafkaMessage, offset: bigint) {
    this.#message = message;
    this.offset = offset;
  }

  get timestamp(): number {
    return Number(this.#message.timestamp);
  }

  get key(): string | null {
    return this.#message.key?.toString() ?? null;
  }

  get value(): Buffer | null {
    return (this.#value ??= this.#message.value);
  }

  get headers(): Record<string, string> {
    if (this.#headers) return this.#headers;
    const raw = this.raw.headers;
    // Without a prototype, since a header may be named `__proto__`.
    const headers = Object.create(null) as Record<string, string>;
    for (const name of Object.keys(raw)) {
      const value = raw[name];
      const last = Array.isArray(value) ? value.at(-1) : value;
      if (last !== undefined && last !== null) headers[name] = last.toString();
    }
    return (this.#headers = headers);
  }

  get raw(): RawRecord {
    return { key: this.#message.key, headers: this.#message.headers ?? {} };
  }

  /** The last header of that name, which must be ASCII. */
  header(name: string): string | undefined {
    if (!this.#message.header) return this.headers[name];
    return this.#message.header(name)?.toString();
  }

  /** An estimate of the memory that the record takes. Unit: bytes. */
  get size(): number {
    // Not by the value itself: it would be taken out as soon as the record waits.
    const bytes = this.#message.valueLength ?? this.value?.length ?? 0;
    return Math.max(bytes, 0) + 300;
  }
}
