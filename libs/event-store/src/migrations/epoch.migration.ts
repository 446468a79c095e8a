import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Part of the cursor's fence: whoever changes a partition's projections beside its owner moves the epoch, so that the
 * owner's next write fails and it forgets what it remembers. A constant default rewrites no row; a ledger of the release
 * before names its columns, and goes on beside.
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
