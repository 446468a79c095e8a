// Authenticates a client with the two requests that Kafka has for it (KIP-43, KIP-152), by PLAIN (RFC 4616) or
// SCRAM (RFC 5802). kafkajs does the same on its own connections; this is for those of broker.dialogue.ts.
import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

export interface Sasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** Sends a request (with its length before it) and returns the answer (without its length). */
type Ask = (request: Buffer) => Promise<Buffer>;

const HANDSHAKE = 17;
const AUTHENTICATE = 36;
const MECHANISM_UNKNOWN = 33;

/** @throws Error if the broker does not have the mechanism or refuses the user name and password. */
export async function authenticate(ask: Ask, sasl: Sasl, clientId: string): Promise<void> {
  const mechanism = sasl.mechanism.toUpperCase();
  const offered = await ask(request(HANDSHAKE, clientId, sized(2, Buffer.from(mechanism))));
  const fault = offered.readInt16BE(4);
  if (fault !== 0)
    throw new Error(fault === MECHANISM_UNKNOWN ? `the broker has no ${mechanism}` : `Kafka error ${fault}`);
  const say = async (words: string): Promise<string> => {
    const answer = await ask(request(AUTHENTICATE, clientId, sized(4, Buffer.from(words))));
    // After the correlation id: error_code, error_message (nullable), auth_bytes.
    const reasonLength = Math.max(0, answer.readInt16BE(6));
    const reason = answer.toString('utf8', 8, 8 + reasonLength);
    if (answer.readInt16BE(4) !== 0) throw new Error(`the broker refuses ${sasl.username}: ${reason}`);
    return answer.toString('utf8', 12 + reasonLength, 12 + reasonLength + answer.readInt32BE(8 + reasonLength));
  };
  if (sasl.mechanism === 'plain') await say(`\0${sasl.username}\0${sasl.password}`);
  else await scram(say, sasl, sasl.mechanism === 'scram-sha-256' ? 'sha256' : 'sha512');
}

async function scram(
  say: (words: string) => Promise<string>,
  { username, password }: Sasl,
  algorithm: 'sha256' | 'sha512',
): Promise<void> {
  const hmac = (key: Buffer, text: string): Buffer => createHmac(algorithm, key).update(text).digest();
  const hash = (bytes: Buffer): Buffer => createHash(algorithm).update(bytes).digest();
  const nonce = randomBytes(24).toString('base64url');
  const first = `n=${username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
  const challenge = await say(`n,,${first}`);
  const { r = '', s = '', i = '' } = attributes(challenge);
  if (!r.startsWith(nonce)) throw new Error('the broker answered another request');
  const salt = Buffer.from(s, 'base64');
  const salted = await promisify(pbkdf2)(password, salt, Number(i), hash(salt).length, algorithm);
  const last = `c=biws,r=${r}`;
  const all = [first, challenge, last].join(',');
  const clientKey = hmac(salted, 'Client Key');
  const signature = hmac(hash(clientKey), all);
  const proof = Buffer.from(clientKey.map((byte, at) => byte ^ signature[at]!)).toString('base64');
  const { v } = attributes(await say(`${last},p=${proof}`));
  if (v !== hmac(hmac(salted, 'Server Key'), all).toString('base64'))
    throw new Error('the broker does not know the password');
}

/** `r=…,s=…,i=…` */
const attributes = (text: string): Record<string, string | undefined> =>
  Object.fromEntries(text.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));

/** Version 1 of either request, with header v1: `key, version, correlation id, client id`. */
function request(key: number, clientId: string, body: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeInt16BE(key, 0);
  header.writeInt16BE(1, 2);
  header.writeInt32BE(1, 4);
  return sized(4, Buffer.concat([header, sized(2, Buffer.from(clientId)), body]));
}

/** Puts the length (2 or 4 bytes) before the bytes. */
function sized(width: 2 | 4, bytes: Buffer): Buffer {
  const length = Buffer.alloc(width);
  length.writeIntBE(bytes.length, 0, width);
  return Buffer.concat([length, bytes]);
}
