import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { EventData, Submission } from '@vouchers/contracts';
import { chainSecret, commitmentOf, connectAudit, ForgettingStore, hashed } from '@vouchers/event-store';
import { eventually } from '@vouchers/testing';
import { audit } from '../audit/audit.ts';
import type { PartitionOwner } from '../deciding/partition.owner.ts';
import { rebuild } from '../rebuild/rebuild.ts';
import { START, TestPartition, WINDOWS } from '../../testing/partition.ts';

const USER = 'alice@example.org';
const ORDER = { id: `order of ${USER}`, amount: 500, currency: 'EUR' };
const GOLD = {
  windows: WINDOWS,
  nodes: {
    enable: { when: 'true' },
    claim: { when: 'true', perUser: 3, record: ['city'] },
    use: { when: 'user.tier == "gold"', perClaim: null, record: [] },
    terminate: { when: 'false', claims: 'honour' },
  },
};

describe('forgetting a user', () => {
  let partition: TestPartition;
  let voucherId: string;
  beforeEach(async () => {
    partition = await new TestPartition().create('forgetting');
    voucherId = partition.define(GOLD as never);
  });
  afterEach(() => partition.drop());

  /** The sentences of an audit. */
  const audited = async (): Promise<string[]> => {
    const pool = connectAudit(partition.database.url, () => undefined);
    const { faults } = await audit(pool, new Map()).finally(() => pool.end());
    return faults;
  };
  const expectSound = async (): Promise<void> => {
    expect(await audited()).toEqual([]);
    expect((await rebuild(partition.database.url)).differences).toEqual([]);
  };
  const about = (kind: Submission['kind'], claimId: string, more: object): Submission =>
    ({
      ...{ kind, voucherId, claimId, submissionId: partition.id(), at: new Date(partition.now).toISOString() },
      ...{ asker: `asker of ${USER}`, bodyHash: `body of ${USER}`, ...more },
    }) as Submission;
  const claimOf = (userId: string) => ({
    ...partition.claim(voucherId, userId),
    asker: `asker of ${userId}`,
    attributes: { tier: 'gold', city: userId === USER ? 'Bonn' : 'Kiel' },
  });
  /** All tables with the rows that contain the text. */
  const traces = async (text: string): Promise<string[]> => {
    const { rows: tables } = await partition.store.pools.writers.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const { rows } = await partition.database.pool.query<{ row: string }>(
        `SELECT t::text AS row FROM ${name} t WHERE strpos(t::text, $1) > 0`,
        [text],
      );
      found.push(...rows.map(({ row }) => `${name}: ${row}`));
    }
    return found;
  };
  const forgotten = async (): Promise<EventData['forgotten']> => {
    const events = await partition.events();
    const last = events.findLast(({ type }) => type === 'voucher.user-forgotten.v1')!;
    return (JSON.parse(last.data.toString()) as EventData).forgotten;
  };
  /** Runs until the user is forgotten and published, and the ledger has deleted the id. */
  const forgetAll = async (owner: PartitionOwner, by?: string, user = USER): Promise<void> => {
    const from = partition.records.length;
    partition.forget(user, by);
    await partition.run(owner, from);
    await eventually('the search is done', () => partition.records.length === from + 2);
    await partition.run(owner, from + 1);
    await cleaned();
  };
  const cleaned = () =>
    eventually('the id is published and deleted', async () => {
      await new ForgettingStore(partition.store).clean([0]);
      const { rows } = await partition.store.pools.writers.query('SELECT FROM forgettings');
      return rows.length === 0;
    });
  /** A user with each kind of event: a push, three claims, a lock, uses, a rollback, refusals. */
  const live = () => {
    const [held, locked, used, other] = [claimOf(USER), claimOf(USER), claimOf(USER), claimOf('bob')];
    const redemption = about('redemption', used.claimId, { redemptionId: partition.id(), order: ORDER });
    partition.submit(partition.push(voucherId, USER), held, locked, used, other, claimOf(USER));
    partition.submit(
      about('lock', locked.claimId, { userId: USER, orderId: ORDER.id, ttlSeconds: 600 }),
      redemption,
      about('redemption', used.claimId, { redemptionId: partition.id(), order: { ...ORDER, id: `2 ${ORDER.id}` } }),
      about('rollback', used.claimId, { redemptionId: (redemption as never)['redemptionId'], reason: `${USER} asked` }),
      about('revoke', other.claimId, { bodyHash: 'body', reason: 'fraud', by: { sub: USER, team: 'default' } }),
    );
    return { held, locked, used, other };
  };

  it('leaves no trace of the id, the orders and the attributes; counts, projections and other users stay', async () => {
    const { held, locked, other } = live();
    const owner = await partition.owner();
    await partition.run(owner);
    expect(partition.quarantined).toEqual([]);
    const before = await partition.types();
    expect(await traces(USER)).not.toEqual([]);
    await forgetAll(owner);

    expect(await traces(USER)).toEqual([]);
    expect(await traces('Bonn')).toEqual([]);
    expect(await partition.types()).toEqual({
      ...before,
      'voucher.unlocked.v1': 1,
      'voucher.user-forgotten.v1': 1,
    });
    const { pseudonym, events } = (await forgotten())!;
    const rows = await partition.events();
    expect(rows.filter(({ commitment }) => commitment !== null)).toHaveLength(events);
    expect(rows.find(({ claimId }) => claimId === other.claimId)!.userId).toBe('bob');
    // Followers read whom to forget.
    const [told] = partition.published.filter(({ disclosed }) => disclosed);
    expect(JSON.parse(told!.disclosed!)).toEqual({ userId: USER, salt: 'salt', askers: [`asker of ${USER}`] });
    await expectSound();

    // A claim that was held lives on: an order can use it, and the rule still finds the fact that it asks for.
    partition.now += 1_000;
    const from = partition.records.length;
    partition.submit(
      about('redemption', held.claimId, { redemptionId: partition.id(), order: { ...ORDER, id: 'till-1' } }),
      about('redemption', locked.claimId, { redemptionId: partition.id(), order: { ...ORDER, id: 'till-1' } }),
      claimOf(USER),
    );
    await partition.run(owner, from);
    const later = (await partition.events()).slice(rows.length);
    expect(later.map(({ type, userId }) => [type, userId])).toEqual([
      ['voucher.redeemed.v1', pseudonym],
      ['voucher.redeemed.v1', pseudonym],
      // The same id is a new user, who has no claims.
      ['voucher.claimed.v1', USER],
    ]);

    // When the claims are over, their facts are deleted, too. Those of a later use belong to its decision.
    partition.now = START + 2 * 86_400_000;
    partition.tick();
    await partition.run(await partition.owner(), from + 3);
    await partition.store.pools.writers.query('SELECT drop_kept_facts(ARRAY[0])');
    const { rows: facts } = await partition.store.pools.writers.query(
      `SELECT FROM events WHERE user_id = $1 AND type = 'voucher.claimed.v1' AND facts IS NOT NULL UNION ALL SELECT FROM claims WHERE user_id = $1 AND facts::text <> '{}'`,
      [pseudonym],
    );
    expect(facts).toEqual([]);
    await expectSound();
  });

  it('leaves the lock of an order call, which its call finds although the order’s id is a hash', async () => {
    const claim = claimOf(USER);
    const orderCall = '018f0000-0000-8000-8000-00000000000a';
    const reserved = { userId: USER, orderId: ORDER.id, ttlSeconds: 600, order: ORDER, orderCall };
    partition.submit(claim, about('lock', claim.claimId, reserved));
    const owner = await partition.owner();
    await partition.run(owner);
    await forgetAll(owner);
    expect(await traces(USER)).toEqual([]);
    expect(await partition.types()).not.toHaveProperty('voucher.unlocked.v1');
    await expectSound();
    const from = partition.records.length;
    const order = { ...ORDER, id: 'till-1' };
    partition.submit(about('redemption', claim.claimId, { redemptionId: partition.id(), order, orderCall }));
    await partition.run(owner, from);
    expect(await partition.types()).toMatchObject({ 'voucher.redeemed.v1': 1 });
    await expectSound();
  });

  it.each(['before-commit', 'after-commit'] as const)('goes on with the next owner after a crash %s', async (point) => {
    live();
    await partition.run(await partition.owner());
    const from = partition.records.length;
    partition.forget(USER);
    let armed = false;
    const crashing = await partition.owner({
      at: (where) => {
        if (armed && where === point) throw new Error('killed');
      },
    });
    await partition.run(crashing, from);
    await eventually('the search is done', () => partition.records.length === from + 2);
    armed = true;
    await expect(partition.run(crashing, from + 1)).rejects.toThrow('killed');
    const successor = await partition.owner();
    await partition.run(successor, from);
    await cleaned();
    expect(await traces(USER)).toEqual([]);
    expect(await partition.types()).toMatchObject({ 'voucher.unlocked.v1': 1, 'voucher.user-forgotten.v1': 1 });
    const [told] = partition.published.filter(({ disclosed }) => disclosed);
    expect(JSON.parse(told!.disclosed!)).toMatchObject({ userId: USER });
    // The owner that was killed and its successor may each have appended the record.
    await partition.run(successor, from);
    expect(await partition.types()).toMatchObject({ 'voucher.user-forgotten.v1': 1 });
  });

  it('may be asked for twice at once', async () => {
    live();
    const owner = await partition.owner();
    await partition.run(owner);
    const from = partition.records.length;
    partition.forget(USER);
    partition.forget(USER);
    await partition.run(owner, from);
    await eventually('both searches are done', () => partition.records.length === from + 4);
    await partition.run(owner, from + 2);
    await cleaned();
    expect(await traces(USER)).toEqual([]);
    expect(await forgotten()).toMatchObject({ events: 0 });
    await expectSound();
  });

  it('does no harm if it is repeated, if the user is unknown, or if users ask for themselves', async () => {
    const owner = await partition.owner();
    await partition.run(owner);
    await forgetAll(owner, USER);
    expect(await forgotten()).toMatchObject({ events: 0 });
    partition.submit(claimOf(USER));
    await partition.run(owner, 1);
    await forgetAll(owner);
    expect(await forgotten()).toMatchObject({ events: 1 });
    expect(await traces(USER)).toEqual([]);
    // The same request again, as Kafka may deliver it.
    const repeated = partition.records[1]!;
    const from = partition.records.length;
    partition.records.push({ ...repeated, offset: BigInt(from) });
    await partition.run(owner, from);
    expect(await partition.types()).toMatchObject({ 'voucher.user-forgotten.v1': 2 });
    expect(await traces(USER)).toEqual([]);
  });

  it('may forget somebody of whose events some were changed before', async () => {
    const { other } = live();
    const owner = await partition.owner();
    await partition.run(owner);
    await forgetAll(owner);
    await forgetAll(owner, 'privacy', 'bob');
    expect([...(await traces(USER)), ...(await traces('"bob"'))]).toEqual([]);
    const revoked = (await partition.events()).find(({ type }) => type === 'voucher.claim-revoked.v1')!;
    expect(revoked.claimId).toBe(other.claimId);
    expect(revoked.data.toString().match(/forgotten-/g)!.length).toBeGreaterThan(2);
    await forgetAll(owner, 'privacy', 'privacy');
    expect(await traces('privacy')).toEqual([]);
    await expectSound();
  });

  it('makes the same hashes if a restored ledger forgets again, in other batches', async () => {
    live();
    const owner = await partition.owner();
    await partition.run(owner);
    await forgetAll(owner);
    partition.submit(claimOf(USER));
    await partition.run(owner, partition.records.length - 1);
    const chained = ({ database }: TestPartition) =>
      database.pool
        .query<{ all: string }>(`SELECT string_agg(encode(hashes, 'hex'), '' ORDER BY first_seq) AS all FROM chain`)
        .then(({ rows }) => rows[0]!.all);
    const restored = await new TestPartition().create('forgetting_restored');
    try {
      const secret = await chainSecret(partition.store.pools.readers);
      await restored.database.pool.query('UPDATE chain_secret SET secret = $1', [secret]);
      restored.records.push(...partition.records);
      restored.now = partition.now + 3_600_000;
      await restored.run(await restored.owner(), 0, 3);
      expect(await chained(restored)).toBe(await chained(partition));
    } finally {
      await restored.drop();
    }
  });

  /** Moves an event from one user to another, with a commitment as if the first one had been forgotten. */
  const moved = async (from: string, to: string): Promise<void> => {
    const { pool } = partition.database;
    const secret = await chainSecret(partition.store.pools.readers);
    const event = (await partition.events()).find(
      ({ type, userId }) => type === 'voucher.claimed.v1' && userId === from,
    )!;
    await pool.query(
      `UPDATE events SET user_id = $3, data = replace(data::text, $2, $3)::json, commitment = decode($4, 'hex'),
         salt = $5 WHERE seq = $1`,
      [event.seq, from, to, commitmentOf(hashed(event, secret)), randomUUID()],
    );
    await pool.query('UPDATE claims SET user_id = $2 WHERE claim_id = $1', [event.claimId, to]);
    await pool.query(
      `UPDATE voucher_users SET user_id = $2 WHERE user_id = $1
       AND NOT EXISTS (SELECT FROM voucher_users WHERE user_id = $2)`,
      [from, to],
    );
  };

  it.each<[string, (pseudonym: string) => Promise<unknown>]>([
    ['moved to another user', () => moved('carl', 'mallory')],
    ['moved to a forgotten user', (pseudonym) => moved('carl', pseudonym)],
    [
      'moved, with a record of the forgetting that happened',
      async () => {
        await moved('carl', 'mallory');
        await partition.database.pool.query(
          `INSERT INTO forgotten_events SELECT 0, max(e.seq), max(f.forgotten_by), ''
           FROM events e, forgotten_events f WHERE e.user_id = 'mallory'`,
        );
      },
    ],
    [
      'taken from a forgotten user',
      (pseudonym) =>
        partition.database.pool.query(
          `UPDATE events SET user_id = 'mallory', data = replace(data::text, $1, 'mallory')::json WHERE user_id = $1
           AND type = 'voucher.claim-refused.v1'`,
          [pseudonym],
        ),
    ],
    [
      'without its record',
      () =>
        partition.database.pool.query(
          'DELETE FROM forgotten_events WHERE seq = (SELECT min(seq) FROM forgotten_events)',
        ),
    ],
  ])('lets an audit name a forgotten event that was %s', async (_, tamper) => {
    live();
    partition.submit(claimOf('carl'));
    const owner = await partition.owner();
    await partition.run(owner);
    await forgetAll(owner);
    expect(await audited()).toEqual([]);
    await tamper((await forgotten())!.pseudonym);
    expect((await audited()).join()).toContain('is not the event that was hashed');
  });
});
