import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LEDGER_ROLE } from './ledger.migration.ts';

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
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON signatures_required TO ${LEDGER_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signatures_required');
  }
}
