import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTables1763856000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE vouchers (
        id uuid PRIMARY KEY,
        version integer NOT NULL CHECK (version > 0),
        intent text NOT NULL CHECK (intent IN ('draft', 'published', 'paused', 'terminated')),
        enabled boolean NOT NULL,
        ended boolean NOT NULL,
        state text NOT NULL GENERATED ALWAYS AS (
          CASE WHEN ended OR intent = 'terminated' THEN 'terminated'
               WHEN intent = 'published' AND enabled THEN 'enabled'
               ELSE intent END) STORED,
        team text NOT NULL,
        name text NOT NULL,
        labels jsonb NOT NULL,
        spec json NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by text NOT NULL
      );
      CREATE INDEX vouchers_labels ON vouchers USING gin (labels jsonb_path_ops);
      CREATE INDEX vouchers_state ON vouchers (state, id);

      CREATE TABLE voucher_versions (
        voucher_id uuid NOT NULL REFERENCES vouchers,
        version integer NOT NULL CHECK (version > 0),
        intent text NOT NULL,
        team text NOT NULL,
        spec json NOT NULL,
        by text NOT NULL,
        at timestamptz NOT NULL,
        changed json NOT NULL,
        PRIMARY KEY (voucher_id, version)
      );

      CREATE TABLE pages (
        slug text PRIMARY KEY,
        version integer NOT NULL CHECK (version > 0),
        title text NOT NULL,
        voucher_ids json NOT NULL,
        team text NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by text NOT NULL
      );

      CREATE TABLE activity (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL,
        by text NOT NULL,
        action text NOT NULL,
        voucher_id uuid,
        slug text,
        version integer NOT NULL,
        CHECK ((voucher_id IS NULL) <> (slug IS NULL))
      );
      CREATE INDEX activity_voucher ON activity (voucher_id, id);
      CREATE INDEX activity_by ON activity (by, id);

      CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('voucher', 'page')),
        key text NOT NULL,
        version integer NOT NULL,
        UNIQUE (kind, key, version)
      );

      CREATE TABLE outcome_positions (
        partition integer PRIMARY KEY,
        next_offset bigint NOT NULL,
        next_seq bigint NOT NULL
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outcome_positions, outbox, activity, pages, voucher_versions, vouchers');
  }
}
