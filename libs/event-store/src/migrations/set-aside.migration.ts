import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables about records that are set aside. It adds only tables, so a ledger of the previous release keeps working. */
export class SetAside1764460000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Operators' orders to skip a stuck record.
    await runner.query(`CREATE TABLE skip_orders (
      partition int NOT NULL,
      topic_id text NOT NULL,
      record_offset bigint NOT NULL,
      ordered_by text NOT NULL CHECK (ordered_by <> ''),
      why text NOT NULL CHECK (why <> ''),
      ordered_at timestamptz NOT NULL DEFAULT now(),
      carried_out_at timestamptz,
      PRIMARY KEY (partition, topic_id, record_offset)
    )`);
    // Up to this offset, the quarantine has only records from before the partition's cursor.
    await runner.query(`CREATE TABLE quarantine_read (
      partition int PRIMARY KEY,
      next_offset bigint NOT NULL CHECK (next_offset >= 0)
    )`);
    // One row that is written to test whether Postgres accepts writes.
    await runner.query(`CREATE TABLE write_probe (one boolean PRIMARY KEY CHECK (one), at timestamptz NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE skip_orders, quarantine_read, write_probe');
  }
}
