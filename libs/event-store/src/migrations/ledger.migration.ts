import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ledger runs as this role, which nobody can log in with. Only its login is a member. `grants.ts` has its rights.
 */
export const LEDGER_ROLE = 'voucher_ledger';

/** Each key and index begins with `partition`, so partitions may move to servers of their own. */
export class Ledger1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...ROLE]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cursor, events, vouchers, claims, voucher_users, redemptions, checkpoints, relay');
  }
}

const TABLES = [
  `CREATE TABLE cursor (
    partition int PRIMARY KEY,
    cluster_id text NOT NULL,
    topic_id text NOT NULL,
    next_offset bigint NOT NULL CHECK (next_offset >= 0),
    next_seq bigint NOT NULL CHECK (next_seq >= 1)
  )`,
  // data is json, not jsonb, since json is stored as written: an event that is published again has the same bytes.
  `CREATE TABLE events (
    partition int NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    voucher_id uuid NOT NULL,
    voucher_version int NOT NULL,
    submission_id uuid,
    user_id text,
    claim_id uuid,
    redemption_id uuid,
    reason text,
    at timestamptz NOT NULL,
    occurred_at timestamptz NOT NULL,
    decided_at timestamptz NOT NULL,
    traceparent text,
    data json NOT NULL,
    facts json,
    PRIMARY KEY (partition, seq)
  )`,
  'CREATE UNIQUE INDEX events_one_decision ON events (partition, submission_id) WHERE submission_id IS NOT NULL',
  `CREATE UNIQUE INDEX events_one_push ON events (partition, voucher_id, user_id) WHERE type = 'voucher.pushed.v1'`,
  `CREATE UNIQUE INDEX events_one_version ON events (partition, voucher_id, (data #>> '{definition,version}'))
    WHERE type = 'voucher.defined.v1'`,
  'CREATE INDEX events_of_voucher ON events (partition, voucher_id, seq)',
  // Most claims only have the event that granted them, and claims.claimed_seq finds it. So the index leaves it out.
  `CREATE INDEX events_of_claim ON events (partition, claim_id, seq)
    WHERE claim_id IS NOT NULL AND type <> 'voucher.claimed.v1'`,
  `CREATE TABLE vouchers (
    partition int NOT NULL,
    voucher_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('draft', 'published', 'paused', 'terminated')),
    enabled boolean NOT NULL,
    revoking boolean NOT NULL,
    time timestamptz NOT NULL,
    last_version int NOT NULL CHECK (last_version >= 1),
    last_verdict uuid,
    head_seq bigint NOT NULL,
    head_at timestamptz NOT NULL,
    free bigint CHECK (free IS NULL OR free >= 0),
    counters jsonb NOT NULL,
    definition json NOT NULL,
    labels jsonb NOT NULL,
    wake_at timestamptz,
    PRIMARY KEY (partition, voucher_id)
  ) WITH (fillfactor = 50)`,
  'CREATE INDEX vouchers_by_label ON vouchers USING gin (labels jsonb_path_ops)',
  'CREATE INDEX vouchers_to_wake ON vouchers (partition, wake_at) WHERE wake_at IS NOT NULL',
  `CREATE TABLE claims (
    partition int NOT NULL,
    claim_id uuid NOT NULL,
    voucher_id uuid NOT NULL,
    voucher_version int NOT NULL,
    user_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('held', 'locked', 'redeemed', 'expired', 'released', 'revoked')),
    uses int NOT NULL CHECK (uses >= 0),
    held_at timestamptz NOT NULL,
    use_from timestamptz NOT NULL,
    use_until timestamptz NOT NULL,
    lock_order_id text,
    lock_until timestamptz,
    ended_by text,
    due_at timestamptz,
    claimed_seq bigint NOT NULL,
    facts json NOT NULL,
    PRIMARY KEY (partition, claim_id),
    CHECK ((state = 'locked') = (lock_until IS NOT NULL)),
    CHECK ((state IN ('held', 'locked')) = (due_at IS NOT NULL))
  )`,
  'CREATE INDEX claims_due ON claims (partition, voucher_id, due_at, claim_id) WHERE due_at IS NOT NULL',
  `CREATE TABLE voucher_users (
    partition int NOT NULL,
    voucher_id uuid NOT NULL,
    user_id text NOT NULL,
    pushed boolean NOT NULL,
    claims int NOT NULL CHECK (claims >= 0),
    PRIMARY KEY (partition, voucher_id, user_id)
  )`,
  `CREATE TABLE redemptions (
    partition int NOT NULL,
    redemption_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    voucher_id uuid NOT NULL,
    user_id text NOT NULL,
    "order" json NOT NULL,
    at timestamptz NOT NULL,
    rolled_back_at timestamptz,
    PRIMARY KEY (partition, redemption_id)
  )`,
  // A voucher's state at a past seq. `at=` and proofs start from it. It follows from the events, so rows may be
  // deleted.
  `CREATE TABLE checkpoints (
    partition int NOT NULL,
    voucher_id uuid NOT NULL,
    seq bigint NOT NULL,
    state json NOT NULL,
    PRIMARY KEY (partition, voucher_id, seq)
  )`,
  `CREATE TABLE relay (
    partition int PRIMARY KEY,
    next_seq bigint NOT NULL CHECK (next_seq >= 1)
  )`,
];

const ROLE = [
  // A role belongs to the whole server, so it may exist, or another database's migration may create it right now.
  `DO $$ BEGIN
    IF to_regrole('${LEDGER_ROLE}') IS NULL THEN CREATE ROLE ${LEDGER_ROLE} NOLOGIN; END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
  `DO $$ BEGIN
    IF NOT pg_has_role('${LEDGER_ROLE}', 'MEMBER') THEN
      EXECUTE format('GRANT ${LEDGER_ROLE} TO %I', current_user);
    END IF; END $$`,
];
