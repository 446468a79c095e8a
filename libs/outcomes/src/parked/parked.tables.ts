// The tables of a follower that parks vouchers. config and page-delivery have the same ones.

/** The tables of parked vouchers and of operators' actions. */
export const PARKED_TABLES = `
  CREATE TABLE parked_vouchers (
    voucher_id uuid PRIMARY KEY,
    partition  smallint NOT NULL,
    first_seq  bigint NOT NULL,
    reason     text NOT NULL,
    at         timestamptz NOT NULL DEFAULT now()
  );
  COMMENT ON TABLE parked_vouchers IS 'Vouchers whose event first_seq could not be followed: later ones are left out until a retry. No records are kept';

  CREATE TABLE operator_actions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT now(),
    by         text NOT NULL,
    action     text NOT NULL,
    subject    text NOT NULL,
    outcome    text NOT NULL
  );
  CREATE INDEX operator_actions_by_subject ON operator_actions (subject, id);
  COMMENT ON TABLE operator_actions IS 'What the command "parked" did, who asked for it, and how it ended';
`;
export const DROP_PARKED_TABLES = 'DROP TABLE operator_actions, parked_vouchers';

/** A voucher that is not followed. `firstSeq` is its first event that was left out. */
export interface ParkedVoucher {
  voucherId: string;
  partition: number;
  firstSeq: number;
  reason: string;
  /** The time at which it was parked. RFC 3339 in UTC. */
  at: string;
}

/** Runs a statement on the service's connection and returns its rows. */
export type Ask = <Row>(text: string, values?: unknown[]) => Promise<Row[]>;

/** If more vouchers are parked, the cause is not in the vouchers, and the follower halts. */
export const MOST_PARKED = 10_000;
const LONGEST_REASON = 500;

const COLUMNS = `voucher_id AS "voucherId", partition, first_seq::float8 AS "firstSeq", reason,
  to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`;

/** All parked vouchers, oldest first. */
export const LIST_PARKED = `SELECT ${COLUMNS} FROM parked_vouchers ORDER BY at, voucher_id LIMIT ${MOST_PARKED}`;
/** The parked voucher with id $1. */
export const ONE_PARKED = `SELECT ${COLUMNS} FROM parked_vouchers WHERE voucher_id = $1`;
/** Records an action: $1 by, $2 action, $3 subject, $4 outcome. */
export const RECORD_ACTION = 'INSERT INTO operator_actions (by, action, subject, outcome) VALUES ($1, $2, $3, $4)';
export const LIST_ACTIONS = `SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at, by, action, subject, outcome
  FROM operator_actions WHERE subject = $1 ORDER BY id DESC LIMIT 50`;
/** An order to skip the record $1. Only a recent one counts, because an old order may be about another log. */
export const SKIP_ORDER = `SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at, by, outcome
  FROM operator_actions WHERE subject = $1 AND action = 'skip' AND at > now() - interval '1 day' ORDER BY id DESC LIMIT 1`;

/** The stored reason of an error: a text of limited length that Postgres can store. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = typeof error === 'string' ? error : String(message ?? error);
  const said = typeof code === 'string' ? `SQLSTATE ${code}: ${text}` : text;
  return said.replaceAll('\u0000', '').slice(0, LONGEST_REASON) || 'unknown';
}
