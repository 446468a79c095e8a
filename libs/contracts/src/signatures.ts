// Signatures of records: HMAC-SHA256 (RFC 2104) over topic, key, type and value. A record that is copied to another
// topic, key or type no longer has a right one. Services, tools and tests sign by this module.
import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { HEADERS } from './topics.ts';

export interface SigningKey {
  readonly id: string;
  /** At least 32 bytes. */
  readonly secret: Uint8Array;
}

/** The part of a record that its signature covers. */
export interface SignedParts {
  readonly topic: string;
  readonly key: string | null;
  /** The header `ce_type`. */
  readonly type: string;
  readonly value: Uint8Array | string | null;
  /** The header `ce_version`. It counts only if there is no value. */
  readonly version?: string | undefined;
}

/** Why a signature is refused, for people. `unknown-key`: it names a key that is not among ours. */
export const SIGNATURE_FAULTS = {
  missing: 'it has no signature',
  wrong: 'its signature is wrong',
  'unknown-key': 'its signature names an unknown key',
} as const;
export type SignatureFault = keyof typeof SIGNATURE_FAULTS;

const MOST_KEYS = 10;
const MIN_SECRET_BYTES = 32;
const KEY_ID = /^[\w.-]{1,32}$/;
const BASE64 = /^[\w+/-]+={0,2}$/;
const SIGNATURE = /^([\w.-]{1,32}):([\w-]{43})$/;
const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
const MAC_LENGTH = 43;
/** A larger message takes another way, so that this much memory suffices. */
const MOST_BYTES = 65_536;

/**
 * Reads a list of keys: `id:secret`, separated by commas or white space; secrets in base64 or base64url.
 * @throws Error that says what is wrong, without a secret
 */
export function signingKeysIn(text: string): SigningKey[] {
  const keys = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((entry, index) => signingKeyIn(entry, `key ${index + 1}`));
  if (keys.length > MOST_KEYS) throw new Error(`must have at most ${MOST_KEYS} keys`);
  const ids = keys.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`must not have two keys '${twice}'`);
  return keys;
}

function signingKeyIn(entry: string, name: string): SigningKey {
  const colon = entry.indexOf(':');
  const id = entry.slice(0, Math.max(colon, 0));
  if (!KEY_ID.test(id)) throw new Error(`must be a list of id:secret, ids of at most 32 letters or digits (${name})`);
  const text = entry.slice(colon + 1);
  if (!BASE64.test(text)) throw new Error(`must have secrets in base64 (key '${id}')`);
  const secret = Buffer.from(text, 'base64');
  if (secret.length >= MIN_SECRET_BYTES) return { id, secret };
  throw new Error(
    `must have secrets of at least ${MIN_SECRET_BYTES} bytes, but that of key '${id}' has ${secret.length}`,
  );
}

/** Signs by the first key and checks by all keys. */
export class Signer {
  readonly #first: Hmac;
  readonly #keys: ReadonlyMap<string, Hmac>;

  /** @throws Error if there is no key */
  constructor(keys: readonly SigningKey[]) {
    const hmacs = keys.map((key) => new Hmac(key));
    if (!hmacs[0]) throw new Error('there is no key to sign with');
    this.#first = hmacs[0];
    this.#keys = new Map(hmacs.map((hmac) => [hmac.id, hmac]));
  }

  /** The value of the header `ce_signature`: the key's id, a colon, and the MAC in base64url. */
  signatureOf(parts: SignedParts): string {
    return `${this.#first.id}:${this.#first.mac(headOf(parts), parts.value)}`;
  }

  /** @param signature the value of the record's header `ce_signature` */
  faultOf(signature: string | undefined, parts: SignedParts): SignatureFault | undefined {
    if (signature === undefined) return 'missing';
    const [, id, mac] = SIGNATURE.exec(signature) ?? [];
    if (id === undefined) return 'wrong';
    const hmac = this.#keys.get(id);
    if (!hmac) return 'unknown-key';
    return isSame(hmac.mac(headOf(parts), parts.value), mac!) ? undefined : 'wrong';
  }

  /** The headers of a record, with its signature. */
  signed<Headers extends object>(
    headers: Headers,
    { topic, key, value }: { topic: string; key: Uint8Array | string | null; value: Uint8Array | string | null },
  ): Headers & Record<typeof HEADERS.signature, string> {
    const { [HEADERS.type]: type, [HEADERS.version]: version } = headers as Record<string, unknown>;
    const signature = this.signatureOf({
      topic,
      key: key === null ? null : textOf(key),
      type: textOf(type ?? ''),
      value,
      version: version === undefined ? undefined : textOf(version),
    });
    return { ...headers, [HEADERS.signature]: signature };
  }
}

const textOf = (part: unknown): string =>
  part instanceof Uint8Array ? Buffer.from(part).toString() : String(part as string);

/** Each text comes after its length, so two different records never give the same message. */
function headOf({ topic, key, type, value, version }: SignedParts): string {
  const head = `${lengthAnd(topic)}${key === null ? '-' : lengthAnd(key)}${lengthAnd(type)}`;
  if (value !== null) return `${head}+`;
  return version === undefined ? `${head}-` : `${head}-${lengthAnd(version)}`;
}

const lengthAnd = (text: string): string => `${text.length}:${text}`;

const ONE = Buffer.alloc(MAC_LENGTH);
const OTHER = Buffer.alloc(MAC_LENGTH);

/** Takes the same time wherever the two differ. Both have the length of a MAC in base64url. */
function isSame(one: string, other: string): boolean {
  ONE.write(one, 'latin1');
  OTHER.write(other, 'latin1');
  return timingSafeEqual(ONE, OTHER);
}

/**
 * HMAC by two calls of `crypto.hash`. `createHmac` makes two objects per message, which costs several times as much as
 * the hashes of a small record. Results are strings, since a Buffer per hash costs more than the hash.
 */
class Hmac {
  readonly id: string;
  readonly #secret: Uint8Array;
  /** The inner pad, and the message behind it. */
  readonly #inner = Buffer.alloc(BLOCK_BYTES + MOST_BYTES);
  /** The outer pad, and the inner hash behind it. */
  readonly #outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES);

  constructor({ id, secret }: SigningKey) {
    this.id = id;
    this.#secret = secret;
    const key = secret.length > BLOCK_BYTES ? Buffer.from(hash('sha256', secret, 'hex'), 'hex') : secret;
    for (let at = 0; at < BLOCK_BYTES; at += 1) {
      const byte = key[at] ?? 0;
      this.#inner[at] = byte ^ 0x36;
      this.#outer[at] = byte ^ 0x5c;
    }
  }

  /** The MAC of the message in base64url. */
  mac(head: string, value: Uint8Array | string | null): string {
    // A character takes 3 bytes of UTF-8 at most.
    if (3 * (head.length + (value?.length ?? 0)) > MOST_BYTES) return this.#macOfLarge(head, value);
    const inner = this.#inner;
    let end = BLOCK_BYTES + inner.write(head, BLOCK_BYTES);
    if (typeof value === 'string') end += inner.write(value, end);
    else if (value !== null) {
      inner.set(value, end);
      end += value.length;
    }
    this.#outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1');
    return hash('sha256', this.#outer, 'base64url');
  }

  #macOfLarge(head: string, value: Uint8Array | string | null): string {
    return createHmac('sha256', this.#secret)
      .update(head)
      .update(value ?? '')
      .digest('base64url');
  }
}
