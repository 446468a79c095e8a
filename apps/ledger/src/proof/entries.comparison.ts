// Compares the entries of a voucher's waiting list with its events. Postgres does it, because it sorts on disk what
// memory does not hold.
import type pg from 'pg';
import { FAULTS_SHOWN, rowFault, type ProofFaults } from './proof.faults.ts';

const COLUMNS = `voucher_version, user_id, state, rank, number, joined_at, offer_at, offer_until, ended_at`;

/** $1 partition, $2 voucher, $3 the last seq. The entry in its last event counts. */
const DIFFERENT = `WITH said AS (
  SELECT DISTINCT ON (data #>> '{entry,id}') data -> 'entry' AS entry,
    min(seq) OVER (PARTITION BY data #>> '{entry,id}') AS joined_seq
  FROM events WHERE partition = $1 AND voucher_id = $2 AND seq <= $3 AND reason IS NULL AND data -> 'entry' IS NOT NULL
  ORDER BY data #>> '{entry,id}', seq DESC
), by_events AS (
  SELECT (entry ->> 'id')::uuid AS entry_id, (entry ->> 'voucherVersion')::int AS voucher_version,
    entry ->> 'userId' AS user_id, entry ->> 'state' AS state, (entry ->> 'rank')::int AS rank,
    (entry ->> 'number')::bigint AS number, (entry ->> 'joinedAt')::timestamptz AS joined_at,
    (entry #>> '{offer,at}')::timestamptz AS offer_at, (entry #>> '{offer,until}')::timestamptz AS offer_until,
    (entry ->> 'endedAt')::timestamptz AS ended_at, joined_seq FROM said
)
SELECT entry_id AS "entryId", to_json(e)::text AS events, to_json(s)::text AS stored FROM by_events e FULL JOIN (
  SELECT entry_id, ${COLUMNS}, joined_seq FROM entries WHERE partition = $1 AND voucher_id = $2
) s USING (entry_id)
WHERE (${COLUMNS.replaceAll(/\w+/g, 'e.$&')}, e.joined_seq)
  IS DISTINCT FROM (${COLUMNS.replaceAll(/\w+/g, 's.$&')}, s.joined_seq)
ORDER BY entry_id LIMIT ${FAULTS_SHOWN}`;

/** Checks the stored entries against the events up to `until`. */
export async function compareEntries(
  queries: Pick<pg.Pool, 'query'>,
  { partition, voucherId }: { partition: number; voucherId: string },
  until: number,
  faults: ProofFaults,
): Promise<void> {
  const { rows } = await queries.query<{ entryId: string; events: string | null; stored: string | null }>(DIFFERENT, [
    partition,
    voucherId,
    until,
  ]);
  for (const { entryId, events, stored } of rows) faults.add('entries', rowFault(entryId, stored, events));
}
