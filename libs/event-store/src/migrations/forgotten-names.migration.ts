import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forgottenDataWithEntry } from './waiting-list.migration.ts';

/** Forgetting replaces the names of actors, too. */
export class ForgottenNames1764460000410 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(forgottenDataWithEntry());
  }

  // The function before it left names as they are, so it must not come back.
  down(): Promise<void> {
    return Promise.resolve();
  }
}
