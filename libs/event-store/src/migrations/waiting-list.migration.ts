import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FORGET_USER, FORGOTTEN_DATA } from './forgetting.migration.ts';

/**
 * The entries of waiting lists, and what claims and vouchers need beside them. A ledger of the previous release keeps
 * working on these tables. It would ignore a waiting list, so it cannot store a definition with one: it stops there
 * until a ledger of this release takes over. `offering` shows who writes, because only this release sets it.
 */
export class WaitingList1764460000340 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    await runner.query(`CREATE TABLE entries (
      partition int NOT NULL,
      entry_id uuid NOT NULL,
      voucher_id uuid NOT NULL,
      voucher_version int NOT NULL,
      user_id text NOT NULL,
      state text NOT NULL CHECK (state IN ('waiting', 'offered', 'claimed', 'lapsed', 'left')),
      rank int NOT NULL CHECK (rank BETWEEN -1000 AND 1000),
      number bigint NOT NULL CHECK (number >= 1),
      joined_at timestamptz NOT NULL,
      joined_seq bigint NOT NULL,
      offer_at timestamptz,
      offer_until timestamptz,
      ended_at timestamptz,
      PRIMARY KEY (partition, entry_id),
      CHECK ((state = 'offered') = (offer_at IS NOT NULL AND offer_until IS NOT NULL)),
      CHECK ((state IN ('waiting', 'offered')) = (ended_at IS NULL))
    )`);
    await runner.query(`CREATE INDEX entries_waiting ON entries (partition, voucher_id, rank DESC, number)
      WHERE state = 'waiting'`);
    await runner.query(`CREATE INDEX entries_offered ON entries (partition, voucher_id, offer_until, entry_id)
      WHERE state = 'offered'`);
    // It is not unique: one batch may end an entry and make the next one of the same user.
    await runner.query(`CREATE INDEX entries_live ON entries (partition, voucher_id, user_id)
      WHERE state IN ('waiting', 'offered')`);
    await runner.query('ALTER TABLE claims ADD COLUMN more json');
    await runner.query('ALTER TABLE vouchers ADD COLUMN offering boolean');
    await runner.query(`CREATE FUNCTION know_waiting_lists() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.offering IS NULL AND (coalesce(NEW.definition #>> '{spec,waitingList}', NEW.definition #>> '{spec,notices}',
          NEW.definition #>> '{spec,extension}') IS NOT NULL) THEN
        RAISE EXCEPTION 'voucher % has a waiting list, notices or an extension: this ledger does not know them, upgrade it',
          NEW.voucher_id USING ERRCODE = 'object_not_in_prerequisite_state';
      END IF;
      RETURN NEW;
    END $$`);
    await runner.query(`CREATE TRIGGER know_waiting_lists BEFORE INSERT ON vouchers
      FOR EACH ROW EXECUTE FUNCTION know_waiting_lists()`);
    await runner.query(forgottenDataWithEntry());
    await runner.query(forgetUserWithEntries());
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const before of [FORGOTTEN_DATA, FORGET_USER]) await runner.query(replacing(before));
    await runner.query('DROP TRIGGER know_waiting_lists ON vouchers');
    await runner.query('DROP FUNCTION know_waiting_lists');
    await runner.query('ALTER TABLE vouchers DROP COLUMN offering');
    await runner.query('ALTER TABLE claims DROP COLUMN more');
    await runner.query('DROP TABLE entries');
  }
}

const DATA_OF_ENTRY = `'entry', CASE WHEN data #>> '{entry,userId}' = who THEN
  json_put(data -> 'entry', 'userId', to_json(pseudonym)::text)::text END, `;
const ENTRIES_OF_USER = `UPDATE entries n SET user_id = pseudonym
  FROM (SELECT DISTINCT voucher_id FROM events WHERE partition = the_partition AND seq = ANY (own)) e
  WHERE n.partition = the_partition AND n.voucher_id = e.voucher_id AND n.user_id = who;
    `;

/** The function with which an event's data forget a user in an entry, too. */
export const forgottenDataWithEntry = (): string => replacing(FORGOTTEN_DATA, "'comment',", DATA_OF_ENTRY);

/** The function that forgets a user, in entries too. @param more statements that it also runs */
export const forgetUserWithEntries = (more = ''): string =>
  replacing(FORGET_USER, 'UPDATE skip_orders', ENTRIES_OF_USER + more);

/** The statement that replaces a function, with `more` before this place in its text. */
function replacing(statement: string, place = '', more = ''): string {
  if (!statement.includes(place)) throw new Error(`no ${place} in the function`);
  return statement.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION').replace(place, more + place);
}
