import { describe, expect, it } from '@jest/globals';
import { eventId, isOwnUuid, OWN_UUID, partitionOf, UUID, uuidv7 } from './identifiers.ts';

describe('identifiers', () => {
  it.each([0, 11, 4095])('a UUIDv7 contains partition %i', (partition) => {
    const id = uuidv7(Date.UTC(2026, 10, 23), partition, 0x3fffffff, 0xffffffff);
    expect(id).toMatch(UUID);
    expect(partitionOf(id)).toBe(partition);
  });

  it('an event id depends on partition and seq, also past 32 bits', () => {
    const ids = [1, 0x100000000, 0x100000001].map((seq) => eventId(1_700_000_000_000, 3, seq));
    expect(new Set(ids).size).toBe(3);
    expect(ids).toEqual([1, 0x100000000, 0x100000001].map((seq) => eventId(1_700_000_000_000, 3, seq)));
  });

  it.each(['', 'x', '018bcfe5-6800-8003-8000-000000000001', '018bcfe5-6800-7003-0000-000000000001'])(
    'there is no partition in %j',
    (id) => {
      expect(partitionOf(id)).toBeUndefined();
    },
  );

  it('an own id is what the pattern says, whatever stands at each place', () => {
    const id = uuidv7(Date.UTC(2026, 10, 23), 11, 0x2aaaaaaa, 0xbbbbbbbb);
    const others = Array.from({ length: 130 }, (_, code) => String.fromCharCode(code)).concat('İ', '', 'aa');
    for (let at = 0; at <= id.length; at += 1)
      for (const other of others) {
        const text = id.slice(0, at) + other + id.slice(at + 1);
        expect([text, isOwnUuid(text)]).toEqual([text, OWN_UUID.test(text)]);
      }
  });
});
