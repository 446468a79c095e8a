import { beforeEach, describe, expect, it } from '@jest/globals';
import type { IncomingRecord } from '@vouchers/messaging';
import { Holdings, userIn } from './holdings.ts';
import type { ReadModel } from './read-model.ts';
import type { VoucherStates } from './voucher-states.ts';

const [A, B] = ['01a20000-0000-7000-8000-00000000000a', '01a20000-0000-7000-8000-00000000000b'];

/** The read model's answer, and the number of its reads. */
let answer: { positions: Record<string, number>; pushed: string | null; claims: unknown[] | null };
let reads: number;
let followed: boolean;
/** If set, each read takes its snapshot and then waits until the test calls its function in this list. */
let held: (() => void)[] | undefined;
let holdings: Holdings;
beforeEach(() => {
  answer = { positions: { 0: 10 }, pushed: A!, claims: null };
  reads = 0;
  followed = true;
  held = undefined;
  const readModel = {
    rows: async () => {
      reads += 1;
      const snapshot = structuredClone(answer);
      if (held) await new Promise<void>((resolve) => held!.push(resolve));
      return [snapshot];
    },
  };
  holdings = new Holdings(readModel as unknown as ReadModel, { followed: () => followed } as VoucherStates);
});

const event = (userId: string): IncomingRecord =>
  ({ value: Buffer.from(JSON.stringify({ labels: { x: '"userId":"other"' }, userId })) }) as IncomingRecord;
const pushed = async (userId: string, ids = [A!]) => {
  const having = await holdings.of(userId, ids);
  return ids.map((id) => having.get(id)?.pushed);
};

describe('a user’s claims and pushes', () => {
  it('are read once, and again only for vouchers that are not cached', async () => {
    expect([await pushed('alice'), await pushed('alice'), reads]).toEqual([[true], [true], 1]);
    expect(await pushed('alice', [A!, B!])).toEqual([true, false]);
    expect([await pushed('alice', [B!, A!]), reads]).toEqual([[false, true], 2]);
  });

  it('are read again only after an event of that user', async () => {
    await pushed('alice');
    holdings.saw(event('bob'), { partition: 0, seq: 8 });
    await pushed('alice');
    expect(reads).toBe(1);
    holdings.saw(event('alice'), { partition: 0, seq: 9 });
    await pushed('alice');
    expect(reads).toBe(2);
  });

  it('are not cached before the read model has passed the event', async () => {
    holdings.saw(event('alice'), { partition: 0, seq: 10 });
    answer.pushed = null;
    expect([await pushed('alice'), await pushed('alice'), reads]).toEqual([[false], [false], 2]);
    answer.pushed = A!;
    answer.positions = { 0: 11 };
    expect([await pushed('alice'), await pushed('alice'), reads]).toEqual([[true], [true], 3]);
  });

  it('are not cached if the event comes during the read', async () => {
    const asking = pushed('alice');
    holdings.saw(event('alice'), { partition: 0, seq: 10 });
    await asking;
    await pushed('alice');
    expect(reads).toBe(2);
  });

  // The next tests have the read's snapshot, the waiter's event and the read's end in each order that can do harm.
  it('of before the event are not cached by a read of another voucher that ends after the event', async () => {
    answer.pushed = null;
    await pushed('alice', [A!]);
    held = [];
    const asking = pushed('alice', [A!, B!]);
    holdings.saw(event('alice'), { partition: 0, seq: 10 });
    // The read of B ends after the event. The cached value of A is older than the event.
    held.shift()!();
    await asking;
    held = undefined;
    answer = { positions: { 0: 11 }, pushed: A!, claims: null };
    expect(await pushed('alice', [A!])).toEqual([true]);
  });

  it('of before the event are not cached by a read of another voucher that reflects the event', async () => {
    answer.pushed = null;
    await pushed('alice', [A!]);
    held = [];
    answer.positions = { 0: 11 };
    const asking = pushed('alice', [A!, B!]);
    holdings.saw(event('alice'), { partition: 0, seq: 10 });
    held.shift()!();
    await asking;
    held = undefined;
    answer.pushed = A!;
    expect([await pushed('alice', [A!]), await pushed('alice', [A!, B!])]).toEqual([[true], [true, false]]);
  });

  it('are not overwritten by a read that began before the event and ends after a newer read', async () => {
    held = [];
    answer.pushed = null;
    const older = pushed('alice');
    holdings.saw(event('alice'), { partition: 0, seq: 10 });
    answer = { positions: { 0: 11 }, pushed: A!, claims: null };
    const newer = pushed('alice');
    const [endOlder, endNewer] = held;
    held = undefined;
    endNewer!();
    expect(await newer).toEqual([true]);
    endOlder!();
    expect(await older).toEqual([false]);
    expect([await pushed('alice'), reads]).toEqual([[true], 2]);
  });

  it('are cached together with those of a concurrent read of another voucher', async () => {
    held = [];
    const [one, other] = [pushed('alice', [A!]), pushed('alice', [B!])];
    for (const end of held.splice(0)) end();
    await Promise.all([one, other]);
    expect([await pushed('alice', [A!, B!]), reads]).toEqual([[true, false], 2]);
  });

  it('are not cached for any user after missed events, until the read model has passed these events', async () => {
    await pushed('alice');
    holdings.missed({ partition: 0, seq: 20 });
    await pushed('alice');
    await pushed('alice');
    expect(reads).toBe(3);
    answer.positions = { 0: 21 };
    await pushed('alice');
    await pushed('alice');
    expect(reads).toBe(4);
  });

  it('are not cached while the outcomes are not followed', async () => {
    followed = false;
    await pushed('alice');
    await pushed('alice');
    expect(reads).toBe(2);
  });

  it('are not cached after events of more users than are kept, until the read model has passed them', async () => {
    for (let user = 0; user <= 20_000; user += 1) holdings.saw(event(`u${user}`), { partition: 0, seq: 10 + user });
    await pushed('u7');
    await pushed('u7');
    expect(reads).toBe(2);
    answer.positions = { 0: 30_011 };
    await pushed('u7');
    await pushed('u7');
    expect(reads).toBe(3);
  });
});

describe('the user of an event', () => {
  it.each(['alice', '"', '\\', '\\"', 'a\\"userId":"b', '金', ''])('is %j', (userId) => {
    const data = { team: '"userId":"x"', claim: { userId } };
    expect(userIn(Buffer.from(JSON.stringify(data)))).toBe(userId);
  });

  it('is undefined if the event has no user', () => {
    expect(userIn(Buffer.from('{"voucherVersion":1}'))).toBeUndefined();
  });
});
