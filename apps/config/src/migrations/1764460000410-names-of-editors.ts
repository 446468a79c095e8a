import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = [
  ['voucher_versions', 'by_name'],
  ['pages', 'updated_by_name'],
] as const;

/** Columns for the names that the issuer told of those who wrote vouchers and pages. Earlier rows have none. */
export class NamesOfEditors1764460000410 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    for (const [table, column] of COLUMNS) await runner.query(`ALTER TABLE ${table} ADD COLUMN ${column} text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, column] of COLUMNS) await runner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }
}
