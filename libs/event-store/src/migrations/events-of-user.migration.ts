import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds a user's events. The index has the hash of the user's id, which is smaller than the id, and leaves out pushes,
 * which are most of the events. It is built while the ledger goes on writing, so it needs no transaction. An index that
 * a crash left half built is not valid, and is made again.
 */
export class EventsOfUser1764460000330 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // Building an index concurrently waits for all older transactions.
    await runner.query(`SET lock_timeout = '60s'`);
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS events_of_user');
    await runner.query(`CREATE INDEX CONCURRENTLY events_of_user ON events (partition, hashtext(user_id), seq)
      WHERE user_id IS NOT NULL AND type <> 'voucher.pushed.v1'`);
    await runner.query('RESET lock_timeout');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX events_of_user');
  }
}
