// The tables of the read model, which is made from the outcomes topic, and of pending submissions.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReadModel1700000000001 implements MigrationInterface {
  readonly name = 'ReadModel1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE positions (
        partition   smallint PRIMARY KEY,
        cluster_id  text   NOT NULL,
        topic_id    text   NOT NULL,
        next_offset bigint NOT NULL CHECK (next_offset >= 0),
        next_seq    bigint NOT NULL CHECK (next_seq >= 0)
      );
      COMMENT ON TABLE positions IS 'How far each partition of the outcomes is read. Moved in the transaction of what was read: the fence';

      CREATE TABLE vouchers (
        voucher_id uuid   PRIMARY KEY,
        seq        bigint NOT NULL,
        state      json   NOT NULL
      ) WITH (fillfactor = 50);
      COMMENT ON COLUMN vouchers.state IS 'The domain''s VoucherState without its definition: what changes with every event is small';

      CREATE TABLE definitions_in_force (
        voucher_id uuid PRIMARY KEY,
        definition json NOT NULL
      );
      COMMENT ON TABLE definitions_in_force IS 'The version by which the ledger decides, as its outcomes say. Without goods';

      CREATE TABLE claims (
        claim_id   uuid PRIMARY KEY,
        voucher_id uuid NOT NULL,
        user_id    text COLLATE "C" NOT NULL,
        state      text COLLATE "C" NOT NULL,
        claim      json NOT NULL
      );
      CREATE INDEX claims_by_user ON claims (user_id, claim_id);
      CREATE INDEX claims_by_user_and_voucher ON claims (user_id, voucher_id, claim_id);

      CREATE TABLE redemptions (
        redemption_id uuid PRIMARY KEY,
        claim_id      uuid NOT NULL,
        user_id       text COLLATE "C" NOT NULL,
        order_id      text COLLATE "C" NOT NULL,
        redemption    json NOT NULL
      );
      CREATE INDEX redemptions_by_order ON redemptions (order_id, redemption_id);
      CREATE INDEX redemptions_by_claim ON redemptions (claim_id, redemption_id);

      CREATE TABLE pushes (
        user_id    text COLLATE "C" NOT NULL,
        voucher_id uuid NOT NULL,
        PRIMARY KEY (user_id, voucher_id)
      );

      CREATE TABLE pending_submissions (
        submission_id uuid PRIMARY KEY,
        voucher_id    uuid NOT NULL,
        asker         text COLLATE "C" NOT NULL,
        body_hash     text COLLATE "C" NOT NULL,
        at            timestamptz NOT NULL
      );
      COMMENT ON TABLE pending_submissions IS 'Given out as 202, or 503 with Submission-Id. No part of the read model: a rebuild keeps it';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE positions, vouchers, definitions_in_force, claims, redemptions, pushes, pending_submissions',
    );
  }
}

/** The age of a pending submission is counted from `kept_at`, since `at` may be any time that an importer sends. */
export class PendingKeptAt1700000000002 implements MigrationInterface {
  readonly name = 'PendingKeptAt1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE pending_submissions ADD COLUMN kept_at timestamptz NOT NULL DEFAULT now()');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE pending_submissions DROP COLUMN kept_at');
  }
}

/** An index by which old pending submissions are found. It is built concurrently, so writers do not wait. */
export class PendingByAge1764460000015 implements MigrationInterface {
  readonly name = 'PendingByAge1764460000015';
  /** CREATE INDEX CONCURRENTLY cannot run in a transaction. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // Building the index waits for all older transactions. The timeout bounds the wait for one that does not end.
    await runner.query(`SET lock_timeout = '60s'`);
    // A failed attempt leaves an invalid index.
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS pending_submissions_by_age');
    await runner.query('CREATE INDEX CONCURRENTLY pending_submissions_by_age ON pending_submissions (kept_at)');
    await runner.query('RESET lock_timeout');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX pending_submissions_by_age');
  }
}

/**
 * Newest definitions and pages, for those that memory does not hold. They are no part of the read model: a rebuild
 * keeps them.
 */
export class NewestRecords1764460000012 implements MigrationInterface {
  readonly name = 'NewestRecords1764460000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE newest_records (
        topic   text COLLATE "C" NOT NULL CHECK (topic IN ('definitions', 'pages')),
        key     text COLLATE "C" NOT NULL,
        version integer NOT NULL,
        value   bytea,
        beside  bytea,
        replaced    bytea,
        replaced_at timestamptz,
        PRIMARY KEY (topic, key)
      );
      COMMENT ON TABLE newest_records IS 'The newest record of each key of the compacted topics. Without value: the key was deleted';
      COMMENT ON COLUMN newest_records.value IS 'JSON, of a definition without its goods';
      COMMENT ON COLUMN newest_records.replaced IS 'The value before: for a while what it names is still asked for';
      COMMENT ON COLUMN newest_records.beside IS 'JSON: the skus of a definition whose use condition asks for them';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE newest_records');
  }
}

/**
 * The teams that read a voucher's redemptions, by which lists are filtered. Release 0.1.0 has no such table, and a
 * definition that was stored before this column names no teams.
 */
export class RedemptionReaders1764460000028 implements MigrationInterface {
  readonly name = 'RedemptionReaders1764460000028';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    await runner.query('ALTER TABLE newest_records ADD COLUMN readers jsonb');
    await runner.query(
      `COMMENT ON COLUMN newest_records.readers IS 'The teams that read the redemptions of a definition''s voucher. NULL: every team'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE newest_records DROP COLUMN readers');
  }
}
