import { beforeEach, describe, expect, it } from '@jest/globals';
import type { IncomingRecord } from '@vouchers/messaging';
import { Holdings, userIn } from './holdings.ts';
import type { ReadModel } from './read-model.ts';
import type { VoucherStates } from './voucher-states.ts';

const [A, B] = ['01a20000-0000-7000-8000-00000000000a', '01a20000-0000-7000-8000-00000000000b'];

/** The read model's answer, and how often it was asked. */
let answer: { positions: Record<string, number>; pushed: string | null; claims: unknown[] | null };
let asked: number;
let followed: boolean;
/** Set: answers wait, as they were when asked, until they are let through. */
let held: (() => void)[] | undefined;
let holdings: Holdings;
beforeEach(() => {
  answer = { positions: { 0: 10 }, pushed: A!, claims: null };
  asked = 0;
  followed = true;
  held = undefined;
  const readModel = {
    rows: async () => {
      asked += 1;
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

describe('what a user has', () => {
  it('is asked for once, a voucher that is new to it too', async () => {
    expect([await pushed('alice'), await pushed('alice'), asked]).toEqual([[true], [true], 1]);
    expect(await pushed('alice', [A!, B!])).toEqual([true, false]);
    expect([await pushed('alice', [B!, A!]), asked]).toEqual([[false, true], 2]);
  });

  it('is asked for again after an event of that user alone', async () => {
    await pushed('alice');
    holdings.saw(event('bob'), { partition: 0, seq: 8 });
    await pushed('alice');
    expect(asked).toBe(1);
    holdings.saw(event('alice'), { partition: 0, seq: 9 });
    await pushed('alice');
    expect(asked).toBe(2);
  });

  it('is not remembered before the read model has passed the event', async () => {
    holdings.saw(event('alice'), { partition: 0, seq: 10 });
    answer.pushed = null;
    expect([await pushed('alice'), await pushed('alice'), asked]).toEqual([[false], [false], 2]);
    answer.pushed = A!;
    answer.positions = { 0: 11 };
    expect([await pushed('alice'), await pushed('alice'), asked]).toEqual([[true], [true], 3]);
  });

  it('is not remembered where the event comes while it is asked for', async () => {
    const asking = pushed('alice');
    holdings.saw(event('alice'), { partition: 0, seq: 10 });
    await asking;
    await pushed('alice');
    expect(asked).toBe(2);
  });

  // The read model's snapshot, the waiter's event and the end of a read, in each order that can do harm.
  it('is not remembered as it was before the event, when another voucher is asked for across it', async () => {
    answer.pushed = null;
    await pushed('alice', [A!]);
    held = [];
    const asking = pushed('alice', [A!, B!]);
    holdings.saw(event('alice'), { partition: 0, seq: 10 });
    // The answer about B passes the event; what was known of A does not.
    held.shift()!();
    await asking;
    held = undefined;
    answer = { positions: { 0: 11 }, pushed: A!, claims: null };
    expect(await pushed('alice', [A!])).toEqual([true]);
  });

  it('is not remembered from another voucher’s answer that has passed the event, as it was before it', async () => {
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

  it('is not overwritten by a read that began before the event and ends after a newer one', async () => {
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
    expect([await pushed('alice'), asked]).toEqual([[true], 2]);
  });

  it('stays with what was learnt of another voucher meanwhile', async () => {
    held = [];
    const [one, other] = [pushed('alice', [A!]), pushed('alice', [B!])];
    for (const end of held.splice(0)) end();
    await Promise.all([one, other]);
    expect([await pushed('alice', [A!, B!]), asked]).toEqual([[true, false], 2]);
  });

  it('is forgotten with all others where events were missed, until the read model has passed them', async () => {
    await pushed('alice');
    holdings.missed({ partition: 0, seq: 20 });
    await pushed('alice');
    await pushed('alice');
    expect(asked).toBe(3);
    answer.positions = { 0: 21 };
    await pushed('alice');
    await pushed('alice');
    expect(asked).toBe(4);
  });

  it('is not remembered while the outcomes are not followed', async () => {
    followed = false;
    await pushed('alice');
    await pushed('alice');
    expect(asked).toBe(2);
  });

  it('is not remembered after more users’ events than are kept, until the read model has passed them', async () => {
    for (let user = 0; user <= 20_000; user += 1) holdings.saw(event(`u${user}`), { partition: 0, seq: 10 + user });
    await pushed('u7');
    await pushed('u7');
    expect(asked).toBe(2);
    answer.positions = { 0: 30_011 };
    await pushed('u7');
    await pushed('u7');
    expect(asked).toBe(3);
  });
});

describe('the user of an event', () => {
  it.each(['alice', '"', '\\', '\\"', 'a\\"userId":"b', '金', ''])('is %j', (userId) => {
    const data = { team: '"userId":"x"', claim: { userId } };
    expect(userIn(Buffer.from(JSON.stringify(data)))).toBe(userId);
  });

  it('is none where it has none', () => {
    expect(userIn(Buffer.from('{"voucherVersion":1}'))).toBeUndefined();
  });
});
