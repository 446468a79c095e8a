import type { KafkaMessage } from 'kafkajs';
import type { IncomingRecord, RawRecord } from './record.ts';

/** As the kept patch decodes it: one header is found without decoding the others. */
type DecodedMessage = KafkaMessage & { header?: (name: string) => Buffer | null | undefined };

/** A kafkajs message as the platform's record. Key, value and headers are taken out when asked for: most readers need few. */
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
    // No prototype: a header may be named `__proto__`.
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

  /** One header, of several of that name the last; the name is ASCII. */
  header(name: string): string | undefined {
    if (!this.#message.header) return this.headers[name];
    return this.#message.header(name)?.toString();
  }

  /** What it holds in memory, roughly. Unit: bytes. */
  get size(): number {
    return (this.value?.length ?? 0) + 300;
  }
}
