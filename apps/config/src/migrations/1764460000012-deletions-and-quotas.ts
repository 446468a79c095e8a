// Columns, tables and indexes for deletions and quotas. Each step is short for a live system: no table is rewritten,
// and the indexes are built concurrently. So no transaction surrounds the steps, and every step may run again.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The number of vouchers whose bytes one statement counts. */
const COUNTED_AT_ONCE = 500;

export class DeletionsAndQuotas1764460000012 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET lock_timeout = '3s'`);
    // Each statement locks only one table, since an older release that still runs may lock the tables in another order.
    await runner.query(`
      ALTER TABLE outbox DROP CONSTRAINT IF EXISTS outbox_kind_check,
        ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('voucher', 'page', 'deleted-voucher', 'deleted-page')) NOT VALID,
        ADD COLUMN IF NOT EXISTS due_at timestamptz NOT NULL DEFAULT '-infinity',
        ADD COLUMN IF NOT EXISTS refusal text`);
    await runner.query(`
      COMMENT ON COLUMN outbox.refusal IS 'Why Kafka does not take it. It is tried again from due_at on';
      CREATE TABLE IF NOT EXISTS deleted_pages (
        slug    text PRIMARY KEY,
        version integer NOT NULL
      );
      COMMENT ON TABLE deleted_pages IS 'A page that is made again goes on from this version: no ETag of old names it'`);
    await runner.query(`
      ALTER TABLE vouchers ADD COLUMN IF NOT EXISTS spec_bytes integer;
      CREATE OR REPLACE FUNCTION count_spec_bytes() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN NEW.spec_bytes := octet_length(NEW.spec::text); RETURN NEW; END';
      CREATE OR REPLACE TRIGGER count_spec_bytes BEFORE INSERT OR UPDATE OF spec ON vouchers
        FOR EACH ROW EXECUTE FUNCTION count_spec_bytes()`);
    await countStored(runner);
    // Building an index concurrently waits for all older transactions.
    await runner.query(`SET lock_timeout = '60s'`);
    // A crash may have left an invalid index.
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS vouchers_of_team');
    await runner.query(
      `CREATE INDEX CONCURRENTLY vouchers_of_team ON vouchers (team) INCLUDE (intent, spec_bytes) WHERE state <> 'terminated'`,
    );
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS pages_of_team');
    await runner.query('CREATE INDEX CONCURRENTLY pages_of_team ON pages (team)');
    await runner.query('RESET lock_timeout');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX pages_of_team, vouchers_of_team;
      DROP TRIGGER count_spec_bytes ON vouchers;
      DROP FUNCTION count_spec_bytes;
      ALTER TABLE vouchers DROP COLUMN spec_bytes;
      DROP TABLE deleted_pages;
      DELETE FROM outbox WHERE kind LIKE 'deleted-%';
      ALTER TABLE outbox DROP COLUMN due_at, DROP COLUMN refusal, DROP CONSTRAINT outbox_kind_check,
        ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('voucher', 'page'));`);
  }
}

/** Counts in slices, in order of ids, so that staff can write meanwhile. */
async function countStored(runner: QueryRunner): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const [slice] = (await runner.query(
      `WITH slice AS (SELECT id FROM vouchers WHERE id > $1 ORDER BY id LIMIT $2),
            counted AS (UPDATE vouchers SET spec_bytes = octet_length(spec::text)
                        WHERE id IN (SELECT id FROM slice) AND spec_bytes IS NULL)
       SELECT max(id::text) AS last FROM slice`,
      [after, COUNTED_AT_ONCE],
    )) as [{ last: string | null }];
    if (slice.last === null) return;
    after = slice.last;
  }
}
