// Plays the broker's side of both mechanisms, as in Kafka and RFC 5802.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { authenticate, type Sasl } from './sasl.ts';

const PASSWORD = 'pencil';
const SALT = Buffer.from('salt of the broker');

/** The body of a request follows length, key, version, correlation id and client id. */
function bodyOf(request: Buffer): { key: number; body: Buffer } {
  expect(request.readInt32BE(0)).toBe(request.length - 4);
  return { key: request.readInt16BE(4), body: request.subarray(14 + request.readInt16BE(12)) };
}

function answered(error: number, words = ''): Buffer {
  const text = Buffer.from(words);
  const answer = Buffer.alloc(12);
  answer.writeInt16BE(error, 4);
  answer.writeInt16BE(-1, 6); // no message
  answer.writeInt32BE(text.length, 8);
  return Buffer.concat([answer, text]);
}

/** Answers like a broker that knows one user. */
function broker(mechanism: string, password = PASSWORD) {
  const heard: string[] = [];
  const hash = mechanism === 'SCRAM-SHA-512' ? 'sha512' : 'sha256';
  const salted = pbkdf2Sync(password, SALT, 4096, hash === 'sha512' ? 64 : 32, hash);
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();

  return async (request: Buffer): Promise<Buffer> => {
    const { key, body } = bodyOf(request);
    if (key === 17) return answered(body.toString('utf8', 2) === mechanism ? 0 : 33);
    const words = body.toString('utf8', 4);
    heard.push(words);
    if (mechanism === 'PLAIN') return answered(words === `\0user\0${password}` ? 0 : 58);
    if (heard.length === 1) {
      heard[0] = words.slice('n,,'.length);
      heard.push(`r=${words.split('r=')[1]}broker,s=${SALT.toString('base64')},i=4096`);
      return answered(0, heard[1]);
    }
    const [last = '', proof = ''] = words.split(',p=');
    const all = [heard[0], heard[1], last].join(',');
    const signature = hmac(createHash(hash).update(hmac(salted, 'Client Key')).digest(), all);
    const clientKey = Buffer.from(Buffer.from(proof, 'base64').map((byte, at) => byte ^ signature[at]!));
    if (!clientKey.equals(hmac(salted, 'Client Key'))) return answered(58);
    return answered(0, `v=${hmac(hmac(salted, 'Server Key'), all).toString('base64')}`);
  };
}

const as = (mechanism: Sasl['mechanism'], password = PASSWORD): Sasl => ({ mechanism, username: 'user', password });

describe.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('%s', (mechanism) => {
  it('accepts the right password', async () => {
    await authenticate(broker(mechanism.toUpperCase()), as(mechanism), 'test');
  });

  it('reports that the broker refuses another password', async () => {
    const telling = authenticate(broker(mechanism.toUpperCase()), as(mechanism, 'pen'), 'test');
    await expect(telling).rejects.toThrow('the broker refuses user');
  });

  it('reports that the broker does not have the mechanism', async () => {
    await expect(authenticate(broker('GSSAPI'), as(mechanism), 'test')).rejects.toThrow('the broker has no');
  });
});

describe('SCRAM', () => {
  it('rejects a broker that does not know the password', async () => {
    const honest = broker('SCRAM-SHA-256');
    const liar = async (request: Buffer) => {
      const answer = await honest(request);
      return answer.toString('utf8', 12).startsWith('v=') ? answered(0, 'v=aGVsbG8=') : answer;
    };
    await expect(authenticate(liar, as('scram-sha-256'), 'test')).rejects.toThrow('does not know the password');
  });
});
