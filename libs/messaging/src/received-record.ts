import type { KafkaMessage } from 'kafkajs';
import type { IncomingRecord, RawRecord } from './record.ts';

/** A kafkajs message as the platform's record. Key and headers are decoded when asked for: most readers need few. */
export class ReceivedRecord implements IncomingRecord {
  readonly offset: bigint;
  readonly raw: RawRecord;
  readonly #message: KafkaMessage;
  #headers: Record<string, string> | undefined;

  constructor(message: KafkaMessage, offset: bigint) {
    this.#message = message;
    this.offset = offset;
    this.raw = { key: message.key, headers: message.headers ?? {} };
  }

  get timestamp(): number {
    return Number(this.#message.timestamp);
  }

  get key(): string | null {
    return this.#message.key?.toString() ?? null;
  }

  get value(): Buffer | null {
    return this.#message.value;
  }

  get headers(): Record<string, string> {
    if (this.#headers) return this.#headers;
    // No prototype: a header may be named `__proto__`.
    const headers = Object.create(null) as Record<string, string>;
    for (const name of Object.keys(this.raw.headers)) {
      const value = this.raw.headers[name];
      const last = Array.isArray(value) ? value.at(-1) : value;
      if (last !== undefined && last !== null) headers[name] = last.toString();
    }
    return (this.#headers = headers);
  }

  /** What it holds in memory, roughly. Unit: bytes. */
  get size(): number {
    return (this.#message.value?.length ?? 0) + 300;
  }
}
