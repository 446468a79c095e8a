import { expect, it } from '@jest/globals';
import { TestPartition } from '../../testing/partition.ts';

/** More than are kept exactly, and than one page of ids. */
const USERS = 330_000;
const name = (number: number): string => `user ${String(number).padStart(6, '0')} "é"`;

it('of a voucher with more users than memory keeps, each is known, wherever he stands', async () => {
  const partition = await new TestPartition().create('loader');
  try {
    const voucherId = partition.define();
    await partition.run(await partition.owner());
    await partition.database.pool.query(
      `INSERT INTO voucher_users (partition, voucher_id, user_id, pushed, claims)
       SELECT 0, $1, 'user ' || lpad(number::text, 6, '0') || ' "é"', false, 1 FROM generate_series(1, $2) AS number`,
      [voucherId, USERS],
    );
    const told = partition.records.length;
    const known = [1, 20_001, 260_001, 280_000, 299_999, 310_000, USERS].map(name);
    const strangers = ['user', name(0), name(USERS + 1), 'zoe'];
    partition.submit(...[...known, ...strangers].map((userId) => partition.claim(voucherId, userId)));
    await partition.run(await partition.owner(), told);
    const decided = (await partition.events()).filter(({ submissionId }) => submissionId !== null);
    expect(decided.map(({ reason }) => reason)).toEqual([
      ...known.map(() => 'per-user-limit'),
      ...strangers.map(() => null),
    ]);
  } finally {
    await partition.drop();
  }
}, 60_000);
