import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns that make the positions of the outcomes a fence, as in page-delivery. Their defaults rewrite no row. */
export class FencedPositions1764460000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL lock_timeout = '3s';
      ALTER TABLE outcome_positions
        ADD COLUMN cluster_id text,
        ADD COLUMN topic_id text,
        ADD COLUMN revision integer NOT NULL DEFAULT 0;
      COMMENT ON COLUMN outcome_positions.topic_id IS 'The topic that is followed. NULL if an older release wrote the row';
      COMMENT ON COLUMN outcome_positions.revision IS 'Part of the fence. A retry or a rebuild increases it, so that followers start again from the stored rows'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE outcome_positions DROP COLUMN cluster_id, DROP COLUMN topic_id, DROP COLUMN revision',
    );
  }
}
