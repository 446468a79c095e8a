import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batch, event, freshId, LOG, testStore, voucherRow } from '../testing/hand-made.ts';
import { EventsReader } from './index.ts';
import { VoucherTimeline } from './voucher.timeline.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const PARTITION = 3;

/**
 * The days of a voucher's events in order. `d` marks a definition, `x` the expiry of a claim. The use window of `d0u3`
 * ends on day 3. Claims may be granted until day 100.
 */
const LIVES: [string, string][] = [
  ['one event', 'd0'],
  ['several events at the same time', 'd0 0 1 1 1 2 2 5'],
  ['a definition that is ahead of the next events', 'd5 1 2 d2 3 8'],
  ['a draft whose clock begins again twice', 'd9 9 10 d10 10 d0 1 2 d50 50 51 d3 4 4 5'],
  ['claims that expire at once, since their use window has ended', 'd0u3 1 2 x3 4 x3 5 5 5 x3 6 7 9'],
  ['the same with a second version', 'd0u3 1 x3 4 x3 d4u6 5 5 x6 7 x6 8 8 x6 20'],
  ['the same without later events', 'd0u3 8 x3'],
  ['a use window that has ended, without claims', 'd0u3 1 8 8 9'],
  ['many events', `d0 ${Array.from({ length: 300 }, (_, index) => Math.floor(index / 3)).join(' ')}`],
];

const until = (day: number) => ({ to: new Date(START + day * DAY).toISOString() });

describe('the timeline of a voucher', () => {
  let context: Awaited<ReturnType<typeof testStore>>;
  let events: EventsReader;
  const lives = new Map<string, { voucherId: string; at: number[]; seqs: number[] }>();

  beforeAll(async () => {
    context = await testStore('timeline');
    events = new EventsReader(context.store.pools.readers);
    let cursor = await context.store.open(PARTITION, LOG);
    for (const [name, life] of LIVES) {
      const voucherId = freshId(PARTITION);
      const at: number[] = [];
      const seqs: number[] = [];
      const written = life.split(' ').flatMap((word, index) => {
        const [, , day, useDay] = /^([dx]?)(\d+)(?:u(\d+))?$/.exec(word)!;
        const time = START + Number(day) * DAY;
        at.push(time);
        // An event of another voucher stands between each two.
        seqs.push(cursor.nextSeq + 2 * index + 1);
        const windows = useDay && { claim: until(100), use: until(Number(useDay)) };
        const data = Buffer.from(JSON.stringify({ definition: { version: index, spec: { windows } } }));
        const kind = {
          d: { type: 'voucher.defined.v1' as const, data },
          x: { type: 'voucher.claim-expired.v1' as const },
        }[word[0]!];
        return [event({ voucherId: freshId(), at: time }), event({ voucherId, at: time, ...kind })];
      });
      const row = voucherRow({ voucherId, headSeq: seqs.at(-1)! });
      cursor = await context.store.append(batch({ from: cursor, events: written, vouchers: [row] }));
      lives.set(name, { voucherId, at, seqs });
    }
  });
  afterAll(() => context.end());

  const times = Array.from({ length: 110 }, (_, day) => START + (day - 2) * DAY);

  it.each(LIVES)('finds the last event that is not later than a time, with %s', async (name) => {
    const { voucherId, at, seqs } = lives.get(name)!;
    const timeline = events.timeline(PARTITION, voucherId, seqs.at(-1)!);
    const expected = times.map((time) => seqs[at.findLastIndex((one) => one <= time)]);
    expect(await timeline.lastUntilEach(times)).toEqual(expected);
  });

  it('searches no time between two times with the same answer', async () => {
    const { voucherId, seqs } = lives.get('many events')!;
    const reader = context.store.pools.readers;
    let searched = 0;
    const query = ((asked: { name: string; text: string; values: unknown[][] }) => {
      if (asked.name === 'timeline-last-until') searched += asked.values[4]!.length;
      return reader.query(asked);
    }) as typeof reader.query;
    const before = Array.from({ length: 990 }, (_, index) => START - (1_000 - index) * DAY);
    const timeline = new VoucherTimeline({ query }, PARTITION, voucherId, seqs.at(-1)!);
    const found = await timeline.lastUntilEach([...before, START]);
    expect(found).toEqual([...before.map(() => undefined), seqs[3]]);
    expect(searched).toBeLessThan(100);
  });

  it.each(LIVES)('finds the range of all events between two times, with %s', async (name) => {
    const { voucherId, at, seqs } = lives.get(name)!;
    const timeline = events.timeline(PARTITION, voucherId, seqs.at(-1)!);
    for (const [from, to] of [
      [0, 3],
      [1, 1.5],
      [4, 200],
      [-9, -8],
      [2, 10],
      [3, 4],
      [4, 6],
      [6, 7],
    ].map((days) => days.map((day) => START + day * DAY)) as [number, number][]) {
      const range = await timeline.between(from, to);
      const { events: found, more } = await events.ofVoucher(PARTITION, voucherId, range, { from, to }, 500);
      const expected = seqs.filter((_, index) => at[index]! >= from && at[index]! < to);
      expect([found.map(({ seq }) => seq), more]).toEqual([expected, false]);
    }
  });

  it('finds a range without other events, if time never goes back', async () => {
    const { voucherId, seqs } = lives.get('many events')!;
    const timeline = events.timeline(PARTITION, voucherId, seqs.at(-1)!);
    expect(await timeline.between(START + 10 * DAY, START + 11 * DAY)).toEqual({ after: seqs[30], until: seqs[33] });
    expect(await timeline.between()).toEqual({ after: 0, until: seqs.at(-1) });
  });

  it('finds no event after the given head', async () => {
    const { voucherId, seqs } = lives.get('many events')!;
    expect(await events.timeline(PARTITION, voucherId, seqs[12]!).lastUntil(START + 90 * DAY)).toBe(seqs[12]);
  });
});

describe('a page of events', () => {
  let context: Awaited<ReturnType<typeof testStore>>;
  beforeAll(async () => {
    context = await testStore('pages');
  });
  afterAll(() => context.end());

  it('is shorter if its data is large, and says that more events follow', async () => {
    const voucherId = freshId(PARTITION);
    const large = (length: number) =>
      event({ voucherId, data: Buffer.from(JSON.stringify({ text: 'x'.repeat(length) })) });
    const written = [large(600_000), large(600_000), large(2_000_000), large(10), large(10)];
    const from = await context.store.open(PARTITION, LOG);
    await context.store.append(batch({ from, events: written, vouchers: [voucherRow({ voucherId })] }));
    const reader = new EventsReader(context.store.pools.readers);
    const read: number[][] = [];
    for (let seq = 1, more = true; more;) {
      const page = await reader.ofPartition(PARTITION, seq, 200);
      read.push(page.events.map((one) => one.seq));
      more = page.more;
      seq = page.events.at(-1)!.seq + 1;
    }
    expect(read).toEqual([[1, 2], [3], [4, 5]]);
  });
});
