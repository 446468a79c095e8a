// A batch of outcomes is written by one statement. It moves the partition's position from where the projector believes
// it to be; another projector's move, or a retry's, makes that match nothing, and then nothing else is written: the
// fence.
import { int8Array, jsonArray, textArray, uuidArray } from '@vouchers/event-store';
import type pg from 'pg';
import type { Projection } from './projection.ts';
import type { ReadModel, Statement } from './read-model.ts';

/** Where a partition of the outcomes is read: the next offset, the next seq. */
export interface ReadPosition {
  offset: number;
  seq: number;
}

/** A position that the projector read. `revision`: see the migration. */
export interface Fence extends ReadPosition {
  revision: number;
}

/** A voucher that is parked by the event `seq`. */
export interface Parking {
  voucherId: string;
  seq: number;
  reason: string;
}

/** How many parameters the rows take: $1 to $17. */
const ROW_VALUES = 17;

/** Writes the rows of a projection if `fence`, a CTE, returns a row. */
const rowsBehind = (fence: string): string => `
  vouchers_written AS (
    INSERT INTO vouchers (voucher_id, seq, state)
    SELECT rows.* FROM ${fence}, unnest($1::uuid[], $2::bigint[], $3::json[]) AS rows
    ON CONFLICT (voucher_id) DO UPDATE SET seq = excluded.seq, state = excluded.state
  ), definitions_written AS (
    INSERT INTO definitions_in_force (voucher_id, definition)
    SELECT rows.* FROM ${fence}, unnest($4::uuid[], $5::json[]) AS rows
    ON CONFLICT (voucher_id) DO UPDATE SET definition = excluded.definition
  ), claims_written AS (
    INSERT INTO claims (claim_id, voucher_id, user_id, state, claim)
    SELECT rows.* FROM ${fence}, unnest($6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::json[]) AS rows
    ON CONFLICT (claim_id) DO UPDATE SET state = excluded.state, claim = excluded.claim
  ), redemptions_written AS (
    INSERT INTO redemptions (redemption_id, claim_id, user_id, order_id, redemption)
    SELECT rows.* FROM ${fence}, unnest($11::uuid[], $12::uuid[], $13::text[], $14::text[], $15::json[]) AS rows
    ON CONFLICT (redemption_id) DO UPDATE SET redemption = excluded.redemption
  ), pushes_written AS (
    INSERT INTO pushes (user_id, voucher_id)
    SELECT rows.* FROM ${fence}, unnest($16::text[], $17::uuid[]) AS rows
    ON CONFLICT DO NOTHING
  )`;

const value = (n: number): string => `$${ROW_VALUES + n}`;

const WRITE: Statement = {
  name: 'write',
  text: `
    WITH moved AS (
      UPDATE positions SET next_offset = ${value(5)}, next_seq = ${value(6)}
      WHERE partition = ${value(1)} AND next_offset = ${value(2)} AND next_seq = ${value(3)} AND revision = ${value(4)}
      RETURNING partition
    ), ${rowsBehind('moved')}, parked AS (
      INSERT INTO parked_vouchers (voucher_id, partition, first_seq, reason)
      SELECT rows.voucher_id, moved.partition, rows.seq, rows.reason
      FROM moved, unnest(${value(7)}::uuid[], ${value(8)}::bigint[], ${value(9)}::text[]) AS rows (voucher_id, seq, reason)
      ON CONFLICT DO NOTHING
    )
    SELECT count(*)::int AS written FROM moved`,
};

const WRITE_PARKED: Statement = {
  name: 'write-parked',
  text: `
    WITH held AS (SELECT FROM parked_vouchers WHERE voucher_id = ${value(1)} FOR UPDATE), ${rowsBehind('held')}
    SELECT count(*)::int AS written FROM held`,
};

/** Writes a batch, whole or not at all. False: the position was another, and nothing was written. */
export async function writeProjection(
  readModel: ReadModel,
  partition: number,
  from: Fence,
  to: ReadPosition,
  projection: Projection,
  parked: readonly Parking[] = [],
): Promise<boolean> {
  const [row] = await readModel.project<{ written: number }>(WRITE, [
    ...rowsOf(projection),
    partition,
    from.offset,
    from.seq,
    from.revision,
    to.offset,
    to.seq,
    uuidArray(parked, ({ voucherId }) => voucherId),
    int8Array(parked, ({ seq }) => seq),
    textArray(parked, ({ reason }) => reason),
  ]);
  return row?.written === 1;
}

/**
 * Writes rows of a parked voucher, which nobody reads meanwhile. False if it is not parked; then nothing was written.
 */
export async function writeParked(client: pg.Client, voucherId: string, projection: Projection): Promise<boolean> {
  const values = [...rowsOf(projection), voucherId];
  const { rows } = await client.query<{ written: number }>({ ...WRITE_PARKED, values });
  return rows[0]?.written === 1;
}

function rowsOf(projection: Projection): unknown[] {
  const vouchers = [...projection.vouchers.values()];
  const claims = [...projection.claims.values()];
  const redemptions = [...projection.redemptions.values()];
  return [
    uuidArray(vouchers, ({ voucherId }) => voucherId),
    int8Array(vouchers, ({ head }) => head.seq),
    jsonArray(vouchers, ({ definition: _, ...state }) => JSON.stringify(state)),
    uuidArray([...projection.redefined.keys()], (voucherId) => voucherId),
    jsonArray([...projection.redefined.values()], (definition) => JSON.stringify(definition)),
    uuidArray(claims, ({ id }) => id),
    uuidArray(claims, ({ voucherId }) => voucherId),
    textArray(claims, ({ userId }) => userId),
    textArray(claims, ({ state }) => state),
    jsonArray(claims, (claim) => JSON.stringify(claim)),
    uuidArray(redemptions, ({ id }) => id),
    uuidArray(redemptions, ({ claimId }) => claimId),
    textArray(redemptions, ({ userId }) => userId),
    textArray(redemptions, ({ order }) => order.id),
    jsonArray(redemptions, (redemption) => JSON.stringify(redemption)),
    textArray(projection.pushes, ({ userId }) => userId),
    uuidArray(projection.pushes, ({ voucherId }) => voucherId),
  ];
}
