import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LEDGER_ROLE } from './ledger.migration.ts';

/** An advisory lock of the session. It allows one rebuild at a time, and a crash frees it. */
export const REBUILD_LOCK = 0x72656275;

/**
 * Tables and functions to forget a user. The ledger may not change events. It may only call `forget_user` and
 * `drop_kept_facts`, which run with the rights of the migrating login and change nothing but what names the user. It
 * adds only tables and functions, so a ledger of the previous release keeps working.
 */
export class Forgetting1764460000320 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...FORMS, FORGET_USER, DROP_KEPT_FACTS, ...RIGHTS])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP FUNCTION drop_kept_facts, forget_user, forgotten_submission, forgotten_data, forgotten_order, json_put',
    );
    await runner.query('DROP TABLE forgotten_events, kept_facts, forgettings');
  }
}

const TABLES = [
  // A row lives from the request until followers can read whom to forget on Kafka. Then nothing here names the user.
  `CREATE TABLE forgettings (
    partition int NOT NULL,
    forgetting_id uuid NOT NULL,
    user_id text NOT NULL,
    salt text NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by json NOT NULL,
    seq bigint,
    askers json,
    PRIMARY KEY (partition, forgetting_id)
  )`,
  `COMMENT ON COLUMN forgettings.seq IS 'The event by which the user was forgotten. NULL until then'`,
  // The claims of forgotten users that live, or may live again, and whose use rule asks for facts.
  `CREATE TABLE kept_facts (
    partition int NOT NULL,
    claim_id uuid NOT NULL,
    claimed_seq bigint NOT NULL,
    PRIMARY KEY (partition, claim_id)
  )`,
  // Commitments to what each forgetting left of the events that it changed. The event `forgotten_by` attests its rows.
  `CREATE TABLE forgotten_events (
    partition int NOT NULL,
    seq bigint NOT NULL,
    forgotten_by bigint NOT NULL,
    remainder bytea NOT NULL,
    PRIMARY KEY (partition, seq, forgotten_by)
  )`,
  'CREATE INDEX forgotten_events_by ON forgotten_events (partition, forgotten_by, seq)',
];

/** The function that makes an event's data without the user. */
export const FORGOTTEN_DATA = `CREATE FUNCTION forgotten_data(data json, own boolean, who text, pseudonym text, salt text)
    RETURNS json LANGUAGE sql IMMUTABLE AS $$
    SELECT json_put(data,
      'userId', CASE WHEN data ->> 'userId' = who THEN to_json(pseudonym)::text END,
      'claim', CASE WHEN data #>> '{claim,userId}' = who THEN json_put(data -> 'claim',
        'userId', to_json(pseudonym)::text,
        'lock', json_put(data #> '{claim,lock}', 'orderId', forgotten_order(data #>> '{claim,lock,orderId}', salt))::text
      )::text END,
      'redemption', CASE WHEN data #>> '{redemption,userId}' = who THEN json_put(data -> 'redemption',
        'userId', to_json(pseudonym)::text,
        'order', json_put(data #> '{redemption,order}', 'id', forgotten_order(data #>> '{redemption,order,id}', salt))::text
      )::text END,
      'comment', CASE WHEN own THEN to_json(pseudonym)::text END,
      'bodyHash', CASE WHEN own THEN to_json(pseudonym)::text END,
      'asker', CASE WHEN own OR data #>> '{by,sub}' = who THEN to_json(pseudonym)::text END,
      'by', CASE WHEN data #>> '{by,sub}' = who THEN json_put(data -> 'by',
        'sub', to_json(pseudonym)::text,
        'name', to_json(pseudonym)::text)::text END)
  $$`;

/** They keep the order of keys and the text of other values, so that a rebuild writes the same bytes. */
const FORMS = [
  `CREATE FUNCTION json_put(object json, VARIADIC pairs text[]) RETURNS json LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN object IS NOT NULL THEN ('{' || coalesce(string_agg(to_json(e.key)::text || ':' || coalesce(
      (SELECT pairs[i + 1] FROM generate_series(1, cardinality(pairs), 2) AS i WHERE pairs[i] = e.key),
      e.value::text), ',' ORDER BY e.place), '') || '}')::json END
    FROM json_each(object) WITH ORDINALITY AS e (key, value, place)
  $$`,
  `COMMENT ON FUNCTION json_put IS 'Replaces the values of keys that the object has. Pairs of key and JSON text; a NULL text replaces nothing'`,
  `CREATE FUNCTION forgotten_order(order_id text, salt text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT to_json(CASE WHEN order_id LIKE 'forgotten-%' THEN order_id ELSE
      'forgotten-' || left(encode(sha256(convert_to(salt || ' order ' || order_id, 'UTF8')), 'hex'), 32) END)::text
  $$`,
  `CREATE FUNCTION forgotten_submission(submission json, salt text) RETURNS json LANGUAGE sql IMMUTABLE AS $$
    SELECT json_put(submission,
      'orderId', forgotten_order(submission ->> 'orderId', salt),
      'order', json_put(submission -> 'order', 'id', forgotten_order(submission #>> '{order,id}', salt))::text)
  $$`,
  FORGOTTEN_DATA,
];

/**
 * `by_seq`: the seq of the event that says so. `mentioned`: the events that name the user, in the form of
 * `ForgottenEvent`, or with `seq` alone if they have no submission. `kept`: by voucher, the facts that a live claim
 * keeps, such as `{"…": ["user.tier"]}`.
 */
