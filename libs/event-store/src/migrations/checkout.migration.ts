import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The discounts of redemptions. A ledger of the previous release keeps working on this table. It would ignore a
 * combination or a budget, so it cannot store a definition with one, as with waiting lists: `offering` shows who writes.
 */
export class Checkout1764460000420 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    await runner.query('ALTER TABLE redemptions ADD COLUMN discount json');
    await runner.query(`CREATE FUNCTION know_combinations() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.offering IS NULL AND coalesce(NEW.definition #>> '{spec,combine}',
          NEW.definition #>> '{spec,quantities,budget}') IS NOT NULL THEN
        RAISE EXCEPTION 'voucher % has a combination or a budget: this ledger does not know them, upgrade it',
          NEW.voucher_id USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      RETURN NEW;
    END $$`);
    await runner.query(`CREATE TRIGGER know_combinations BEFORE INSERT ON vouchers
      FOR EACH ROW EXECUTE FUNCTION know_combinations()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER know_combinations ON vouchers');
    await runner.query('DROP FUNCTION know_combinations');
    await runner.query('ALTER TABLE redemptions DROP COLUMN discount');
  }
}
