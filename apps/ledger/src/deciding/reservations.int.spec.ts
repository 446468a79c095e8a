// Random histories with locks of order calls and budgets, through the ledger on Postgres. The owner is replaced again and
// again, so that claims and what they reserve are loaded from their rows.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Amounts, Proof, Submission, VoucherSpec } from '@vouchers/contracts';
import { storedCounts, withMoney, type ClaimRecord, type VoucherState } from '@vouchers/voucher';
import { play, proven, randomOfHistory, SEED, type Expected, type Random } from '../../testing/histories.ts';
import { TestPartition, WINDOWS } from '../../testing/partition.ts';
import { CountersReader } from '../counters/counters.reader.ts';
import { rebuild } from '../rebuild/rebuild.ts';

const HISTORIES = 12;
const CALLS = ['018f0000-0000-8000-8000-00000000000a', '018f0000-0000-8000-8000-00000000000b'];
const ORDER = { id: 'o', amount: 5_000, currency: 'EUR', items: [{ sku: 'A-1', quantity: 1, amount: 5_000 }] };
const failed = ({ checks }: Proof) => checks.filter(({ passed }) => !passed).map(({ check }) => check);

describe(`the ledger with locks of order calls (SEED=${SEED})`, () => {
  const partition = new TestPartition();
  const vouchers: string[] = [];
  beforeAll(() => partition.create('reservations').then(() => undefined));
  afterAll(() => partition.drop());

  const specOf = (random: Random): Partial<VoucherSpec> => ({
    labels: { campaign: '26' },
    benefit: { type: 'amount-off', amount: 1_000, currency: 'EUR' },
    quantities: {
      push: null,
      claim: 8,
      redeem: [null, 3, 5][random(3)]!,
      ...(random(3) > 0 && { budget: { amount: 1_000 * (2 + random(4)), currency: 'EUR' } }),
    },
    windows: { ...WINDOWS, use: { afterClaim: { delay: 'PT0S', length: ['PT30M', 'PT2H', 'PT5H'][random(3)]! } } },
    nodes: {
      enable: { when: 'true' },
      claim: { when: 'true', perUser: null },
      use: { when: 'true', perClaim: [1, 2, null][random(3)]! },
      terminate: { when: 'false', claims: 'revoke' },
    },
    ...(random(3) === 0 && { combine: { group: 'a', with: 'any', perOrder: 1, priority: 0 } }),
  });

  function submissionOf(random: Random, voucherId: string, expected: Expected): Submission {
    const at = new Date(partition.now).toISOString();
    const base = { submissionId: partition.id(), voucherId, at, asker: 'a', bodyHash: 'b' };
    const userId = `user-${random(3)}`;
    const live = expected.inHand();
    const claim: ClaimRecord | undefined = live[random(Math.max(1, live.length))];
    const kind = random(20);
    const rolledBack = [...expected.redemptions.values()][random(Math.max(1, expected.redemptions.size))];
    if (rolledBack && kind < 2) {
      const { redemptionId, claimId } = rolledBack;
      return { ...base, kind: 'rollback', redemptionId, claimId, reason: 'r', ...(random(2) === 0 && { hold: true }) };
    }
    if (!claim || kind < 7) return { ...base, kind: 'claim', claimId: partition.id(), userId, attributes: {} };
    const about = { ...base, claimId: claim.claimId };
    const orderCall = claim.lock?.reservation?.orderCall ?? CALLS[random(2)]!;
    const money = { amount: [500, 1_000][random(2)]!, currency: 'EUR', version: 1 };
    const kept = claim.lock?.reservation?.discount ?? money;
    const lock = { ...about, kind: 'lock' as const, userId: claim.userId, orderId: ORDER.id };
    if (kind < 8) return { ...lock, ttlSeconds: 3_600 };
    if (kind < 12) return { ...lock, ttlSeconds: 900, order: ORDER, discount: money, orderCall };
    if (kind < 14) return { ...about, kind: 'unlock', userId: claim.userId, orderId: ORDER.id, orderCall };
    if (kind < 15) return { ...about, kind: 'release', userId: claim.userId };
    const discount = { ...money, ...kept, lines: [{ sku: 'A-1', amount: kept.amount }] };
    return { ...about, kind: 'redemption', redemptionId: partition.id(), order: ORDER, orderCall, discount };
  }

  it('decides random histories as the domain does, and forgets everything again and again', async () => {
    let reserved = 0;
    for (let history = 0; history < HISTORIES; history += 1) {
      const intents = history % 3 === 0 ? (['terminated', 'published'] as const) : (['published'] as const);
      const { voucherId, told, wanted, expected } = await play(
        partition,
        randomOfHistory(history),
        specOf,
        submissionOf,
        intents,
      );
      vouchers.push(voucherId);
      reserved += expected.events.filter(({ endedReservation }) => endedReservation).length;
      expect([history, told]).toEqual([history, wanted]);
      const counters = await countersOf(voucherId);
      expect([history, counters.reserved, counters.discounted]).toEqual([
        history,
        expected.voucher!.counters.reserved,
        expected.voucher!.counters.discounted,
      ]);
    }
    expect(reserved).toBeGreaterThan(10);
  }, 120_000);

  async function countersOf(voucherId: string): Promise<VoucherState['counters']> {
    const { rows } = await partition.database.pool.query<{ counters: VoucherState['counters'] }>(
      'SELECT counters FROM vouchers WHERE voucher_id = $1',
      [voucherId],
    );
    return storedCounts(rows[0]!.counters);
  }

  it('sums what was taken off and what is reserved by label', async () => {
    const connections = { historyPool: partition.store.pools.readers } as never;
    const sums = await new CountersReader(connections, undefined as never).labelled('campaign', '26');
    // The ticks of later histories may have ended locks of earlier ones.
    const all = await Promise.all(vouchers.map(countersOf));
    const money = (of: (counts: VoucherState['counters']) => Amounts) =>
      all.reduce<Amounts>((sum, counts) => withMoney(sum, { amount: of(counts)['EUR'] ?? 0, currency: 'EUR' }, 1), {});
    expect(sums.discounted).toEqual(money(({ discounted }) => discounted));
    expect(sums.reserved).toEqual({
      uses: all.reduce((sum, { reserved }) => sum + reserved.uses, 0),
      discount: money(({ reserved }) => reserved.discount),
    });
    expect(sums.discounted['EUR']).toBeGreaterThan(0);
    expect((await new CountersReader(connections, undefined as never).labelled('campaign', '27')).reserved).toEqual({
      uses: 0,
      discount: {},
    });
  });

  it('has claims, discounts and counters that follow from the events, as proof and rebuild find', async () => {
    for (const voucherId of vouchers) expect(failed(await proven(partition, voucherId))).toEqual([]);
    expect((await rebuild(partition.database.url)).differences).toEqual([]);
  }, 60_000);

  it.each([
    [
      'redemptions',
      `UPDATE redemptions SET discount = '{"amount":1,"currency":"EUR","lines":[]}'`,
      'discount IS NOT NULL',
    ],
    [
      'counters',
      `UPDATE vouchers SET counters = jsonb_set(counters, '{discounted}', '{"EUR":1}')`,
      `counters ? 'discounted'`,
    ],
  ])(
    'finds altered %s',
    async (check, update, where) => {
      const { pool } = partition.database;
      const table = check === 'counters' ? 'vouchers' : check;
      const key = check === 'counters' ? 'voucher_id' : 'redemption_id';
      const { rows } = await pool.query<{ id: string }>(
        `${update} WHERE ${key} = (SELECT min(${key}::text)::uuid FROM ${table} WHERE ${where}) RETURNING voucher_id AS id`,
      );
      expect(failed(await proven(partition, rows[0]!.id))).toEqual([check]);
      expect((await rebuild(partition.database.url)).differences).toHaveLength(2);
      expect(failed(await proven(partition, rows[0]!.id))).toEqual([]);
    },
    60_000,
  );

  it('of an earlier release does not store a voucher with a combination or a budget', async () => {
    const { pool } = partition.database;
    const insert = `INSERT INTO vouchers (partition, voucher_id, status, enabled, revoking, time, last_version, head_seq,
      head_at, counters, definition, labels)
      SELECT 7, voucher_id, status, enabled, revoking, time, last_version, head_seq, head_at, counters, $2::json, labels
      FROM vouchers WHERE voucher_id = $1`;
    for (const spec of [{ combine: {} }, { quantities: { budget: { amount: 1, currency: 'EUR' } } }])
      await expect(pool.query(insert, [vouchers[0], JSON.stringify({ spec })])).rejects.toThrow('upgrade it');
    await pool.query(insert, [vouchers[0], JSON.stringify({ spec: { quantities: { claim: 1 } } })]);
    await pool.query('DELETE FROM vouchers WHERE partition = 7');
  });
});
