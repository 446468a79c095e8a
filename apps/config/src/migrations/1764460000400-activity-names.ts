import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A column for the name that the issuer told of the actor, as it was then. Earlier rows have none. */
export class ActivityNames1764460000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    await runner.query('ALTER TABLE activity ADD COLUMN by_name text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE activity DROP COLUMN by_name');
  }
}
