// Adds earlier claims to the ledger's tables at once. Each is a copy of one claim that the ledger itself wrote, with
// its own ids and user. So a rebuild from the events gives the same projections.
import type pg from 'pg';
import { expectEqual } from '../expect.ts';

const A_STATEMENT = 100_000;

const TABLES = ['events', 'claims', 'voucher_users'];

/** Puts the rows to copy into tables of their own, since no index finds them. $1 voucher, $2 the event's seq. */
const KEEP = [
  'CREATE UNLOGGED TABLE copied_event AS SELECT * FROM events WHERE voucher_id = $1 AND seq = $2',
  'CREATE UNLOGGED TABLE copied_claim AS SELECT * FROM claims WHERE voucher_id = $1 AND claimed_seq = $2',
];

/** $1 number of the first copy, $2 of the last, $3 the partition's last seq. The copies' seqs follow it. */
const COPY = `
WITH event AS (SELECT * FROM copied_event), claim AS (SELECT * FROM copied_claim),
  made AS MATERIALIZED (
    SELECT n, 'early-' || to_hex(n * 2654435761 % 4294967296) AS user_id,
      overlay(overlay(md5('submission ' || n) PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid AS submission_id,
      (left(claim_id::text, 9) || lpad(to_hex(n / 1000), 4, '0') || substr(claim_id::text, 14, 6)
        || '8' || left(md5('claim ' || n), 3) || '-' || lpad(to_hex(n), 12, '0'))::uuid AS claim_id
    FROM claim, generate_series($1::bigint, $2::bigint) n
  ),
  stored_events AS (
    INSERT INTO events (partition, seq, type, voucher_id, voucher_version, submission_id, user_id, claim_id, at,
      occurred_at, decided_at, traceparent, data, facts)
    SELECT e.partition, $3::bigint + m.n, e.type, e.voucher_id, e.voucher_version, m.submission_id, m.user_id, m.claim_id, e.at,
      e.occurred_at, e.decided_at, e.traceparent,
      replace(replace(e.data::text, e.claim_id::text, m.claim_id::text), to_json(e.user_id)::text,
        to_json(m.user_id)::text)::json, e.facts
    FROM event e, made m
  ),
  stored_claims AS (
    INSERT INTO claims (partition, claim_id, voucher_id, voucher_version, user_id, state, uses, held_at, use_from,
      use_until, due_at, claimed_seq, facts)
    SELECT c.partition, m.claim_id, c.voucher_id, c.voucher_version, m.user_id, c.state, c.uses, c.held_at, c.use_from,
      c.use_until, c.due_at, $3::bigint + m.n, c.facts
    FROM claim c, made m
  )
INSERT INTO voucher_users (partition, voucher_id, user_id, pushed, claims)
SELECT c.partition, c.voucher_id, m.user_id, false, 1 FROM claim c, made m`;

/** $1 voucher, $2 number of copies, $3 the partition's last seq before them. */
const COUNT = `
UPDATE vouchers v SET head_seq = e.seq, free = free - $2::bigint, last_verdict = e.submission_id,
  counters = v.counters || jsonb_build_object('claimed', (v.counters->>'claimed')::bigint + $2::bigint,
    'held', (v.counters->>'held')::bigint + $2::bigint)
FROM events e WHERE v.voucher_id = $1 AND e.partition = v.partition AND e.seq = $3::bigint + $2::bigint`;

/**
 * Gives the copies hashes that nobody compares. A ledger would take minutes to make those of millions of events before
 * it decides. $1 partition, $2 the last seq before them, $3 their number.
 */
const CHAIN = `
INSERT INTO chain (partition, first_seq, hashes, added_later)
SELECT $1::int, $2::bigint + 1 + done, decode(repeat('00', 32 * least(1000, $3::bigint - done)::int), 'hex'), true
FROM generate_series(0, $3::bigint - 1, 1000) AS done`;

/**
 * Adds claims to a voucher that has one claim. No ledger may run meanwhile. The relay treats them as published.
 * @param connections of the ledger's database, which share the work
 */
export async function addEarlierClaims(
  connections: readonly [pg.Client, ...pg.Client[]],
  voucherId: string,
  count: number,
  say: (line: string) => void,
): Promise<void> {
  const [database] = connections;
  const { partition, seq, last } = await onlyClaim(database, voucherId);
  for (const text of KEEP) await database.query(text.replace('$1', `'${voucherId}'`).replace('$2', String(seq)));
  await withoutIndexes(database, async () => {
    let next = 1;
    const copy = async (connection: pg.Client): Promise<void> => {
      await connection.query('SET synchronous_commit = off');
      while (next <= count) {
        const [first, final] = [next, Math.min(next + A_STATEMENT - 1, count)];
        next = final + 1;
        await connection.query(COPY, [first, final, last]);
        say(`  ${final.toLocaleString('en-US')} earlier claims`);
      }
    };
    await Promise.all(connections.map(copy));
  });
  await database.query(COUNT, [voucherId, count, last]);
  for (const table of ['cursor', 'relay'])
    await database.query(`UPDATE ${table} SET next_seq = next_seq + $2::bigint WHERE partition = $1`, [
      partition,
      count,
    ]);
  await database.query(CHAIN, [partition, last, count]);
  await database.query('DROP TABLE copied_event, copied_claim');
  // Otherwise autovacuum would do it during the measured work.
  await database.query('VACUUM ANALYZE');
  await database.query('CHECKPOINT');
}

/** The seq of the voucher's only claim, and the last seq of its partition, which may be of another event. */
async function onlyClaim(
  database: pg.Client,
  voucherId: string,
): Promise<{ partition: number; seq: number; last: number }> {
  const { rows } = await database.query<{ partition: number; seq: number; last: number }>(
    `SELECT c.partition, c.claimed_seq::float8 AS seq, (k.next_seq - 1)::float8 AS last
     FROM claims c JOIN cursor k ON k.partition = c.partition WHERE c.voucher_id = $1`,
    [voucherId],
  );
  expectEqual(`claims of ${voucherId} to copy`, rows.length, 1);
  return rows[0]!;
}

/** Removes the indexes and makes them again at the end. Updating them row by row would take most of the time. */
async function withoutIndexes(database: pg.Client, work: () => Promise<void>): Promise<void> {
  const { rows } = await database.query<{ remove: string; restore: string }>(
    `SELECT CASE WHEN c.oid IS NULL THEN format('DROP INDEX %s', i.indexrelid::regclass)
        ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, c.conname) END AS remove,
      CASE WHEN c.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
        ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
        END AS restore
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid
    WHERE i.indrelid = ANY ($1::regclass[])`,
    [TABLES],
  );
  for (const table of TABLES) await database.query(`ALTER TABLE ${table} SET (autovacuum_enabled = off)`);
  for (const { remove } of rows) await database.query(remove);
  await work();
  await database.query(`SET maintenance_work_mem = '512MB'`);
  for (const { restore } of rows) await database.query(restore);
  for (const table of TABLES) await database.query(`ALTER TABLE ${table} RESET (autovacuum_enabled)`);
}
