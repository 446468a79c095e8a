// The follower of one partition over a table in memory: what it writes for which records, and what it does when a
// record or the infrastructure is the cause.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { HEADERS, type EventRow } from '@vouchers/contracts';
import type { IncomingRecord, RecordBatch } from '@vouchers/messaging';
import type { LedgerApi } from '@vouchers/service';
import type { Fence, Parking, ReadPosition } from './fenced.tables.ts';
import { FollowedPartition, type RunningFollower } from './followed.partition.ts';
import { headOf, headOfRow, type ForgottenUser, type OutcomeHead } from './outcome.ts';

const [A, B] = ['01a20000-0000-7000-8000-00000000000a', '01a20000-0000-7000-8000-00000000000b'];
const IDENTITY = { clusterId: 'cluster', topicId: 'topic' };

/** Postgres: what is written, and which vouchers it refuses for ever. */
let stored: {
  fence: Fence;
  topicId: string;
  parked: Parking[];
  written: number[];
  writes: number;
  parts: number[][];
  forgotten?: ForgottenUser;
};
let refused: string | undefined;
/** All events of the ledger: seq 1 is at index 0. */
let events: string[];
let holes: number;
let told: string[];
let errors: string[];

beforeEach(() => {
  const fence = { offset: 0, seq: 1, revision: 0 };
  stored = { fence, topicId: 'topic', parked: [], written: [], writes: 0, parts: [] };
  refused = undefined;
  events = [];
  [holes, told, errors] = [0, [], []];
});

const ledger = {
  events: async (_partition: number, after: number, limit: number) =>
    events.slice(after, after + limit).map((voucherId, index) => ({ voucherId, seq: after + index + 1 }) as EventRow),
} as LedgerApi;

const follower = (change: Partial<RunningFollower<OutcomeHead>> = {}): RunningFollower<OutcomeHead> => ({
  name: 'test',
  identity: async () => IDENTITY,
  logger: {
    error: (about: { why?: string }, message: string) => {
      if (about.why) told.push(about.why);
      else errors.push(message);
    },
    warn: () => undefined,
    info: () => undefined,
    debug: () => undefined,
  },
  ask: async () => [],
  tables: {
    begin: async (_partition, _identity, firstSeq) => {
      if (stored.fence.offset === 0 && stored.fence.seq === 1) stored.fence.seq = firstSeq;
      const parked = stored.parked.map(({ voucherId }) => voucherId);
      return { clusterId: 'cluster', topicId: stored.topicId, fence: { ...stored.fence }, parked };
    },
    write: async (_partition, from, to: ReadPosition, rows, parked = []) => {
      if (JSON.stringify(from) !== JSON.stringify(stored.fence)) return false;
      const outcomes = rows.values as OutcomeHead[];
      if (outcomes.some(({ voucherId }) => voucherId === refused))
        throw Object.assign(new Error('index row too large'), { code: '54000', failureCause: 'record' });
      stored.fence = { ...to, revision: stored.fence.revision };
      stored.parked.push(...parked);
      stored.written.push(...outcomes.map(({ seq }) => seq));
      stored.writes += 1;
      if (outcomes.length > 0) stored.parts.push(outcomes.map(({ seq }) => seq));
      stored.forgotten = outcomes[0]?.forgotten ?? stored.forgotten;
      return true;
    },
  },
  projection: {
    positions: 'positions',
    read: headOf,
    readRow: headOfRow,
    rowsBehind: () => '',
    parameters: 0,
    forgetting: { rowsBehind: () => '', parameters: 0 },
    begin: () => ({ rowsOf: (outcomes) => ({ values: [...outcomes] }) }),
  },
  ledger,
  onHole: () => (holes += 1),
  ...change,
});

/** Decides events of these vouchers. @returns their records */
const decide = (...voucherIds: string[]): IncomingRecord[] =>
  voucherIds.map((voucherId) => recordOf(voucherId, events.push(voucherId)));
