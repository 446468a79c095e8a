// Signs the records that this process publishes, and judges the signatures of the records that it reads.
import { HEADERS } from '@vouchers/contracts';
import { Signer, type SignatureFault, type SigningKey } from '@vouchers/contracts/signatures';
import { headerOf } from './cloud-event.ts';
import type { IncomingRecord, OutgoingRecord } from './record.ts';

export interface SignatureSettings {
  /** `accept`: records without a signature are good. A wrong one is refused in both modes. */
  readonly mode: 'accept' | 'require';
  /** The first one signs, all of them check. */
  readonly keys: readonly SigningKey[];
  /** The topics whose records are signed. */
  readonly topics: readonly string[];
}

export class RecordSignatures {
  readonly mode: SignatureSettings['mode'];
  readonly #signer: Signer;
  readonly #topics: ReadonlySet<string>;

  constructor({ mode, keys, topics }: SignatureSettings) {
    this.mode = mode;
    this.#signer = new Signer(keys);
    this.#topics = new Set(topics);
  }

  /** A text that is another one for each key that signs. It does not tell the key. */
  get fingerprint(): string {
    return this.#signer.signatureOf({ topic: '', key: null, type: 'fingerprint', value: null });
  }

  /** The record with its signature, if its topic is one of those. */
  signed(record: OutgoingRecord): OutgoingRecord {
    if (!this.#topics.has(record.topic)) return record;
    return { ...record, headers: this.#signer.signed(record.headers, record) };
  }

  /** @param type the record's type, which the caller has read already */
  faultOf(topic: string, record: IncomingRecord, type: string): SignatureFault | undefined {
    const signature = headerOf(record, HEADERS.signature);
    if (signature === undefined) return 'missing';
    const { key, value } = record;
    const version = value === null ? headerOf(record, HEADERS.version) : undefined;
    return this.#signer.faultOf(signature, { topic, key, type, value, version });
  }
}
