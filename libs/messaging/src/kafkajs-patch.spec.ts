// patches/kafkajs+2.2.4.patch must be applied, and must not change the bytes that kafkajs writes and reads.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';

interface Encoded {
  buffer: Buffer;
}
const inside = createRequire(createRequire(import.meta.url).resolve('kafkajs'));
const produce = inside('./src/protocol/requests/produce/v7/request.js') as (request: object) => {
  encode(): Promise<Encoded>;
};
const requestOf = inside('./src/protocol/request.js') as (request: object) => Promise<Encoded>;
const crc32c = inside('./src/protocol/recordBatch/crc32C/index.js') as (data: Buffer) => number;
const Encoder = inside('./src/protocol/encoder.js') as new (size?: number) => {
  writeVarInt(value: number): Encoded;
  writeVarLong(value: number): Encoded;
};
const Decoder = inside('./src/protocol/decoder.js') as new (data: Buffer) => {
  readVarInt(): number;
  readVarLong(): { toString(): string };
};
const RequestQueue = inside('./src/network/requestQueue/index.js') as new (options: object) => {
  checkPendingRequests(): void;
};

describe('kafkajs as patched', () => {
  it('computes CRC-32C as in RFC 3720', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, i) => i)))).toBe(0x46dd794e);
  });

  it('computes CRC-32C of any length at any place', () => {
    const data = Buffer.from(Array.from({ length: 80 }, (_, i) => (i * 151) & 0xff));
    for (let begin = 0; begin < 8; begin += 1)
      for (let end = begin; end <= data.length; end += 1) {
        const part = data.subarray(begin, end);
        expect([begin, end, crc32c(part)]).toEqual([begin, end, crc32cByBits(part)]);
      }
  });

  it.each([0, 1, -1, 63, 64, -64, -65, 8_191, 8_192, 2 ** 27, 2 ** 28, 2 ** 30 - 1, 2 ** 30, -(2 ** 30) - 1])(
    'writes and reads %d as varint and as varlong',
    (value) => {
      expect(new Decoder(new Encoder().writeVarInt(value).buffer).readVarInt()).toBe(value);
      expect(String(new Decoder(new Encoder(1).writeVarLong(value).buffer).readVarLong())).toBe(String(value));
    },
  );

  it.each([2 ** 40, -(2 ** 40)])('writes and reads %d as varlong', (value) => {
    expect(String(new Decoder(new Encoder(1).writeVarLong(value).buffer).readVarLong())).toBe(String(value));
  });

  it('encodes a produce request to the same bytes as the original', async () => {
    const messages = Array.from({ length: 60 }, (_, i) => ({
      key: i % 3 === 0 ? null : `凭证-${i}`,
      value: i % 7 === 0 ? null : Buffer.alloc(i * 40, i),
      timestamp: String(1_760_000_000_000 + i * 1_000),
      headers: i % 5 === 0 ? {} : { one: `value-${i}`, two: ['a', Buffer.from([0xff, i])], ü: Buffer.alloc(0) },
    }));
    const partitions = [{ partition: 3, firstSequence: 9, messages }];
    const topicData = [{ topic: 'a.topic', partitions }];
    const request = { acks: -1, timeout: 1_000, producerId: '5', producerEpoch: 2, compression: 0, topicData };
    const { buffer } = await produce(request).encode();
    expect(createHash('sha256').update(buffer).digest('hex')).toBe(WRITTEN_BY_THE_ORIGINAL);
    // A head of 14 bytes and the client's name: length, API key 0 in version 7, correlation.
    const head = Buffer.from(`00000000000000070000002a0003${Buffer.from('ü!').toString('hex')}`, 'hex');
    head.writeInt32BE(head.length - 4 + buffer.length);
    const whole = await requestOf({ correlationId: 42, clientId: 'ü!', request: produce(request) });
    expect(whole.buffer).toEqual(Buffer.concat([head, buffer]));
  });

  it('writes headers that repeat as it writes others', async () => {
    const values = [
      'a',
      'a',
      'a',
      'b',
      'b',
      'ü',
      'ü',
      'ü',
      'a',
      'x'.repeat(300),
      'x'.repeat(300),
      'x'.repeat(300),
      'a',
    ];
    const encoded = async (valueOf: (value: string) => string | Buffer): Promise<Buffer> => {
      const messages = values.map((value) => ({
        key: null,
        value: null,
        timestamp: '1',
        headers: { it: valueOf(value) },
      }));
      const topicData = [{ topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages }] }];
      return (await produce({ acks: -1, timeout: 1, compression: 0, topicData }).encode()).buffer;
    };
    expect(await encoded((value) => value)).toEqual(await encoded((value) => Buffer.from(value)));
  });

  it('writes the head of a request that leaves no room for it', async () => {
    const encode = (): Promise<object> => Promise.resolve(new Encoder().writeVarInt(1));
    const { buffer } = await requestOf({
      correlationId: 1,
      clientId: null,
      request: { apiKey: 2, apiVersion: 3, encode },
    });
    expect(buffer.toString('hex')).toBe('0000000b0002000300000001ffff02');
  });

  it('starts no timer if no request waits', () => {
    const setTimer = jest.spyOn(globalThis, 'setTimeout');
    new RequestQueue({ logger: {}, requestTimeout: 1_000 }).checkPendingRequests();
    expect(setTimer).not.toHaveBeenCalled();
    setTimer.mockRestore();
  });
});

/** CRC-32C as its definition says: bit by bit. */
function crc32cByBits(data: Buffer): number {
  let crc = -1;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return (crc ^ -1) >>> 0;
}

/** SHA-256 of the request that kafkajs 2.2.4 encodes without the patch. */
const WRITTEN_BY_THE_ORIGINAL = '1a916b918c417d2e2d9bf4fa8eaafb55c2925c4cf9a442347abfc6d92d75cbe9';
