import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Submission } from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import { TestPartition } from '../../testing/partition.ts';
import { rebuild } from './rebuild.ts';

let partition: TestPartition;
beforeAll(async () => {
  partition = await new TestPartition().create('rebuild');
  const nodes = {
    enable: { when: 'true' },
    claim: { when: 'user.tier == "gold"', perUser: 1 },
    use: { when: 'true', perClaim: 1 },
    terminate: { when: 'false', claims: 'honour' as const },
  };
  const voucherId = partition.define({ nodes, quantities: { push: 20, claim: 30, redeem: null } });
  const asked = () => ({
    submissionId: partition.id(),
    at: new Date(partition.now).toISOString(),
    asker: 'a',
    bodyHash: 'b',
    voucherId,
  });
  for (let user = 0; user < 40; user += 1) {
    const userId = `user-${user}`;
    const claim = { ...partition.claim(voucherId, userId), attributes: { tier: user % 10 === 9 ? 'none' : 'gold' } };
    const { claimId } = claim;
    const redemptionId = partition.id();
    const order = { id: `o-${user}`, amount: 5, currency: 'CNY' };
    const then: Submission[] = [
      { kind: 'lock', ...asked(), claimId, userId, orderId: order.id, ttlSeconds: 60 },
      { kind: 'redemption', ...asked(), claimId, redemptionId, order },
      { kind: 'rollback', ...asked(), claimId, redemptionId, reason: 'returned' },
      { kind: 'release', ...asked(), claimId, userId },
    ];
    partition.submit(partition.push(voucherId, userId), claim, ...then.slice(0, user % 5));
  }
  await partition.run(await partition.owner(), 0, 17);
});
afterAll(() => partition.drop());

it('makes the rows that the ledger wrote and changes none of them', async () => {
  const before = await partition.database.pool.query('SELECT * FROM claims ORDER BY claim_id');
  expect(before.rows.length).toBeGreaterThan(20);
  const { events, differences } = await rebuild(partition.database.url);
  expect(differences).toEqual([]);
  expect(events).toBe((await partition.events()).length);
  const after = await partition.database.pool.query('SELECT * FROM claims ORDER BY claim_id');
  expect(after.rows).toEqual(before.rows);
});

it('keeps the counts of refused pushes, which have no events', async () => {
  const counted = 'SELECT reason, count FROM refused_pushes';
  expect((await partition.database.pool.query(counted)).rows).toEqual([
    { reason: 'push-quantity-reached', count: '20' },
  ]);
  await partition.database.pool.query('UPDATE vouchers SET free = free + 1');
  expect((await rebuild(partition.database.url)).differences).not.toEqual([]);
  expect((await partition.database.pool.query(counted)).rows).toEqual([
    { reason: 'push-quantity-reached', count: '20' },
  ]);
});

it.each([
  ['vouchers', 'UPDATE vouchers SET free = free + 1'],
  ['claims', 'UPDATE claims SET uses = 7 WHERE claim_id = (SELECT min(claim_id::text)::uuid FROM claims)'],
  ['voucher_users', "DELETE FROM voucher_users WHERE user_id = 'user-3'"],
  ['redemptions', "UPDATE redemptions SET user_id = 'mallory'"],
])('reports the rows of %s that differ and corrects them', async (table, tamper) => {
  await partition.database.pool.query(tamper);
  const { differences } = await rebuild(partition.database.url);
  expect(differences.length).toBeGreaterThan(0);
  expect(differences.every((line) => line.startsWith(`${table}, partition 0, only `))).toBe(true);
  expect((await rebuild(partition.database.url)).differences).toEqual([]);
});

const tampers = [
  'UPDATE vouchers SET last_version = last_version + 1',
  "UPDATE claims SET uses = uses + 1 WHERE user_id LIKE '%1'",
  "DELETE FROM claims WHERE user_id LIKE '%2'",
  "UPDATE voucher_users SET claims = claims + 1 WHERE user_id LIKE '%3'",
  `INSERT INTO voucher_users SELECT partition, voucher_id, 'zz' || user_id, pushed, claims FROM voucher_users`,
  'DELETE FROM redemptions',
];
it.each([1, 2, 3, 7, 1_000])('finds all differences in slices of %i rows', async (slice) => {
  const { pool } = partition.database;
  const tables = async () =>
    Promise.all(
      [
        'voucher_id FROM vouchers',
        'claim_id FROM claims',
        'user_id FROM voucher_users',
        'redemption_id FROM redemptions',
      ]
        .map((from) => from.split(' FROM ') as [string, string])
        .map(
          async ([key, table]) =>
            (await pool.query(`SELECT to_jsonb(t) - 'wake_at' FROM ${table} t ORDER BY ${key}`)).rows,
        ),
    );
  const before = await tables();
  for (const tamper of tampers) await pool.query(tamper);
  expect((await rebuild(partition.database.url, slice)).differences.length).toBeGreaterThan(40);
  expect(await tables()).toEqual(before);
});

it('does not wait for the cursor if nothing differs', async () => {
  const owner = await partition.database.pool.connect();
  await owner.query('BEGIN');
  await owner.query('SELECT FROM cursor FOR UPDATE');
  expect((await rebuild(partition.database.url)).differences).toEqual([]);
  await owner.query('COMMIT');
  owner.release();
});

it('deletes the checkpoints of a voucher that differed', async () => {
  const { pool } = partition.database;
  await pool.query(`INSERT INTO checkpoints SELECT partition, voucher_id, head_seq, '{}' FROM vouchers`);
  await pool.query('UPDATE vouchers SET free = free + 1');
  await rebuild(partition.database.url);
  expect((await pool.query('SELECT FROM checkpoints')).rowCount).toBe(0);
});

it('runs once at a time, and also after a rebuild that crashed', async () => {
  const { pool, url } = partition.database;
  const other = await pool.connect();
  await other.query('SELECT pg_advisory_lock(1919246965)');
  await expect(rebuild(url)).rejects.toThrow('another rebuild runs on this database');
  await other.query('CREATE SCHEMA rebuild; CREATE TABLE rebuild.vouchers (left_behind int)');
  other.release(true);
  expect(await eventually('the crashed one is gone', () => rebuild(url).catch(() => undefined))).toMatchObject({
    differences: [],
  });
  expect((await pool.query("SELECT FROM pg_namespace WHERE nspname = 'rebuild'")).rowCount).toBe(0);
});
