import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A column for the team of each activity. Rows of earlier releases have none, since only tokens name a team. */
export class ActivityTeam1764460000024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    await runner.query('ALTER TABLE activity ADD COLUMN team text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE activity DROP COLUMN team');
  }
}
