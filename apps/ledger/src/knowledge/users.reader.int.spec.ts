import { ContextReader } from '@vouchers/event-store';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestPartition } from '../../testing/partition.ts';
import { KnowledgeBudget } from './knowledge.budget.ts';
import { UsersReader } from './users.reader.ts';

/** More than one page of users and one page of ids. */
const USERS = 130_000;
const name = (number: number): string => `user ${String(number).padStart(6, '0')} "é"`;
const known = [1, 20_001, 60_001, 80_000, 99_999, 110_000, USERS].map(name);
const strangers = ['user', name(0), name(USERS + 1), 'zoe'];

describe('the users of a voucher with many users', () => {
  let partition: TestPartition;
  let voucherId: string;
  beforeEach(async () => {
    partition = await new TestPartition().create('users');
    voucherId = partition.define();
    await partition.run(await partition.owner());
    await partition.database.pool.query(
      `INSERT INTO voucher_users (partition, voucher_id, user_id, pushed, claims)
       SELECT 0, $1, 'user ' || lpad(number::text, 6, '0') || ' "é"', false, 1 FROM generate_series(1, $2) AS number`,
      [voucherId, USERS],
    );
    await partition.database.pool.query(
      `UPDATE vouchers SET counters = jsonb_set(counters, '{claimed}', $1::text::jsonb)`,
      [String(USERS)],
    );
  });
  afterEach(() => partition.drop());

  /** A new owner decides claims of known users and of strangers, and then again claims of the known users. */
  async function decide(bytes: number, usersPerLookUp = USERS): Promise<{ reads: number }> {
    const budget = new KnowledgeBudget(bytes);
    const reader = new ContextReader(partition.store);
    const users = new UsersReader(reader, budget, (error) => void partition.failures.push(error), usersPerLookUp);
    const owner = await partition.owner({ users, reader }, budget);
    const claim = (ids: readonly string[]): void =>
      partition.submit(...ids.map((userId) => partition.claim(voucherId, userId)));
    let told = partition.records.length;
    claim([...known, ...strangers]);
    await partition.run(owner, told);
    await users.settled();
    const asked = reader.users.bind(reader);
    let reads = 0;
    reader.users = (...given) => ((reads += given[1].length), asked(...given));
    told = partition.records.length;
    claim([...known, ...strangers, 'yet another', 'and one more']);
    await partition.run(owner, told);
    return { reads };
  }

  const reasons = async (): Promise<(string | null)[]> =>
    (await partition.events()).filter(({ submissionId }) => submissionId !== null).map(({ reason }) => reason);
  const refused = (users: readonly string[]): string[] => users.map(() => 'per-user-limit');
  const granted = (users: readonly string[]): null[] => users.map(() => null);

  it.each([
    ['all are kept', 100_000_000, 0],
    ['their ids are kept as a filter', 5_000_000, 0],
    ['neither fits, so each user is looked up', 100_000, 2],
  ])('are all known: %s', async (_what, bytes, unknown) => {
    const { reads } = await decide(bytes);
    expect(await reasons()).toEqual([
      ...refused(known),
      ...granted(strangers),
      ...refused([...known, ...strangers]),
      ...granted(['yet another', 'and one more']),
    ]);
    expect(reads).toBe(unknown);
    expect(partition.failures).toEqual([]);
  });

  it.each([
    ['not read while few were looked up', 1_000, 2],
    ['read once many were looked up', USERS / 10, 0],
  ])('are %s', async (_what, usersPerLookUp, unknown) => {
    expect(await decide(100_000_000, usersPerLookUp)).toEqual({ reads: unknown });
  });
});
