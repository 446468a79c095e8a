import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { eventually } from '@vouchers/testing';
import { batch, event, freshId, LOG, testStore, VOUCHER, voucherRow } from '../testing/hand-made.ts';
import { ContextReader, EventsReader, Fenced, ForeignLog, GENESIS, type ClaimRow, type Cursor } from './index.ts';

const START: Cursor = { nextOffset: 0, nextSeq: 1, epoch: 0, hash: GENESIS };

describe('the ledger store', () => {
  let context: Awaited<ReturnType<typeof testStore>>;
  beforeAll(async () => {
    context = await testStore('store');
  });
  afterAll(() => context.end());
  beforeEach(async () => {
    await context.database.pool.query(
      'TRUNCATE cursor, events, vouchers, claims, voucher_users, redemptions, checkpoints, relay, chain',
    );
    await context.store.open(3, LOG);
  });
  const count = async (table: string): Promise<number> =>
    Number((await context.database.pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]!.n);

  it('writes events, projections and the cursor together, and reads the same bytes back', async () => {
    const claim: ClaimRow = {
      claimId: freshId(),
      voucherId: VOUCHER,
      voucherVersion: 1,
      userId: 'ünïcode 用户',
      state: 'locked',
      uses: 0,
      heldAt: Date.UTC(1969, 0, 1),
      useFrom: Date.UTC(2026, 0, 1, 0, 0, 0, 1),
      useUntil: Date.UTC(9999, 11, 31),
      lockOrderId: 'o-1',
      lockUntil: Date.UTC(2026, 1, 1),
      endedBy: null,
      dueAt: Date.UTC(2026, 1, 1),
      claimedSeq: 1,
      facts: '{"user.tier":"gold"}',
      more: null,
    };
    const stored = event({ userId: claim.userId, claimId: claim.claimId, facts: '{"user.tier":"gold"}' });
    const user = { voucherId: VOUCHER, userId: claim.userId, pushed: true, claims: 2 };
    const next = await context.store.append(
      batch({ from: START, events: [stored, event()], vouchers: [voucherRow()], newClaims: [claim], newUsers: [user] }),
    );
    expect(next).toEqual({ nextOffset: 2, nextSeq: 3, epoch: 0, hash: GENESIS });
    expect(await context.store.open(3, LOG)).toEqual(next);

    const reader = new ContextReader(context.store);
    expect(await reader.claims(3, [claim.claimId, freshId()])).toEqual([claim]);
    expect(await reader.users(3, [user, { voucherId: VOUCHER, userId: 'nobody' }])).toEqual([user]);
    expect(await reader.vouchers(3, [VOUCHER])).toMatchObject([
      { free: 10, definition: '{"version":1}', firstDueAt: claim.dueAt },
    ]);
    const [first] = await new EventsReader(context.store.pools.readers).from(3, 1, 10);
    expect(first).toEqual({ ...stored, partition: 3, seq: 1, decidedAt: expect.any(Number), commitment: null });
  });

  it('does not take the last batch of a former owner for a broken chain', async () => {
    const { writers } = context.store.pools;
    const read = writers.query.bind(writers);
    let next: Cursor | undefined;
    const readThenWritten = async (...given: Parameters<typeof read>): Promise<unknown> => {
      const rows = (await read(...given)) as unknown;
      if (String(given[0]).includes('FOR UPDATE'))
        next ??= await context.store.append(batch({ from: START, events: [event()] }));
      return rows;
    };
    Object.assign(writers, { query: readThenWritten });
    try {
      await expect(context.store.open(3, LOG)).rejects.toBeInstanceOf(Fenced);
    } finally {
      Object.assign(writers, { query: read });
    }
    expect(await context.store.open(3, LOG)).toEqual(next);
  });

  it('rejects an id that is too long for an index, but accepts the longest id of release 0.1.0', async () => {
    const idOf = (characters: number): string => randomBytes(characters).toString('hex').slice(0, characters);
    const write = (userId: string): Promise<Cursor> => {
      const user = { voucherId: VOUCHER, userId, pushed: true, claims: 1 };
      return context.store.append(batch({ from: START, events: [event({ userId })], newUsers: [user] }));
    };
    await expect(write(idOf(3_000))).rejects.toMatchObject({ code: '54000' });
    const long = idOf(2_600);
    await write(long);
    const [stored] = await new EventsReader(context.store.pools.readers).from(3, 1, 10);
    expect(stored!.userId).toBe(long);
    expect(await new ContextReader(context.store).users(3, [{ voucherId: VOUCHER, userId: long }])).toHaveLength(1);
  });

  it('changes existing rows, keeps a definition if the batch has none, and moves the cursor without events', async () => {
    let cursor = await context.store.append(batch({ from: START, events: [event()], vouchers: [voucherRow()] }));
    const changed = voucherRow({ definition: null, labels: null, free: 9, headSeq: 2 });
    cursor = await context.store.append(batch({ from: cursor, nextOffset: 7, vouchers: [changed] }));
    expect(cursor).toEqual({ nextOffset: 7, nextSeq: 2, epoch: 0, hash: GENESIS });
    const [row] = await new ContextReader(context.store).vouchers(3, [VOUCHER]);
    expect(row).toMatchObject({ free: 9, headSeq: 2, definition: '{"version":1}' });
  });

  it('rejects a former owner’s batch, and writes nothing of it', async () => {
    const older = await context.store.open(3, LOG);
    await context.store.append(
      batch({ from: await context.store.open(3, LOG), events: [event()], vouchers: [voucherRow()] }),
    );
    const late = batch({
      from: older,
      events: [event()],
      vouchers: [voucherRow({ free: 1 })],
      newUsers: [{ voucherId: VOUCHER, userId: 'zombie', pushed: true, claims: 0 }],
    });
    await expect(context.store.append(late)).rejects.toThrow(Fenced);
    expect([await count('events'), await count('voucher_users')]).toEqual([1, 0]);
    expect(await new ContextReader(context.store).vouchers(3, [VOUCHER])).toMatchObject([{ free: 10 }]);
    expect(await context.store.open(3, LOG)).toEqual({ nextOffset: 1, nextSeq: 2, epoch: 0, hash: GENESIS });
  });

  it('rejects a batch of an earlier epoch, even if the epoch moves while the batch waits', async () => {
    const { pool } = context.database;
    const rebuild = await pool.connect();
    await rebuild.query('BEGIN');
    await rebuild.query('UPDATE cursor SET epoch = epoch + 1');
    const waiting = context.store.append(batch({ from: START, events: [event()], vouchers: [voucherRow()] }));
    await eventually('the batch waits', async () => {
      const { rows } = await pool.query('SELECT FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()');
      return rows.length > 0;
    });
    await rebuild.query('COMMIT');
    rebuild.release();
    await expect(waiting).rejects.toThrow(Fenced);
    expect([await count('events'), await count('vouchers')]).toEqual([0, 0]);
    const opened = await context.store.open(3, LOG);
    expect(opened).toEqual({ ...START, epoch: 1, hash: GENESIS });
    const next = await context.store.append(batch({ from: opened, events: [event()], vouchers: [voucherRow()] }));
    expect(next).toEqual({ nextOffset: 1, nextSeq: 2, epoch: 1, hash: GENESIS });
  });

  it('writes only one of several batches that wait for the cursor’s row', async () => {
    const writes = await Promise.allSettled(
      [1, 2, 3].map(() => context.store.append(batch({ from: START, events: [event()] }))),
    );
    expect(writes.map((write) => write.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await count('events')).toBe(1);
  });

  it.each([
    ['another cluster', { ...LOG, clusterId: 'other' }],
    ['a recreated topic', { ...LOG, topicId: 'other' }],
  ])('does not open a partition of %s', async (_, log) => {
    await context.store.append(batch({ from: START, nextOffset: 5 }));
    await expect(context.store.open(3, log)).rejects.toThrow(ForeignLog);
  });

  it.each([
    ['a submission decided twice', { submissionId: freshId() }],
    ['a user pushed twice', { type: 'voucher.pushed.v1' as const, submissionId: null }],
    [
      'a version read twice',
      { type: 'voucher.defined.v1' as const, submissionId: null, data: Buffer.from('{"definition":{"version":1}}') },
    ],
  ])('rejects %s, and writes nothing of that batch', async (_, same) => {
    const cursor = await context.store.append(batch({ from: START, events: [event(same)] }));
    const again = batch({ from: cursor, events: [event(), event(same)], vouchers: [voucherRow()] });
    await expect(context.store.append(again)).rejects.toMatchObject({ code: '23505' });
    expect([await count('events'), await count('vouchers')]).toEqual([1, 0]);
    expect(await context.store.open(3, LOG)).toEqual(cursor);
  });

  it('rejects fewer than 0 free units', async () => {
    const write = context.store.append(batch({ from: START, vouchers: [voucherRow({ free: -1 })] }));
    await expect(write).rejects.toMatchObject({ code: '23514' });
  });

  it.each([
    'UPDATE events SET reason = NULL',
    'DELETE FROM events',
    'TRUNCATE events',
    'DELETE FROM claims',
    'DROP TABLE events',
  ])('does not permit the ledger’s role: %s', async (statement) => {
    await context.store.append(batch({ from: START, events: [event()] }));
    await expect(context.store.pools.writers.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('gives first-due and live claims in their order', async () => {
    const claims = [3, 1, 2].map((day) => ({ ...held(), dueAt: Date.UTC(2026, 5, day) }));
    const ended: ClaimRow = { ...held(), state: 'redeemed', dueAt: null };
    await context.store.append(batch({ from: START, newClaims: [...claims, ended] }));
    const reader = new ContextReader(context.store);
    const ids = (rows: ClaimRow[]): string[] => rows.map((row) => row.claimId);
    expect(ids(await reader.firstDue(3, VOUCHER, 2))).toEqual([claims[1]!.claimId, claims[2]!.claimId]);
    expect(ids(await reader.live(3, VOUCHER, 10))).toEqual(ids(claims));
  });

  function held(): ClaimRow {
    const at = Date.UTC(2026, 0, 2);
    const lock = { lockOrderId: null, lockUntil: null, endedBy: null };
    return {
      claimId: freshId(),
      voucherId: VOUCHER,
      voucherVersion: 1,
      userId: 'u',
      state: 'held',
      uses: 0,
      heldAt: at,
      useFrom: at,
      useUntil: at,
      ...lock,
      dueAt: at,
      claimedSeq: 1,
      facts: '{}',
      more: null,
    };
  }
});
