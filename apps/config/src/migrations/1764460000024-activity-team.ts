import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The activity names the team as well. Rows of earlier releases have none: a team is named by its tokens alone. */
export class ActivityTeam1764460000024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    await runner.query('ALTER TABLE activity ADD COLUMN team text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE activity DROP COLUMN team');
  }
}