export const FORGET_USER = `
  CREATE FUNCTION forget_user(
    the_partition int, who text, pseudonym text, secret text, by_seq bigint, mentioned json, kept json
  ) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    seqs bigint[] := (SELECT coalesce(array_agg((m ->> 'seq')::bigint), '{}') FROM json_array_elements(mentioned) m);
    own bigint[];
  BEGIN
    IF pseudonym NOT LIKE 'forgotten-%' OR who LIKE 'forgotten-%' THEN
      RAISE EXCEPTION 'not a user to forget, or not a pseudonym';
    END IF;
    SELECT coalesce(array_agg(seq ORDER BY seq), '{}') INTO own
      FROM events WHERE partition = the_partition AND seq = ANY (seqs) AND user_id = who;
    INSERT INTO kept_facts (partition, claim_id, claimed_seq)
      SELECT c.partition, c.claim_id, c.claimed_seq
      FROM events e JOIN claims c ON c.partition = e.partition AND c.claim_id = e.claim_id
      WHERE e.partition = the_partition AND e.seq = ANY (own) AND e.type = 'voucher.claimed.v1'
        AND (c.due_at IS NOT NULL OR c.state = 'redeemed' AND c.use_until >= now())
        AND EXISTS (SELECT FROM json_object_keys(c.facts) AS name WHERE (kept -> c.voucher_id::text)::jsonb ? name)
      ON CONFLICT DO NOTHING;
    UPDATE claims c SET user_id = pseudonym, facts = coalesce(
        (SELECT '{' || string_agg(to_json(f.key)::text || ':' || f.value::text, ',' ORDER BY f.place) || '}'
          FROM json_each(c.facts) WITH ORDINALITY AS f (key, value, place)
          WHERE (kept -> c.voucher_id::text)::jsonb ? f.key AND EXISTS (
            SELECT FROM kept_facts k WHERE k.partition = c.partition AND k.claim_id = c.claim_id)), '{}')::json,
        lock_order_id = trim('"' FROM forgotten_order(c.lock_order_id, secret))
      FROM events e WHERE e.partition = the_partition AND e.seq = ANY (own) AND e.type = 'voucher.claimed.v1'
        AND c.partition = e.partition AND c.claim_id = e.claim_id;
    UPDATE redemptions r SET user_id = pseudonym,
        "order" = json_put(r."order", 'id', forgotten_order(r."order" ->> 'id', secret))
      FROM events e WHERE e.partition = the_partition AND e.seq = ANY (own) AND e.type = 'voucher.redeemed.v1'
        AND r.partition = e.partition AND r.redemption_id = e.redemption_id;
    UPDATE voucher_users u SET user_id = pseudonym
      FROM (SELECT DISTINCT voucher_id FROM events WHERE partition = the_partition AND seq = ANY (own)) e
      WHERE u.partition = the_partition AND u.voucher_id = e.voucher_id AND u.user_id = who;
    UPDATE skip_orders SET ordered_by = pseudonym WHERE partition = the_partition AND ordered_by = who;
    INSERT INTO forgotten_events (partition, seq, forgotten_by, remainder)
      SELECT the_partition, m.seq, by_seq, decode(m.remainder, 'hex')
      FROM json_to_recordset(mentioned) AS m (seq bigint, remainder text) WHERE m.remainder IS NOT NULL;
    UPDATE events e SET
        user_id = CASE WHEN e.user_id = who THEN pseudonym ELSE e.user_id END,
        data = forgotten_data(e.data, e.user_id IS NOT DISTINCT FROM who, who, pseudonym, secret),
        facts = CASE WHEN e.user_id = who THEN
          (SELECT c.facts FROM kept_facts k JOIN claims c ON c.partition = k.partition AND c.claim_id = k.claim_id
            WHERE k.partition = e.partition AND k.claimed_seq = e.seq) ELSE e.facts END,
        submission = CASE WHEN e.user_id = who THEN forgotten_submission(e.submission, secret)
          ELSE e.submission END,
        commitment = decode(m.commitment, 'hex'),
        salt = m.salt
      FROM json_to_recordset(mentioned) AS m (seq bigint, commitment text, salt uuid)
      WHERE e.partition = the_partition AND e.seq = m.seq;
  END $$`;

/**
 * A claim that is over needs no facts, unless its last use may still be rolled back. While a rebuild (its advisory lock
 * is in rebuild.ts) compares claims with events that it has read before, they stay.
 */
const DROP_KEPT_FACTS = `
  CREATE FUNCTION drop_kept_facts(partitions int[]) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    dropped int;
  BEGIN
    IF EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = ${REBUILD_LOCK}
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) THEN
      RETURN 0;
    END IF;
    WITH over AS (
      DELETE FROM kept_facts k USING claims c
      WHERE k.partition = ANY (partitions) AND c.partition = k.partition AND c.claim_id = k.claim_id
        AND c.due_at IS NULL AND (c.state <> 'redeemed' OR c.use_until < now())
      RETURNING k.partition, k.claim_id, k.claimed_seq
    ), claims_dropped AS (
      UPDATE claims c SET facts = '{}' FROM over WHERE c.partition = over.partition AND c.claim_id = over.claim_id
    ), events_dropped AS (
      UPDATE events e SET facts = NULL FROM over WHERE e.partition = over.partition AND e.seq = over.claimed_seq
    )
    SELECT count(*) INTO dropped FROM over;
    RETURN dropped;
  END $$`;

const RIGHTS = [
  'REVOKE ALL ON FUNCTION forget_user, drop_kept_facts FROM PUBLIC',
  `GRANT EXECUTE ON FUNCTION forget_user, drop_kept_facts TO ${LEDGER_ROLE}`,
];
