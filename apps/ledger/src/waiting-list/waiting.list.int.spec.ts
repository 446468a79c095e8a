// Random histories of a voucher with a waiting list, through the ledger on Postgres. The domain with all knowledge says
// what must happen. The owner is replaced again and again, so that everything it knows is dropped and loaded.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Proof, Submission } from '@vouchers/contracts';
import { play, proven, randomOfHistory, SEED, type Expected, type Random } from '../../testing/histories.ts';
import { TestPartition, WINDOWS } from '../../testing/partition.ts';
import { rebuild } from '../rebuild/rebuild.ts';

const HISTORIES = 12;

const failed = ({ checks }: Proof) => checks.filter(({ passed }) => !passed).map(({ check }) => check);

describe(`the ledger with waiting lists (SEED=${SEED})`, () => {
  const partition = new TestPartition();
  const vouchers: string[] = [];
  beforeAll(() => partition.create('waiting').then(() => undefined));
  afterAll(() => partition.drop());

  const specOf = (random: Random) => ({
    quantities: { push: null, claim: 1 + random(3), redeem: null },
    windows: {
      ...WINDOWS,
      use: { afterClaim: { delay: 'PT0S', length: ['PT30M', 'PT2H', 'PT5H'][random(3)]! } },
    },
    ...(random(8) > 0 && {
      waitingList: {
        limit: random(3) === 0 ? 3 : null,
        rank: ['0', 'user.score', 'counters.joined'][random(3)]!,
        offerFor: ['PT10M', 'PT1H'][random(2)]!,
        minUse: 'PT0S',
      },
    }),
    ...(random(2) === 0 && { notices: ['PT15M', 'PT1H'] }),
    ...(random(2) === 0 && { extension: { length: 'PT1H', times: 2 } }),
  });

  function submissionOf(random: Random, voucherId: string, expected: Expected): Submission {
    const asked = { submissionId: partition.id(), voucherId, at: new Date(partition.now).toISOString() };
    const base = { ...asked, asker: 'a', bodyHash: 'b' };
    const userId = `user-${random(6)}`;
    const live = expected.inHand();
    const claim = live[random(Math.max(1, live.length))];
    const attributes = { score: random(4) };
    const kind = random(20);
    if (claim && kind < 3) return { ...base, kind: 'release', claimId: claim.claimId, userId: claim.userId };
    if (claim && kind < 5) return { ...base, kind: 'extension', claimId: claim.claimId, userId: claim.userId };
    if (claim && kind < 6) return { ...base, kind: 'revoke', claimId: claim.claimId, reason: 'fraud' };
    if (claim && kind < 7)
      return { ...base, kind: 'lock', claimId: claim.claimId, userId: claim.userId, orderId: 'o', ttlSeconds: 600 };
    if (kind < 9) return { ...base, kind: 'leave', userId };
    const offered = expected.offered()[0]?.userId ?? userId;
    if (kind < 14) return { ...base, kind: 'claim', claimId: partition.id(), userId: offered, attributes };
    return { ...base, kind: 'join', entryId: partition.id(), userId, attributes };
  }

  it('decides random histories as the domain does, and forgets everything again and again', async () => {
    const types = new Set<string>();
    for (let history = 0; history < HISTORIES; history += 1) {
      const random = randomOfHistory(history);
      const { voucherId, told, wanted } = await play(partition, random, specOf, submissionOf);
      vouchers.push(voucherId);
      for (const { type } of wanted) types.add(type);
      expect([history, told]).toEqual([history, wanted]);
    }
    expect(types.size).toBeGreaterThan(15);
  }, 120_000);

  it('has entries that follow from the events, as proof and rebuild find', async () => {
    for (const voucherId of vouchers) expect(failed(await proven(partition, voucherId))).toEqual([]);
    expect((await rebuild(partition.database.url)).differences).toEqual([]);
  }, 60_000);

  it('finds entries that do not follow from the events', async () => {
    const { pool } = partition.database;
    const { rows } = await pool.query<{ id: string }>(
      'UPDATE entries SET rank = rank + 1 WHERE entry_id = (SELECT min(entry_id::text)::uuid FROM entries) RETURNING voucher_id AS id',
    );
    expect(failed(await proven(partition, rows[0]!.id))).toEqual(['entries']);
    expect((await rebuild(partition.database.url)).differences.length).toBe(2);
    expect((await rebuild(partition.database.url)).differences).toEqual([]);
  }, 60_000);

  it('names a forgotten user nowhere', async () => {
    const { pool } = partition.database;
    // Chance decides who joined, so the user is one who did.
    const joined = await pool.query<{ user: string; entries: number }>(
      'SELECT user_id AS user, count(*)::int AS entries FROM entries GROUP BY user_id ORDER BY entries DESC LIMIT 1',
    );
    const { user, entries } = joined.rows[0]!;
    const { rows } = await pool.query<{ seq: string }>('SELECT seq FROM events WHERE user_id = $1 ORDER BY seq', [
      user,
    ]);
    expect(rows.length).toBeGreaterThan(0);
    const mentioned = JSON.stringify(rows.map(({ seq }) => ({ seq: Number(seq) })));
    await pool.query(`SELECT forget_user(0, $1, 'forgotten-1', 'salt', 1000000, $2, '{}')`, [user, mentioned]);
    const left = await pool.query(
      `SELECT user_id FROM entries WHERE user_id = $1
       UNION ALL SELECT user_id FROM events WHERE data::text LIKE '%"' || $1 || '"%' OR user_id = $1`,
      [user],
    );
    expect(left.rows).toEqual([]);
    const renamed = await pool.query("SELECT FROM entries WHERE user_id = 'forgotten-1'");
    expect(renamed.rowCount).toBe(entries);
  });

  it('of an earlier release does not store a voucher with a waiting list', async () => {
    const { pool } = partition.database;
    const insert = `INSERT INTO vouchers (partition, voucher_id, status, enabled, revoking, time, last_version, head_seq,
      head_at, counters, definition, labels)
      SELECT 7, voucher_id, status, enabled, revoking, time, last_version, head_seq, head_at, counters, $2::json, labels
      FROM vouchers WHERE voucher_id = $1`;
    const definition = (spec: object): string => JSON.stringify({ team: 't', spec });
    await expect(pool.query(insert, [vouchers[0], definition({ waitingList: {} })])).rejects.toThrow('upgrade it');
    await expect(pool.query(insert, [vouchers[0], definition({ notices: ['P1D'] })])).rejects.toMatchObject({
      code: '55000',
    });
    await pool.query(insert, [vouchers[0], definition({})]);
    await pool.query('DELETE FROM vouchers WHERE partition = 7');
  });
});
