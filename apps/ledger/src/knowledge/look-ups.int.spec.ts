import { ContextReader, type Queries } from '@vouchers/event-store';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { TestPartition } from '../../testing/partition.ts';

const ROWS = 3_000;
const ASKED = 100;
const VOUCHER = '0190b6a0-0000-7000-8000-000000000001';
const pairs = Array.from({ length: ASKED }, (_, n) => ({ voucherId: VOUCHER, userId: `user ${n + 1}` }));

/** A new installation has no statistics until the first autovacuum: a plan by guesses may read all rows for each pair. */
describe('a look-up in tables without statistics', () => {
  let partition: TestPartition;
  let client: pg.PoolClient;
  beforeEach(async () => {
    partition = await new TestPartition().create('lookups');
    client = await partition.database.pool.connect();
    await client.query('BEGIN'); // nobody analyses rows that are not committed
  });
  afterEach(async () => {
    await client.query('ROLLBACK');
    client.release();
    await partition.drop();
  });

  const rowsRead = async (table: string): Promise<number> => {
    const { rows } = await client.query<{ read: number }>(
      `SELECT (idx_tup_fetch + seq_tup_read)::int AS read FROM pg_stat_xact_user_tables WHERE relname = $1`,
      [table],
    );
    return rows[0]!.read;
  };

  it.each([
    [
      'voucher_users',
      `INSERT INTO voucher_users (partition, voucher_id, user_id, pushed, claims)
       SELECT 0, $1, 'user ' || n, false, 1 FROM generate_series(1, $2) AS n`,
      (reader: ContextReader) => reader.users(0, pairs),
    ],
    [
      'entries',
      `INSERT INTO entries (partition, entry_id, voucher_id, voucher_version, user_id, state, rank, number, joined_at,
         joined_seq)
       SELECT 0, gen_random_uuid(), $1, 1, 'user ' || n, 'waiting', 0, n, now(), n FROM generate_series(1, $2) AS n`,
      (reader: ContextReader) => reader.liveEntries(0, pairs),
    ],
  ])('of %s reads the rows that it gives', async (table, insert, read) => {
    await client.query(insert, [VOUCHER, ROWS]);
    const before = await rowsRead(table);
    const readers: Queries = client;
    expect(await read(new ContextReader({ pools: { readers } }))).toHaveLength(ASKED);
    expect((await rowsRead(table)) - before).toBe(ASKED);
  });
});
