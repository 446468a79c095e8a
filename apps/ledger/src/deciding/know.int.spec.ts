import { ContextReader } from '@vouchers/event-store';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestPartition } from '../../testing/partition.ts';
import { KnowledgeBudget } from '../knowledge/knowledge.budget.ts';
import { UsersReader } from '../knowledge/users.reader.ts';

/** More than one page, so that users are looked up one by one. */
const USERS = 30_000;
const SIZE = 60;

describe('the users of the next batch', () => {
  let partition: TestPartition;
  let voucherId: string;
  beforeEach(async () => {
    partition = await new TestPartition().create('know');
    voucherId = partition.define();
    await partition.run(await partition.owner());
    await partition.database.pool.query(
      `INSERT INTO voucher_users (partition, voucher_id, user_id, pushed, claims)
       SELECT 0, $1, 'earlier ' || number, false, 1 FROM generate_series(1, $2) AS number`,
      [voucherId, USERS],
    );
    await partition.database.pool.query(
      `UPDATE vouchers SET counters = jsonb_set(counters, '{claimed}', $1::text::jsonb)`,
      [String(USERS)],
    );
  });
  afterEach(() => partition.drop());

  it('are looked up while the present one is decided, and keep what it and the one before write', async () => {
    const reader = new ContextReader(partition.store);
    const budget = new KnowledgeBudget(100_000_000);
    const users = new UsersReader(reader, budget, (error) => void partition.failures.push(error), 1);
    const order: string[] = [];
    const asked = reader.users.bind(reader);
    reader.users = (...given) => (order.push(`${given[1].length} users`), asked(...given));
    const at = (point: string): void => void (point === 'before-commit' && order.push('a batch'));
    const owner = await partition.owner({ reader, users, at }, budget);
    const from = partition.records.length;
    // Each new user comes in two batches that follow each other, and each batch has users of earlier claims.
    for (let batch = 0; batch < 6; batch += 1) {
      for (let index = 0; index < SIZE / 2; index += 1) {
        const isNew = index >= 10;
        const userId = isNew ? `new ${batch * 10 + index}` : `earlier ${batch * 10 + index + 1}`;
        partition.submit(partition.claim(voucherId, userId), partition.push(voucherId, userId));
      }
    }
    await partition.run(owner, from, SIZE);

    expect(order).toEqual(['30 users', '20 users', 'a batch', ...repeated(4, ['20 users', 'a batch']), 'a batch']);
    const { rows } = await partition.database.pool.query<{ pushed: boolean; claims: number; count: number }>(
      `SELECT user_id LIKE 'new%' AS "isNew", pushed, claims, count(*)::int FROM voucher_users
       GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    );
    expect(rows).toEqual([
      { isNew: false, pushed: false, claims: 1, count: USERS - 60 },
      { isNew: false, pushed: true, claims: 1, count: 60 },
      { isNew: true, pushed: true, claims: 1, count: 70 },
    ]);
    expect(await partition.types()).toMatchObject({
      'voucher.claimed.v1': 70,
      'voucher.claim-refused.v1': 60 + 50,
      'voucher.pushed.v1': 130,
    });
    expect(partition.failures).toEqual([]);
  });
});

const repeated = (times: number, items: string[]): string[] => Array.from({ length: times }, () => items).flat();
