import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The entries of waiting lists. A page-delivery of the previous release does not write them. */
export class Entries1764460000330 implements MigrationInterface {
  readonly name = 'Entries1764460000330';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE entries (
        entry_id   uuid PRIMARY KEY,
        voucher_id uuid NOT NULL,
        user_id    text COLLATE "C" NOT NULL,
        state      text COLLATE "C" NOT NULL,
        rank       int NOT NULL,
        number     bigint NOT NULL,
        entry      json NOT NULL
      );
      CREATE INDEX entries_by_user ON entries (user_id, entry_id);
      CREATE INDEX entries_in_line ON entries (voucher_id, rank DESC, number) WHERE state = 'waiting';
      CREATE INDEX entries_live ON entries (user_id, voucher_id) WHERE state IN ('waiting', 'offered');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE entries');
  }
}
