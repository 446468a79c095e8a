// Thins out checkpoints. It keeps all checkpoints of the last day, one per day of the last quarter, and one per month
// before. The first one of a day or month stays, so the one that is kept per month is one of those kept per day. The age
// follows from `decided_at`; days are days in UTC.
import type pg from 'pg';

const DAY = "interval '1 day'";
const QUARTER = "interval '90 days'";

/**
 * Goes through checkpoints by their primary key. A checkpoint is deleted if the voucher's checkpoint before it is from
 * the same day or month. So the first one stays, wherever slices begin, and even if other replicas do this at the same
 * time.
 */
const THIN = `
  WITH slice AS MATERIALIZED (
    SELECT partition, voucher_id, seq FROM checkpoints WHERE (partition, voucher_id, seq) > ($1, $2, $3)
    ORDER BY partition, voucher_id, seq LIMIT $4
  ), superfluous AS MATERIALIZED (
    SELECT s.partition, s.voucher_id, s.seq FROM slice s
    CROSS JOIN LATERAL (SELECT decided_at FROM events WHERE partition = s.partition AND seq = s.seq) AS own
    CROSS JOIN LATERAL (SELECT seq FROM checkpoints k
      WHERE k.partition = s.partition AND k.voucher_id = s.voucher_id AND k.seq < s.seq ORDER BY k.seq DESC LIMIT 1) AS k
    CROSS JOIN LATERAL (SELECT decided_at FROM events WHERE partition = s.partition AND seq = k.seq) AS before
    CROSS JOIN LATERAL (SELECT CASE WHEN own.decided_at < now() - ${QUARTER} THEN 'month' ELSE 'day' END AS unit) AS u
    WHERE own.decided_at < now() - ${DAY}
      AND date_trunc(unit, own.decided_at, 'UTC') = date_trunc(unit, before.decided_at, 'UTC')
  ), thinned AS (
    DELETE FROM checkpoints c USING superfluous s
    WHERE c.partition = s.partition AND c.voucher_id = s.voucher_id AND c.seq = s.seq RETURNING 1
  )
  SELECT partition, voucher_id AS "voucherId", seq, (SELECT count(*)::int FROM thinned) AS thinned
  FROM slice ORDER BY partition DESC, voucher_id DESC, seq DESC LIMIT 1`;

/** The last checkpoint that was looked at. */
export interface CheckpointPlace {
  partition: number;
  voucherId: string;
  seq: number;
}

/** The place before the first checkpoint. */
export const FIRST_CHECKPOINT: CheckpointPlace = {
  partition: -1,
  voucherId: '00000000-0000-0000-0000-000000000000',
  seq: 0,
};

/**
 * Looks at the next `limit` checkpoints after `after`.
 * @returns the last of them and the number of deleted ones; undefined if there are no more
 */
export async function thinCheckpoints(
  pool: Pick<pg.Pool, 'query'>,
  after: CheckpointPlace,
  limit: number,
): Promise<(CheckpointPlace & { thinned: number }) | undefined> {
  const { rows } = await pool.query<CheckpointPlace & { thinned: number }>({
    name: 'thin-checkpoints',
    text: THIN,
    values: [after.partition, after.voucherId, after.seq, limit],
  });
  return rows[0];
}
