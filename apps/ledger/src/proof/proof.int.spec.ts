// Tests that a proof sees what the counters hide, and that it compares with what is stored.
import { afterAll, beforeAll, afterEach, describe, expect, it } from '@jest/globals';
import { SPEC_DEFAULTS, type Proof, type VoucherSpec } from '@vouchers/contracts';
import { START, TestPartition } from '../../testing/partition.ts';
import { Replaying } from '../history/replays.ts';

const { nodes } = SPEC_DEFAULTS as unknown as VoucherSpec;

describe('a proof', () => {
  let partition: TestPartition;
  let voucherId: string;

  beforeAll(async () => {
    partition = await new TestPartition().create('proof');
    voucherId = partition.define({
      quantities: { push: null, claim: 9, redeem: null },
      nodes: { ...nodes, claim: { ...nodes.claim, perUser: 2 } },
    });
    for (let index = 0; index < 9; index += 1) {
      partition.now += 60_000;
      partition.submit(partition.claim(voucherId, index === 1 ? 'user-0' : `user-${index}`));
    }
    await partition.run(await partition.owner());
    for (const table of ['events', 'vouchers'])
      await partition.database.pool.query(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
  });
  afterAll(() => partition.drop());
  afterEach(() =>
    partition.database.pool.query(
      `TRUNCATE events, vouchers, checkpoints; INSERT INTO events SELECT * FROM kept_events;
       INSERT INTO vouchers SELECT * FROM kept_vouchers`,
    ),
  );

  const replaying = () => {
    const budget = { spend: () => undefined, pause: () => undefined };
    return new Replaying(partition.store.pools.readers, { partition: 0, voucherId }, budget as never);
  };
  const proofOf = (question: { at?: number; full?: boolean } = {}) =>
    replaying().answer({ kind: 'proof', partition: 0, voucherId, full: false, ...question }) as Promise<Proof>;
  const failed = ({ checks }: Proof) => checks.filter(({ passed }) => !passed).map(({ check }) => check);
  /** Alters the definition in the event and in the voucher's row, so that the two agree. */
  async function redefine(from: string, to: string): Promise<void> {
    await partition.database.pool.query(
      `UPDATE events SET data = replace(data::text, '${from}', '${to}')::json WHERE type = 'voucher.defined.v1';
       UPDATE vouchers SET definition = replace(definition::text, '${from}', '${to}')::json`,
    );
  }

  it.each([false, true])('holds of what was decided (full: %s)', async (full) => {
    const proof = await proofOf({ full });
    expect(proof).toMatchObject({ holds: true, held: 9, free: 0, claimQuantity: 9, chain: { attestedFrom: 1 } });
    expect(proof.checks.map(({ check }) => check)).toEqual(
      full
        ? ['quantities', 'per-user', 'sum', 'counters', 'claims', 'users', 'redemptions', 'entries', 'events', 'chain']
        : ['quantities', 'sum', 'counters'],
    );
  });

  it.each([false, true])('does not hold if 9 units were granted of 5, though they add up (full: %s)', async (full) => {
    await redefine('"claim":9', '"claim":5');
    const proof = await proofOf({ full });
    expect(proof).toMatchObject({ holds: false, held: 9, free: 0, claimQuantity: 9, projected: { held: 9, free: 0 } });
    expect(failed(proof)).toEqual(full ? ['quantities', 'chain'] : ['quantities']);
    const { faults, coded } = proof.checks.find(({ check }) => check === 'quantities')!;
    expect(faults).toEqual([6, 7, 8, 9].map((gone) => `after 0:${gone + 2}: ${gone} units were gone, of 5`));
    expect(coded?.[0]).toEqual({ code: 'units-gone', params: { place: '0:8', count: 6, most: 5 } });
  });

  it('does not hold if a user had more claims than the limit allowed', async () => {
    await redefine('"perUser":2', '"perUser":1');
    const proof = await proofOf({ full: true });
    expect(failed(proof)).toEqual(['per-user', 'chain']);
    expect(proof.checks.find(({ check }) => check === 'per-user')!.faults).toEqual([
      'after 0:4: its user had 2 claims, of 1',
    ]);
  });

  it('of a past moment is compared with the next state that is stored', async () => {
    const at = START + 150_000;
    expect(await proofOf({ at })).toMatchObject({ holds: true, held: 2, replayed: { after: 0, until: 11 } });
    const state = await replaying().stateAt(8, true);
    await partition.database.pool.query('INSERT INTO checkpoints VALUES (0, $1, 8, $2)', [
      voucherId,
      JSON.stringify(state),
    ]);
    expect(await proofOf({ at })).toMatchObject({ holds: true, held: 2, replayed: { after: 0, until: 8 } });
    await partition.database.pool.query(
      `UPDATE checkpoints SET state = jsonb_set(state::jsonb, '{counters,held}', '1')`,
    );
    expect(failed(await proofOf({ at }))).toEqual(['counters']);
    await partition.database.pool.query('DELETE FROM checkpoints');
    await partition.database.pool.query(`UPDATE vouchers SET counters = jsonb_set(counters, '{held}', '8')`);
    expect(failed(await proofOf({ at }))).toEqual(['counters']);
  });
});
