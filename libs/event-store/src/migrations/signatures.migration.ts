import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Stores from which record on a partition's records must be signed. It adds only a table, so a ledger of the previous
 * release keeps working.
 */
export class Signatures1764460000310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE signatures_required (
      partition int PRIMARY KEY,
      topic_id text NOT NULL,
      from_offset bigint NOT NULL CHECK (from_offset >= 0)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signatures_required');
  }
}
