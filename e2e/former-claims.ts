// Adds claims that release 0.1.0 granted to users whose ids are no longer accepted.
import pg from 'pg';

/**
 * $1 voucher, $2 user, $3 submission, $4 claim. Each is a copy of the voucher's last event, a claim that is still held.
 */
const COPY = `
WITH place AS (
    UPDATE cursor SET next_seq = next_seq + 1
    WHERE partition = (SELECT partition FROM vouchers WHERE voucher_id = $1::uuid) RETURNING partition, next_seq - 1 AS seq
  ),
  event AS (SELECT e.* FROM events e JOIN vouchers v ON v.partition = e.partition AND v.head_seq = e.seq
    WHERE v.voucher_id = $1::uuid),
  stored_event AS (
    INSERT INTO events (partition, seq, type, voucher_id, voucher_version, submission_id, user_id, claim_id, at,
      occurred_at, decided_at, traceparent, data, facts)
    SELECT e.partition, p.seq, e.type, e.voucher_id, e.voucher_version, $3::uuid, $2::text, $4::uuid, e.at, e.occurred_at, e.decided_at,
      e.traceparent, replace(replace(e.data::text, e.claim_id::text, $4::uuid::text), to_json(e.user_id)::text,
        to_json($2::text)::text)::json, e.facts
    FROM event e, place p
  ),
  stored_claim AS (
    INSERT INTO claims (partition, claim_id, voucher_id, voucher_version, user_id, state, uses, held_at, use_from,
      use_until, due_at, claimed_seq, facts)
    SELECT c.partition, $4::uuid, c.voucher_id, c.voucher_version, $2::text, c.state, c.uses, c.held_at, c.use_from, c.use_until,
      c.due_at, p.seq, c.facts
    FROM claims c JOIN event e USING (partition, claim_id), place p
  ),
  stored_user AS (
    INSERT INTO voucher_users (partition, voucher_id, user_id, pushed, claims)
    SELECT partition, $1::uuid, $2::text, false, 1 FROM place
  )
UPDATE vouchers v SET head_seq = p.seq, last_verdict = $3::uuid, free = free - 1,
  counters = v.counters || jsonb_build_object('claimed', (v.counters->>'claimed')::bigint + 1,
    'held', (v.counters->>'held')::bigint + 1)
FROM place p WHERE v.voucher_id = $1::uuid`;

/** Adds a claim for each user. No ledger may run meanwhile; the next one publishes them. */
export async function addFormerClaims(
  databaseUrl: string,
  voucherId: string,
  claims: readonly { userId: string; submissionId: string; claimId: string }[],
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const { userId, submissionId, claimId } of claims)
      await client.query(COPY, [voucherId, userId, submissionId, claimId]);
  } finally {
    await client.end();
  }
}
