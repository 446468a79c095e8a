import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of who had a user forgotten, and of how far that is. Neither names the user. */
export class Forgettings1764460000320 implements MigrationInterface {
  readonly name = 'Forgettings1764460000320';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE forgettings (
        forgetting_id uuid PRIMARY KEY,
        asked_by      text NOT NULL,
        team          text NOT NULL,
        asked_at      timestamptz NOT NULL DEFAULT now()
      );
      COMMENT ON TABLE forgettings IS 'Who asked that a user be forgotten. No part of the read model: a rebuild keeps it';

      CREATE TABLE forgotten_partitions (
        forgetting_id uuid NOT NULL,
        partition     integer NOT NULL,
        PRIMARY KEY (forgetting_id, partition)
      );
      COMMENT ON TABLE forgotten_partitions IS 'The partitions in which the user is forgotten, as the outcomes say';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE forgotten_partitions, forgettings');
  }
}
