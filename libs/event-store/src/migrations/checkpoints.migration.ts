import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LEDGER_ROLE } from './ledger.migration.ts';

/** Lets the ledger delete checkpoints, which can be computed again from the events. A grant changes no table. */
export class CheckpointsThin1764460000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`GRANT DELETE ON checkpoints TO ${LEDGER_ROLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`REVOKE DELETE ON checkpoints FROM ${LEDGER_ROLE}`);
  }
}
