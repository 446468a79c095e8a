import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { SPEC_DEFAULTS, type VoucherSpec } from '@vouchers/contracts';
import { chainEnd, chainSecret, GENESIS, hashed, hashOf } from '@vouchers/event-store';
import { Halt } from '@vouchers/messaging';
import { START, TestPartition } from '../../testing/partition.ts';

interface ChainRow {
  first: number;
  hashes: string;
  later: boolean;
}

const { nodes } = SPEC_DEFAULTS as unknown as VoucherSpec;

describe('the chain of a partition', () => {
  let partition: TestPartition;
  beforeEach(async () => {
    partition = await new TestPartition().create('chain');
    const voucherId = partition.define({ quantities: { push: null, claim: 30, redeem: null } });
    // Some edges are of an earlier release, which sends no salt.
    const claims = Array.from({ length: 40 }, (_, index) => ({
      ...partition.claim(voucherId, `user-${index}`),
      ...(index % 2 === 0 && { salt: randomUUID() }),
    }));
    const [{ claimId, userId }] = claims as [(typeof claims)[number]];
    partition.submit({ ...partition.push(voucherId, 'user-0'), salt: randomUUID() }, ...claims);
    const asked = { voucherId, claimId, userId, at: new Date(START).toISOString(), asker: 'a', bodyHash: 'b' };
    partition.submit({ kind: 'lock', submissionId: partition.id(), ...asked, orderId: 'o-1', ttlSeconds: 60 });
    const by = { sub: 'staff', team: 'default' };
    partition.submit({ kind: 'revoke', submissionId: partition.id(), ...asked, reason: 'words', by });
    partition.now += 1_000_000;
    partition.define(
      { nodes: { ...nodes, terminate: { ...nodes.terminate, claims: 'revoke' } } },
      { voucherId, version: 2, intent: 'terminated' },
    );
  });
  afterEach(() => partition.drop());

  async function rows({ store } = partition): Promise<ChainRow[]> {
    const text = `SELECT first_seq::int AS first, encode(hashes, 'hex') AS hashes, added_later AS later
      FROM chain ORDER BY first_seq`;
    return (await store.pools.readers.query<ChainRow>(text)).rows;
  }
  const hashes = async (of = partition): Promise<string> => (await rows(of)).map((row) => row.hashes).join('');
  /** The hashes that follow from the stored rows. */
  async function recomputed(): Promise<string> {
    const secret = await chainSecret(partition.store.pools.readers);
    let hash = GENESIS;
    const all = (await partition.events()).map((stored) => (hash = hashOf(hash, hashed(stored, secret))));
    return all.join('');
  }

  it('has the hash of each event, in one row per batch, and each follows from the stored row', async () => {
    await partition.run(await partition.owner(), 0, 10);
    const [chained, events] = [await rows(), await partition.events()];
    expect(chained.map(({ first }) => first)).toEqual([1, 12, 22, 32, 42, 47]);
    expect(chained.map(({ later }) => later)).not.toContain(true);
    expect(await hashes()).toBe(await recomputed());
    expect(await chainEnd(partition.store.pools.readers, 0)).toMatchObject({ seq: events.length });
    expect(events.filter(({ submissionId, salt }) => (submissionId === null) !== (salt === null))).toEqual([]);
  });

  it('is the same if a restored ledger decides the same records later, in other batches', async () => {
    await partition.run(await partition.owner(), 0, 10);
    const restored = await new TestPartition().create('chain_restored');
    try {
      const secret = await chainSecret(partition.store.pools.readers);
      await restored.database.pool.query('UPDATE chain_secret SET secret = $1', [secret]);
      restored.records.push(...partition.records);
      restored.now = partition.now + 3_600_000;
      await restored.run(await restored.owner(), 0, 7);
      expect(await hashes(restored)).toBe(await hashes());
    } finally {
      await restored.drop();
    }
  });

  it('is continued over events that an older release wrote, after it gave them the same hashes', async () => {
    await partition.run(await partition.owner(), 0, 10);
    const before = await hashes();
    await partition.database.pool.query('DELETE FROM chain WHERE first_seq > 12');
    // The submissions of these brought no salt.
    await partition.database.pool.query('UPDATE events SET salt = NULL WHERE seq BETWEEN 31 AND 43 AND seq % 2 = 1');
    const next = await partition.owner();
    expect(await rows()).toMatchObject([{ later: false }, { later: false }, { first: 22, later: true }]);
    expect(await hashes()).toBe(before);
    partition.define();
    await partition.run(next);
    expect(await hashes()).toBe(await recomputed());
  });

  it.each([
    [
      'an event is missing',
      'DELETE FROM chain WHERE first_seq > 12; DELETE FROM events WHERE seq = 23',
      '0:23 is missing',
    ],
    ['the end was cut off', 'UPDATE cursor SET next_seq = 40; DELETE FROM events WHERE seq >= 40', 'only before 40'],
  ])('halts the partition if %s', async (_, tampering, told) => {
    await partition.run(await partition.owner(), 0, 10);
    await partition.database.pool.query(tampering);
    const opened = partition.owner();
    await expect(opened).rejects.toThrow(Halt);
    await expect(opened).rejects.toThrow(told);
  });
});
