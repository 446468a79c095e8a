import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Stores what simulations need. A column without a default rewrites no row. A ledger of the previous release names its
 * columns in each statement, so it keeps working.
 */
export class Recording1764460000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // While this waits for a long reader, every writer waits behind it. So it gives up soon and is tried again.
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    await runner.query('ALTER TABLE events ADD COLUMN submission json');
    // Many batches update the same few rows. The free space lets Postgres do so without changing the index.
    await runner.query(`CREATE TABLE refused_pushes (
      partition int NOT NULL,
      voucher_id uuid NOT NULL,
      reason text NOT NULL,
      count bigint NOT NULL CHECK (count > 0),
      PRIMARY KEY (partition, voucher_id, reason)
    ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refused_pushes');
    await runner.query('ALTER TABLE events DROP COLUMN submission');
  }
}
