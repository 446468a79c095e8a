import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LEDGER_ROLE } from './ledger.migration.ts';

/**
 * Room for what simulations need. A column without a default rewrites nothing; a ledger of the release before names its
 * columns, and goes on beside.
 */
export class Recording1764460000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Behind a long reader it gives up and is tried again, instead of stopping every writer behind itself.
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    await runner.query('ALTER TABLE events ADD COLUMN submission json');
    // Many batches change the same few rows, and none of them needs an index changed.
    await runner.query(`CREATE TABLE refused_pushes (
      partition int NOT NULL,
      voucher_id uuid NOT NULL,
      reason text NOT NULL,
      count bigint NOT NULL CHECK (count > 0),
      PRIMARY KEY (partition, voucher_id, reason)
    ) WITH (fillfactor = 50)`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON refused_pushes TO ${LEDGER_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refused_pushes');
    await runner.query('ALTER TABLE events DROP COLUMN submission');
  }
}
