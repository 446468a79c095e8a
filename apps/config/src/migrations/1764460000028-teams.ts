// Columns for the teams that lists and pages ask about. Triggers set them, whichever release writes. Each step is short
// for a live system and may run again, so no transaction surrounds the steps.
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The number of activities whose team one statement sets. */
const SET_AT_ONCE = 1_000;

export class Teams1764460000028 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET lock_timeout = '3s'`);
    // Each statement locks only one table, since an older release that still runs may lock them in another order.
    await runner.query(`
      ALTER TABLE vouchers ADD COLUMN IF NOT EXISTS placements json;
      CREATE OR REPLACE FUNCTION note_placements() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.placements := NEW.spec -> 'placements'; RETURN NEW; END $$;
      CREATE OR REPLACE TRIGGER note_placements BEFORE INSERT OR UPDATE OF spec ON vouchers
        FOR EACH ROW EXECUTE FUNCTION note_placements()`);
    // Release 0.1.0 writes activities without a team. Only the team of a thing changes it, so that is the actor's, too.
    await runner.query(`
      CREATE OR REPLACE FUNCTION team_of(activity) RETURNS text LANGUAGE sql STABLE AS
        $$ SELECT CASE WHEN $1.voucher_id IS NULL THEN (SELECT team FROM pages WHERE slug = $1.slug)
                       ELSE (SELECT team FROM vouchers WHERE id = $1.voucher_id) END $$;
      CREATE OR REPLACE FUNCTION note_team() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.team := team_of(NEW); RETURN NEW; END $$;
      CREATE OR REPLACE TRIGGER note_team BEFORE INSERT ON activity
        FOR EACH ROW WHEN (NEW.team IS NULL) EXECUTE FUNCTION note_team()`);
    await setTeams(runner);
    // Building an index concurrently waits for all older transactions. A crash may have left an invalid index.
    await runner.query(`SET lock_timeout = '60s'`);
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS activity_of_team');
    await runner.query('CREATE INDEX CONCURRENTLY activity_of_team ON activity (team, id)');
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS vouchers_listed_by_team');
    await runner.query('CREATE INDEX CONCURRENTLY vouchers_listed_by_team ON vouchers (team, id)');
    await runner.query('RESET lock_timeout');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX activity_of_team, vouchers_listed_by_team;
      DROP TRIGGER note_team ON activity;
      DROP FUNCTION note_team;
      DROP FUNCTION team_of;
      DROP TRIGGER note_placements ON vouchers;
      DROP FUNCTION note_placements;
      ALTER TABLE vouchers DROP COLUMN placements;`);
  }
}

/** Sets the team of stored activities in slices, in order of ids, so that staff can write meanwhile. */
async function setTeams(runner: QueryRunner): Promise<void> {
  let after = '0';
  for (;;) {
    const [slice] = (await runner.query(
      `WITH slice AS (SELECT id FROM activity WHERE id > $1 ORDER BY id LIMIT $2),
            changed AS (UPDATE activity SET team = team_of(activity)
                    WHERE id IN (SELECT id FROM slice) AND team IS NULL)
       SELECT max(id)::text AS last FROM slice`,
      [after, SET_AT_ONCE],
    )) as [{ last: string | null }];
    if (slice.last === null) return;
    after = slice.last;
  }
}
