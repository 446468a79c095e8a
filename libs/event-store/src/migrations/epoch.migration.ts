import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The epoch is part of the cursor's fence. Another process than the owner that changes a partition's projections
 * increases it. Then the owner's next write fails and the owner reads everything again. A constant default rewrites no
 * row. A ledger of the previous release names its columns in each statement, so it keeps working.
 */
export class CursorEpoch1764460000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    await runner.query('ALTER TABLE cursor ADD COLUMN epoch bigint NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE cursor DROP COLUMN epoch');
  }
}
