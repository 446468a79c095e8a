// Claims of former times, put into the ledger's tables at once. Each is a copy of one that the ledger itself wrote,
// with ids and a user of its own: so a rebuild from the events gives the same projections.
import type pg from 'pg';

const A_STATEMENT = 250_000;

/** $1 voucher, $2 number of the first, $3 of the last; the copied event's seq is $4, theirs follow it. */
const COPY = `
WITH event AS (SELECT * FROM events WHERE voucher_id = $1 AND seq = $4),
  claim AS (SELECT c.* FROM claims c, event e WHERE c.partition = e.partition AND c.claim_id = e.claim_id),
  made AS MATERIALIZED (
    SELECT n, 'early-' || to_hex(n * 2654435761 % 4294967296) AS user_id,
      overlay(overlay(md5('submission ' || n) PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid AS submission_id,
      (left(claim_id::text, 9) || lpad(to_hex(n / 1000), 4, '0') || substr(claim_id::text, 14, 6)
        || '8' || left(md5('claim ' || n), 3) || '-' || lpad(to_hex(n), 12, '0'))::uuid AS claim_id
    FROM claim, generate_series($2::bigint, $3::bigint) n
  ),
  stored_events AS (
    INSERT INTO events (partition, seq, type, voucher_id, voucher_version, submission_id, user_id, claim_id, at,
      occurred_at, decided_at, traceparent, data, facts)
    SELECT e.partition, $4 + m.n, e.type, e.voucher_id, e.voucher_version, m.submission_id, m.user_id, m.claim_id, e.at,
      e.occurred_at, e.decided_at, e.traceparent,
      replace(replace(e.data::text, e.claim_id::text, m.claim_id::text), to_json(e.user_id)::text,
        to_json(m.user_id)::text)::json, e.facts
    FROM event e, made m
  ),
  stored_claims AS (
    INSERT INTO claims (partition, claim_id, voucher_id, voucher_version, user_id, state, uses, held_at, use_from,
      use_until, due_at, claimed_seq, facts)
    SELECT c.partition, m.claim_id, c.voucher_id, c.voucher_version, m.user_id, c.state, c.uses, c.held_at, c.use_from,
      c.use_until, c.due_at, $4 + m.n, c.facts
    FROM claim c, made m
  )
INSERT INTO voucher_users (partition, voucher_id, user_id, pushed, claims)
SELECT c.partition, c.voucher_id, m.user_id, false, 1 FROM claim c, made m`;

/** $1 voucher, $2 how many, $3 seq of the copied event. */
const COUNT = `
UPDATE vouchers v SET head_seq = head_seq + $2::bigint, free = free - $2::bigint, last_verdict = e.submission_id,
  counters = v.counters || jsonb_build_object('claimed', (v.counters->>'claimed')::bigint + $2::bigint,
    'held', (v.counters->>'held')::bigint + $2::bigint)
FROM events e WHERE v.voucher_id = $1 AND e.partition = v.partition AND e.seq = $3::bigint + $2::bigint`;

/**
 * Adds claims of a voucher whose one claim is the last event of its partition. No ledger may run meanwhile. The relay
 * counts them as published.
 */
export async function addEarlierClaims(
  database: pg.Client,
  voucherId: string,
  count: number,
  say: (line: string) => void,
): Promise<void> {
  const { rows } = await database.query<{ partition: number; seq: number }>(
    `SELECT partition, head_seq::float8 AS seq FROM vouchers WHERE voucher_id = $1`,
    [voucherId],
  );
  const { partition, seq } = rows[0]!;
  await database.query(`SET synchronous_commit = off`);
  for (let first = 1; first <= count; first += A_STATEMENT) {
    const last = Math.min(first + A_STATEMENT - 1, count);
    await database.query(COPY, [voucherId, first, last, seq]);
    say(`  ${last.toLocaleString('en-US')} earlier claims`);
  }
  await database.query(COUNT, [voucherId, count, seq]);
  for (const table of ['cursor', 'relay'])
    await database.query(`UPDATE ${table} SET next_seq = next_seq + $2::bigint WHERE partition = $1`, [
      partition,
      count,
    ]);
  await database.query('RESET synchronous_commit');
  // Else it would be done while the measured work runs.
  await database.query('VACUUM ANALYZE');
  await database.query('CHECKPOINT');
}
