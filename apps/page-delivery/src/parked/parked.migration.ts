import { DROP_PARKED_TABLES, PARKED_TABLES } from '@vouchers/outcomes';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A table of vouchers that cannot be projected. `revision` grows when anything else than the projector writes rows of
 * the partition.
 */
export class ParkedVouchers1764460000020 implements MigrationInterface {
  readonly name = 'ParkedVouchers1764460000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL lock_timeout = '3s';
      ALTER TABLE positions ADD COLUMN revision integer NOT NULL DEFAULT 0;
      COMMENT ON COLUMN positions.revision IS 'Part of the fence. A retry or a rebuild increases it, so that projectors and replicas clear their caches';
      ${PARKED_TABLES}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${DROP_PARKED_TABLES}; ALTER TABLE positions DROP COLUMN revision`);
  }
}
