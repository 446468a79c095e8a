// A batch of outcomes is written by one statement. It moves the partition's position from where the projector believes
// it to be; another projector's move makes that match nothing, and then nothing else is written: the fence.
import { int8Array, jsonArray, textArray, uuidArray } from '@vouchers/event-store';
import type { Projection } from './projection.ts';
import type { ReadModel } from './read-model.ts';

/** Where a partition of the outcomes is read: the next offset, the next seq. */
export interface ReadPosition {
  offset: number;
  seq: number;
}

const WRITE = {
  name: 'write',
  text: `
    WITH moved AS (
      UPDATE positions SET next_offset = $4, next_seq = $5
      WHERE partition = $1 AND next_offset = $2 AND next_seq = $3 RETURNING partition
    ), vouchers_written AS (
      INSERT INTO vouchers (voucher_id, seq, state)
      SELECT rows.* FROM moved, unnest($6::uuid[], $7::bigint[], $8::json[]) AS rows
      ON CONFLICT (voucher_id) DO UPDATE SET seq = excluded.seq, state = excluded.state
    ), definitions_written AS (
      INSERT INTO definitions_in_force (voucher_id, definition)
      SELECT rows.* FROM moved, unnest($9::uuid[], $10::json[]) AS rows
      ON CONFLICT (voucher_id) DO UPDATE SET definition = excluded.definition
    ), claims_written AS (
      INSERT INTO claims (claim_id, voucher_id, user_id, state, claim)
      SELECT rows.* FROM moved, unnest($11::uuid[], $12::uuid[], $13::text[], $14::text[], $15::json[]) AS rows
      ON CONFLICT (claim_id) DO UPDATE SET state = excluded.state, claim = excluded.claim
    ), redemptions_written AS (
      INSERT INTO redemptions (redemption_id, claim_id, user_id, order_id, redemption)
      SELECT rows.* FROM moved, unnest($16::uuid[], $17::uuid[], $18::text[], $19::text[], $20::json[]) AS rows
      ON CONFLICT (redemption_id) DO UPDATE SET redemption = excluded.redemption
    ), pushes_written AS (
      INSERT INTO pushes (user_id, voucher_id)
      SELECT rows.* FROM moved, unnest($21::text[], $22::uuid[]) AS rows
      ON CONFLICT DO NOTHING
    )
    SELECT count(*)::int AS moved FROM moved`,
};

/** Writes a batch, whole or not at all. False: the position was another, and nothing was written. */
export async function writeProjection(
  readModel: ReadModel,
  partition: number,
  from: ReadPosition,
  to: ReadPosition,
  projection: Projection,
): Promise<boolean> {
  const vouchers = [...projection.vouchers.values()];
  const claims = [...projection.claims.values()];
  const redemptions = [...projection.redemptions.values()];
  const [row] = await readModel.project<{ moved: number }>(WRITE, [
    partition,
    from.offset,
    from.seq,
    to.offset,
    to.seq,
    uuidArray(vouchers.map(({ voucherId }) => voucherId)),
    int8Array(vouchers.map(({ head }) => head.seq)),
    jsonArray(vouchers.map(({ definition: _, ...state }) => JSON.stringify(state))),
    uuidArray([...projection.redefined.keys()]),
    jsonArray([...projection.redefined.values()].map((definition) => JSON.stringify(definition))),
    uuidArray(claims.map(({ id }) => id)),
    uuidArray(claims.map(({ voucherId }) => voucherId)),
    textArray(claims.map(({ userId }) => userId)),
    textArray(claims.map(({ state }) => state)),
    jsonArray(claims.map((claim) => JSON.stringify(claim))),
    uuidArray(redemptions.map(({ id }) => id)),
    uuidArray(redemptions.map(({ claimId }) => claimId)),
    textArray(redemptions.map(({ userId }) => userId)),
    textArray(redemptions.map(({ order }) => order.id)),
    jsonArray(redemptions.map((redemption) => JSON.stringify(redemption))),
    textArray(projection.pushes.map(({ userId }) => userId)),
    uuidArray(projection.pushes.map(({ voucherId }) => voucherId)),
  ]);
  return row?.moved === 1;
}
