import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Submission } from '@vouchers/contracts';
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
  const voucherId = partition.define({ nodes, quantities: { push: null, claim: 30, redeem: null } });
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

it('makes from the events what the ledger wrote, and leaves it in its place', async () => {
  const before = await partition.database.pool.query('SELECT * FROM claims ORDER BY claim_id');
  expect(before.rows.length).toBeGreaterThan(20);
  const { events, differences } = await rebuild(partition.database.url);
  expect(differences).toEqual([]);
  expect(events).toBe((await partition.events()).length);
  const after = await partition.database.pool.query('SELECT * FROM claims ORDER BY claim_id');
  expect(after.rows).toEqual(before.rows);
});

it.each([
  ['vouchers', 'UPDATE vouchers SET free = free + 1'],
  ['claims', 'UPDATE claims SET uses = 7 WHERE claim_id = (SELECT min(claim_id::text)::uuid FROM claims)'],
  ['voucher_users', "DELETE FROM voucher_users WHERE user_id = 'user-3'"],
  ['redemptions', "UPDATE redemptions SET user_id = 'mallory'"],
])('says which rows of %s differ, and puts them right', async (table, tamper) => {
  await partition.database.pool.query(tamper);
  const { differences } = await rebuild(partition.database.url);
  expect(differences.length).toBeGreaterThan(0);
  expect(differences.every((line) => line.startsWith(`${table}, partition 0, only `))).toBe(true);
  expect((await rebuild(partition.database.url)).differences).toEqual([]);
});
