import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row: by which key and under which mode everything was published last. */
export class SignedPublications1764460000310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE signed_publication (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        signed_as text NOT NULL,
        at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signed_publication');
  }
}
