// Tests that checkpoints are made and thinned out, and that answers about the past stay the same.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Counters, CounterValues, Proof } from '@vouchers/contracts';
import { FIRST_CHECKPOINT, thinCheckpoints, type CheckpointPlace } from '@vouchers/event-store';
import { metrics } from '@vouchers/service';
import { RunningLedger } from '../../testing/running-ledger.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { CheckpointsThinning } from './checkpoints.thinning.ts';
import { Replaying } from './replays.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CLAIMS = 60;
/** Noon of the present day in UTC. From there, ages in whole days have the expected date. */
const NOON = Math.floor(Date.now() / DAY) * DAY + DAY / 2;

/** The age of each checkpoint, oldest first. Unit: hours before noon. */
const AGES = [
  ...[400, 399].map((days) => days * 24),
  ...[200.1, 200, 199.9].map((days) => days * 24),
  ...[60 * 24 + 4, 60 * 24 + 3, 60 * 24, 59 * 24],
  ...[3 * 24 + 11, 3 * 24 + 1, 2 * 24 + 5, 2 * 24],
  ...[11, 10, 9, 1],
];

describe('checkpoints', () => {
  let ledger: RunningLedger;
  let voucherId: string;
  let partition: number;
  let seqs: number[];

  beforeAll(async () => {
    ledger = await new RunningLedger().start();
    voucherId = await ledger.define({ quantities: { push: null, claim: 50, redeem: null } });
    partition = ledger.partitionOf(voucherId);
    const claims = Array.from({ length: CLAIMS }, (_, index) => ledger.claim(voucherId, `user-${index}`));
    await ledger.submit(...claims);
    await ledger.decided(...claims);
    seqs = ledger
      .of(voucherId)
      .map(({ seq }) => seq)
      .filter((_, index) => index >= 10)
      .filter((_, index) => index % 3 === 0);
    const { historyPool } = ledger.app.get(LedgerConnections);
    const budget = { spend: () => undefined, pause: () => undefined };
    for (const [index, age] of AGES.entries()) {
      const seq = seqs[index]!;
      const state = await new Replaying(historyPool, { partition, voucherId }, budget as never).stateAt(seq, true);
      await ledger.pool.query('INSERT INTO checkpoints VALUES ($1, $2, $3, $4)', [
        partition,
        voucherId,
        seq,
        JSON.stringify(state),
      ]);
      await ledger.pool.query('UPDATE events SET decided_at = $3 WHERE partition = $1 AND seq = $2', [
        partition,
        seq,
        new Date(NOON - age * HOUR).toISOString(),
      ]);
    }
  }, 60_000);
  afterAll(() => ledger?.stop());

  const kept = async (): Promise<number[]> => {
    const { rows } = await ledger.pool.query<{ seq: string }>('SELECT seq FROM checkpoints ORDER BY seq');
    return rows.map(({ seq }) => AGES[seqs.indexOf(Number(seq))]!);
  };

  async function told(): Promise<unknown> {
    const path = `/v1/vouchers/${voucherId}`;
    const times = ledger.of(voucherId).map(({ data }) => data.at);
    const [from, to] = [times[0]!, new Date(Date.parse(times.at(-1)!) + 1_000).toISOString()];
    const series = await ledger.get<{ items: CounterValues[] }>(
      `${path}/counters/series?from=${from}&to=${to}&step=PT0.05S`,
    );
    const moments = [];
    for (const at of [...new Set(times)]) {
      moments.push((await ledger.get<Counters>(`${path}/counters?at=${at}`)).body);
      // The proof of a past moment goes on to the next checkpoint, which may be another one afterwards.
      const { replayed: _, ...proof } = (await ledger.get<Proof>(`${path}/proof?at=${at}`)).body;
      moments.push(proof);
    }
    const proofs = [await ledger.get<Proof>(`${path}/proof`), await ledger.get<Proof>(`${path}/proof?full=true`)];
    expect(proofs.map(({ body }) => body.holds)).toEqual([true, true]);
    return { series: series.body.items, moments, proofs };
  }

  async function inSlicesOf(rows: number): Promise<void> {
    const { historyPool } = ledger.app.get(LedgerConnections);
    for (let after: CheckpointPlace | undefined = FIRST_CHECKPOINT; after;)
      after = await thinCheckpoints(historyPool, after, rows);
  }

  it('thin out to all of the last day, one per day of the last quarter, and one per month before', async () => {
    const before = await told();
    const thinning = ledger.app.get(CheckpointsThinning);
    await Promise.all([inSlicesOf(3), inSlicesOf(4)]);
    const left = await kept();
    const now = (Date.now() - NOON) / HOUR;
    const expected = AGES.filter((age, index) => {
      if (age + now < 24) return true;
      const unit = age + now > 90 * 24 ? 7 : 10;
      const name = (one: number): string => new Date(NOON - one * HOUR).toISOString().slice(0, unit);
      return index === 0 || name(AGES[index - 1]!) !== name(age);
    });
    expect(left).toEqual(expected);
    expect(left.length).toBeLessThan(AGES.length - 4);
    await thinning.thin();
    expect(await kept()).toEqual(expected);
    expect(await told()).toEqual(before);
    const since = await metrics.getSingleMetric('ledger_checkpoints_unthinned_seconds')!.get();
    expect(since.values).toHaveLength(1);
  }, 60_000);

  it('are the only history that the ledger may delete', async () => {
    const { historyPool } = ledger.app.get(LedgerConnections);
    for (const table of ['events', 'cursor', 'vouchers', 'claims', 'voucher_users', 'redemptions', 'relay'])
      await expect(historyPool.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
  });
});