function recordOf(voucherId: string, seq: number | string): IncomingRecord {
  const headers = {
    [HEADERS.type]: 'voucher.claimed.v1',
    [HEADERS.subject]: voucherId,
    [HEADERS.partition]: '3',
    [HEADERS.sequence]: String(seq),
  };
  return { offset: 0n, timestamp: 0, key: voucherId, value: null, headers };
}
/** They lie on the topic from that offset on. */
const batchOf = (records: readonly IncomingRecord[], offset = 0): RecordBatch =>
  ({
    topic: 'outcomes',
    partition: 3,
    records: records.map((record, index) => ({ ...record, offset: BigInt(offset + index) })),
  }) as unknown as RecordBatch;
const begin = (change?: Partial<RunningFollower<OutcomeHead>>) => FollowedPartition.begin(follower(change), 3);

describe('a batch', () => {
  it('is written once with its position, without what is stored or published again', async () => {
    const [one, two, three] = decide(A, B, A);
    const partition = await begin();
    await partition.follow(batchOf([one!, two!]));
    await partition.follow(batchOf([one!, two!, three!, three!], 2));
    expect(stored).toMatchObject({ written: [1, 2, 3], writes: 2, fence: { offset: 6, seq: 4 } });
    expect(holes).toBe(0);
  });

  it('that forgets a user is written in parts, the event alone', async () => {
    const records = decide(A, A, B, A, A);
    const data = { at: '2026-11-10T12:00:00.000Z', forgotten: { userId: 'ann', pseudonym: 'forgotten-1', salt: 's' } };
    records[2]!.headers[HEADERS.type] = 'voucher.user-forgotten.v1';
    Object.assign(records[2]!, { value: Buffer.from(JSON.stringify(data)) });
    await (await begin()).follow(batchOf(records));
    expect(stored).toMatchObject({ parts: [[1, 2], [3], [4, 5]], fence: { offset: 5, seq: 6 } });
    expect(stored.forgotten).toMatchObject({ userId: 'ann', pseudonym: 'forgotten-1', askers: [] });
  });

  it('whose event does not say whom to forget is written, and logged if there may be rows of before', async () => {
    const [one, two, three] = decide(A, B, A);
    const partition = await begin();
    two!.headers[HEADERS.type] = 'voucher.user-forgotten.v1';
    await partition.follow(batchOf([one!]));
    await partition.follow(batchOf([two!, three!], 1));
    expect(stored.parts).toEqual([[1], [2], [3]]);
    expect(errors).toEqual(['Kafka no longer tells whom to forget: rebuild']);
  });

  it('moves the position where it has nothing new', async () => {
    const records = decide(A);
    const partition = await begin();
    await partition.follow(batchOf(records));
    await partition.follow(batchOf(records, 1));
    expect(stored).toMatchObject({ written: [1], fence: { offset: 2, seq: 2 } });
  });

  it('never moves the position back', async () => {
    stored.fence = { offset: 50, seq: 9, revision: 2 };
    await (await begin()).follow(batchOf(decide(A), 3));
    expect(stored.fence).toEqual({ offset: 50, seq: 9, revision: 2 });
  });

  it.each<[string, number, number]>([
    ['at its begin', 1, 1],
    ['longer than one answer of the ledger', 450, 3],
    ['longer than one transaction', 2_500, 13],
  ])('with a hole is filled from the ledger: %s', async (_what, missing, asked) => {
    decide(...Array.from({ length: missing }, () => A));
    await (await begin()).follow(batchOf(decide(B)));
    expect(stored.written).toEqual(Array.from({ length: missing + 1 }, (_, index) => index + 1));
    expect([stored.fence, holes]).toEqual([{ offset: 1, seq: missing + 2, revision: 0 }, asked]);
  });

  it('passes over what is no event of the ledger, and counts it', async () => {
    const [one] = decide(A);
    const odd = [recordOf('no id', 1), recordOf(A, '__proto__'), recordOf(A, '0'), { ...one!, headers: {} }];
    await (await begin()).follow(batchOf([...odd, one!]));
    expect(stored).toMatchObject({ written: [1], fence: { offset: 5, seq: 2 } });
    expect(told).toHaveLength(4);
  });

  it('is refused where somebody else has moved the position, by no record’s fault', async () => {
    const partition = await begin();
    stored.fence = { ...stored.fence, revision: 1 };
    await expect(partition.follow(batchOf(decide(A)))).rejects.toMatchObject({ failureCause: 'infrastructure' });
    expect(stored.written).toEqual([]);
  });
});

