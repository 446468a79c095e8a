import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Columns for versions that name a new attribute: such a version leads, which means that it is published to the
 * definitions some time before the submissions. The columns' defaults rewrite no row.
 */
export class DefinitionLead1764460000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    await runner.query(
      'ALTER TABLE outbox ADD COLUMN leads boolean NOT NULL DEFAULT false, ADD COLUMN defined_at timestamptz',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox DROP COLUMN leads, DROP COLUMN defined_at');
  }
}
