import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The team of a voucher, by which lists and sums are filtered. A trigger sets it with the voucher's first definition,
 * so a ledger of the previous release sets it, too. A voucher's team never changes. Older rows keep NULL, because a
 * ledger loses the write of a row that another process changes at the same time. Their definition has the team.
 */
export class VoucherTeam1764460000058 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    await runner.query(`CREATE FUNCTION note_team() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.team := NEW.definition ->> 'team'; RETURN NEW; END $$`);
    await runner.query('ALTER TABLE vouchers ADD COLUMN team text');
    await runner.query('CREATE TRIGGER note_team BEFORE INSERT ON vouchers FOR EACH ROW EXECUTE FUNCTION note_team()');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER note_team ON vouchers');
    await runner.query('ALTER TABLE vouchers DROP COLUMN team');
    await runner.query('DROP FUNCTION note_team');
  }
}
