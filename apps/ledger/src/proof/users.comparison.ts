// Compares a voucher's users with its events. Postgres does it, because it sorts on disk what memory does not hold.
import { proofFault } from '@vouchers/contracts';
import type pg from 'pg';
import { FAULTS_SHOWN, rowFault, type ProofFaults } from './proof.faults.ts';

/** $1 partition, $2 voucher, $3 the last seq. `change`: by how much the event changes the user's number of claims. */
const MOVES = `WITH moves AS MATERIALIZED (
  SELECT seq, user_id, voucher_version AS version, type = 'voucher.pushed.v1' AS pushes,
    CASE type WHEN 'voucher.claimed.v1' THEN 1 WHEN 'voucher.pushed.v1' THEN 0 ELSE -1 END AS change
  FROM events WHERE partition = $1 AND voucher_id = $2 AND seq <= $3 AND (
    type IN ('voucher.claimed.v1', 'voucher.pushed.v1')
    OR type IN ('voucher.claim-released.v1', 'voucher.redemption-rolled-back.v1')
      AND data #>> '{claim,state}' = 'released' AND data ->> 'before' <> 'released')
)`;

const ABOVE_LIMIT = `${MOVES}, limits AS (
  SELECT (data #>> '{definition,version}')::int AS version, min((data #>> '{definition,spec,nodes,claim,perUser}')::int) AS most
  FROM events WHERE partition = $1 AND voucher_id = $2 AND seq <= $3 AND type = 'voucher.defined.v1' GROUP BY 1
)
SELECT seq, claims::int, most FROM (
  SELECT seq, version, change, sum(change) OVER (PARTITION BY user_id ORDER BY seq) AS claims FROM moves
) counted JOIN limits USING (version)
WHERE change = 1 AND claims > most ORDER BY seq LIMIT ${FAULTS_SHOWN}`;

const DIFFERENT = `${MOVES}
SELECT user_id AS "userId", to_json(e)::text AS events, to_json(u)::text AS stored FROM (
  SELECT user_id, bool_or(pushes) AS pushed, sum(change)::int AS claims FROM moves GROUP BY user_id
) e FULL JOIN (
  SELECT user_id, pushed, claims FROM voucher_users WHERE partition = $1 AND voucher_id = $2
) u USING (user_id)
WHERE (e.pushed, e.claims) IS DISTINCT FROM (u.pushed, u.claims) ORDER BY user_id LIMIT ${FAULTS_SHOWN}`;

/** Checks grants against the limit per user in force, and the stored users against the events up to `until`. */
export async function compareUsers(
  queries: Pick<pg.Pool, 'query'>,
  { partition, voucherId }: { partition: number; voucherId: string },
  until: number,
  faults: ProofFaults,
): Promise<void> {
  const values = [partition, voucherId, until];
  const above = await queries.query<{ seq: number; claims: number; most: number }>(ABOVE_LIMIT, values);
  for (const { seq, claims, most } of above.rows)
    faults.add('per-user', proofFault('claims-above', { place: `${partition}:${seq}`, count: claims, most }));
  const different = await queries.query<{ userId: string; events: string | null; stored: string | null }>(
    DIFFERENT,
    values,
  );
  for (const { userId, events, stored } of different.rows) faults.add('users', rowFault(userId, stored, events));
}
