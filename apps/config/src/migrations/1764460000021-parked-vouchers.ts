import { DROP_PARKED_TABLES, PARKED_TABLES } from '@vouchers/outcomes';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ParkedVouchers1764460000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PARKED_TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DROP_PARKED_TABLES);
  }
}