describe('the begin', () => {
  it('halts where the tables were made from another topic', async () => {
    stored.topicId = 'another';
    await expect(begin()).rejects.toMatchObject({ name: 'Halt', message: expect.stringContaining('rebuild') });
  });

  it('without a ledger to ask is the first record that there is, and from there on no event may lack', async () => {
    events = [A, A, A];
    const [four, , six] = decide(A, A, A);
    const partition = await begin({ ledger: undefined });
    await partition.follow(batchOf([four!]));
    expect(stored).toMatchObject({ written: [4], fence: { seq: 5 } });
    await expect(partition.follow(batchOf([six!], 1))).rejects.toMatchObject({ name: 'Halt' });
  });

  it('of a stored position without an event asks the ledger for the first one', async () => {
    stored.fence = { offset: 7, seq: 0, revision: 0 };
    decide(A);
    await (await begin()).follow(batchOf(decide(A), 7));
    expect(stored.written).toEqual([1, 2]);
  });

  it('fills up to the end of a topic that keeps nothing', async () => {
    decide(...Array.from({ length: 300 }, () => A));
    const partition = await begin();
    await partition.fillToEnd(ledger, 90);
    expect([stored.written.length, stored.fence]).toEqual([300, { offset: 90, seq: 301, revision: 0 }]);
  });
});

describe('a record that fails alone', () => {
  it('parks its voucher: later events of it are left out, others go on', async () => {
    refused = A;
    const [one, ...later] = decide(A, B, A, B);
    const partition = await begin();
    await expect(partition.follow(batchOf([one!]))).rejects.toThrow('too large');
    await partition.setAside(batchOf([one!]), { reason: 'too large', attempt: 1 });
    await partition.follow(batchOf(later, 1));
    expect(stored).toMatchObject({
      parked: [{ voucherId: A, seq: 1, reason: 'too large' }],
      written: [2, 4],
      fence: { offset: 4, seq: 5 },
    });
    // Its next owner knows, too.
    await (await begin()).follow(batchOf(decide(A, B), 4));
    expect(stored.written).toEqual([2, 4, 6]);
  });

  it('by a missing event before it parks the voucher of that event', async () => {
    refused = A;
    decide(B, A);
    await (await begin()).setAside(batchOf(decide(B)), { reason: 'too large', attempt: 1 });
    expect(stored).toMatchObject({ parked: [{ voucherId: A, seq: 2 }], written: [1, 3], fence: { seq: 4 } });
  });

  it('and that names events which never were is passed over', async () => {
    const [one] = decide(A);
    const partition = await begin();
    const far = batchOf([recordOf(A, 1_000)]);
    await expect(partition.follow(far)).rejects.toThrow('the ledger does not have them');
    await partition.setAside(far, { reason: 'x', attempt: 1 });
    await partition.follow(batchOf([one!], 1));
    expect(stored).toMatchObject({ parked: [], written: [1], fence: { offset: 2, seq: 2 } });
    expect(told).toHaveLength(1);
  });
});

it('a rebuild catches up with another follower’s position, and no further', async () => {
  decide(...Array.from({ length: 9 }, () => A));
  await (await begin()).catchUp({ offset: 20, seq: 6 });
  expect(stored).toMatchObject({ written: [1, 2, 3, 4, 5], fence: { offset: 20, seq: 6 } });
});
