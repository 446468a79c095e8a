import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Templates of a team and views of its members. The order of names is that of their bytes, as cursors need it. */
export class SavedItems1764460000420 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE saved_items (
        kind  text NOT NULL CHECK (kind IN ('templates', 'views')),
        team  text NOT NULL,
        owner text NOT NULL,
        name  text COLLATE "C" NOT NULL,
        value json NOT NULL,
        at    timestamptz NOT NULL,
        PRIMARY KEY (kind, team, owner, name)
      );
      COMMENT ON COLUMN saved_items.owner IS 'The user of a view. Empty for a template, which is the team''s';
      CREATE INDEX saved_items_of_owner ON saved_items (owner) WHERE owner <> ''`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE saved_items');
  }
}
