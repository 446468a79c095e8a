import { describe, expect, it } from '@jest/globals';
import { ArrayRoom, int4Array, int8Array, jsonArray, textArray, timestampArray, uuidArray } from './arrays.encoder.ts';

const HEADER = 20;
const itself = <T>(item: T): T => item;

describe('a binary array', () => {
  it.each([0, 1, -1, 2 ** 31, 2 ** 32 - 1, -(2 ** 32), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
    'holds %d in eight bytes',
    (item) => {
      const array = int8Array([item, item], itself);
      expect([array.readBigInt64BE(HEADER + 4), array.readBigInt64BE(HEADER + 16)]).toEqual([
        BigInt(item),
        BigInt(item),
      ]);
    },
  );

  it('holds a time in microseconds since 2000, however far away', () => {
    const [near, far] = [Date.UTC(2026, 0, 1), 8.64e15];
    const array = timestampArray([near, null, far], itself);
    const microseconds = (at: number): bigint => BigInt(at - Date.UTC(2000, 0, 1)) * 1_000n;
    expect(array.readBigInt64BE(HEADER + 4)).toBe(microseconds(near));
    expect(array.readInt32BE(HEADER + 12)).toBe(-1);
    expect(array.readBigInt64BE(HEADER + 20)).toBe(microseconds(far));
  });

  it.each([2 ** 31, -(2 ** 31) - 1, 1.5])('takes no %d as four bytes', (item) => {
    expect(() => int4Array([item], itself)).toThrow(RangeError);
  });

  it('takes no infinite number as eight bytes', () => {
    expect(() => int8Array([Infinity], itself)).toThrow(RangeError);
  });

  it('holds an id as its bytes', () => {
    const id = '01234567-89ab-7def-8123-456789abcdef';
    expect(
      uuidArray([id], itself)
        .subarray(HEADER + 4)
        .toString('hex'),
    ).toBe(id.replaceAll('-', ''));
  });
});

describe('a room for the arrays of a statement', () => {
  const texts = ['a', null, 'längst', 'x'.repeat(90_000)];
  const encoded = (count: number): Buffer[] => [
    int4Array([1, null, count], itself),
    textArray(texts.slice(0, count), itself),
    jsonArray(['{}'], itself),
    textArray([], itself),
  ];

  it.each([1, 4])('holds the same arrays, also when they do not fit it: %d texts', (count) => {
    const room = new ArrayRoom();
    const alone = encoded(count);
    for (let statement = 1; statement <= 3; statement += 1) expect(room.fill(() => encoded(count))).toEqual(alone);
  });

  it('grows once to what a statement needed, and is used again', () => {
    const room = new ArrayRoom();
    const small = room.size;
    room.fill(() => encoded(4));
    const [first] = room.fill(() => encoded(4));
    const [second] = room.fill(() => encoded(1));
    expect(room.size).toBeGreaterThan(small);
    expect(second!.buffer).toBe(first!.buffer);
    expect(second!.byteOffset).toBe(first!.byteOffset);
  });

  it('ends with its statement, also with one that fails', () => {
    const room = new ArrayRoom();
    const [inRoom] = room.fill(() => encoded(1));
    expect(() => room.fill(() => int4Array([1.5], itself))).toThrow(RangeError);
    expect(int4Array([1], itself).buffer).not.toBe(inRoom!.buffer);
  });
});
