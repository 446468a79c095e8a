// The tables that a rebuild makes, and the SQL that compares and replaces their rows.

/** The schema of the rebuilt tables. */
export const REBUILT = 'rebuild';

export interface Projection {
  table: string;
  /** The key columns after the partition, with their types. */
  key: readonly (readonly [column: string, type: 'uuid' | 'text'])[];
  /** The other columns. JSON has no equality in Postgres, so it is compared as text. */
  columns: readonly string[];
}

/**
 * The projections of the ledger. A voucher's `wake_at` is only a hint, and `offering` is null until this release has
 * written the row, so they are not compared.
 */
export const PROJECTIONS: readonly Projection[] = [
  {
    table: 'vouchers',
    key: [['voucher_id', 'uuid']],
    columns: listed(`status, enabled, revoking, time, last_version, last_verdict, head_seq, head_at, free, counters,
      definition::text, labels`),
  },
  {
    table: 'claims',
    key: [['claim_id', 'uuid']],
    columns: listed(`voucher_id, voucher_version, user_id, state, uses, held_at, use_from, use_until, lock_order_id,
      lock_until, ended_by, due_at, claimed_seq, facts::text, more::text`),
  },
  {
    table: 'voucher_users',
    key: [
      ['voucher_id', 'uuid'],
      ['user_id', 'text'],
    ],
    columns: listed('pushed, claims'),
  },
  {
    table: 'redemptions',
    key: [['redemption_id', 'uuid']],
    columns: listed('claim_id, voucher_id, user_id, "order"::text, at, rolled_back_at, discount::text'),
  },
  {
    table: 'entries',
    key: [['entry_id', 'uuid']],
    columns: listed(`voucher_id, voucher_version, user_id, state, rank, number, joined_at, joined_seq, offer_at,
      offer_until, ended_at`),
  },
];

function listed(columns: string): string[] {
  return columns.split(',').map((column) => column.trim());
}

const keysOf = ({ key }: Projection, of = ''): string => key.map(([column]) => `${of}${column}`).join(', ');
const rowsOf = (projection: Projection, schema: string, where: string): string =>
  `SELECT ${keysOf(projection)}, ${projection.columns.join(', ')} FROM ${schema}.${projection.table} t
   WHERE partition = $1 AND ${where}`;

/** Selects the last key of a slice as text: $1 partition, $2 rows, from $3 the key after which the slice begins. */
export function endOfSlice(projection: Projection, begun: boolean): string {
  const { key, table } = projection;
  const after = begun ? `AND (${keysOf(projection)}) > (${parameters(projection, 3)})` : '';
  const last = (schema: string): string =>
    `(SELECT ${keysOf(projection)} FROM ${schema}.${table} WHERE partition = $1 ${after}
      ORDER BY ${keysOf(projection)} OFFSET $2 LIMIT 1)`;
  return `SELECT ${key.map(([column]) => `${column}::text`).join(', ')} FROM (${last('public')} UNION ALL ${last(REBUILT)}) ends
    ORDER BY ${keysOf(projection)} LIMIT 1`;
}

/**
 * Selects the keys of the rows that differ in a slice, as text: $1 partition, from $2 the key before the slice, then
 * its last key.
 */
export function suspectsIn(projection: Projection, begun: boolean, ends: boolean): string {
  const { key } = projection;
  const bounds = [
    ...(begun ? [`(${keysOf(projection)}) > (${parameters(projection, 2)})`] : []),
    ...(ends ? [`(${keysOf(projection)}) <= (${parameters(projection, begun ? 2 + key.length : 2)})`] : []),
  ];
  const rows = (schema: string): string => rowsOf(projection, schema, bounds.join(' AND ') || 'true');
  return `SELECT ${key.map(([column]) => `coalesce(live.${column}, rebuilt.${column})::text AS ${column}`).join(', ')}
    FROM (${rows('public')}) live FULL JOIN (${rows(REBUILT)}) rebuilt
      ON ${key.map(([column]) => `live.${column} = rebuilt.${column}`).join(' AND ')}
    WHERE live IS DISTINCT FROM rebuilt`;
}

/** Selects those of the given keys whose rows differ, with both rows: $1 partition, from $2 an array per key column. */
export function differencesAt(projection: Projection): string {
  const { key } = projection;
  const row = (schema: string): string =>
    `LATERAL (${rowsOf(projection, schema, key.map(([column]) => `t.${column} = k.${column}`).join(' AND '))})`;
  return `SELECT ${key.map(([column]) => `k.${column}::text`).join(', ')},
      to_json(live)::text AS live, to_json(rebuilt)::text AS rebuilt
    FROM ${given(projection)} LEFT JOIN ${row('public')} live ON true LEFT JOIN ${row(REBUILT)} rebuilt ON true
    WHERE live IS DISTINCT FROM rebuilt`;
}

/** The statements that replace rows by the rebuilt ones: $1 partition, from $2 an array per key column. */
export function repairs(projection: Projection): string[] {
  const { table, key, columns } = projection;
  const isGiven = (alias: string): string => key.map(([column]) => `${alias}.${column} = k.${column}`).join(' AND ');
  const sets = columns.map((column) => column.replace('::text', '')).map((column) => `${column} = excluded.${column}`);
  return [
    `DELETE FROM public.${table} t USING ${given(projection)} WHERE t.partition = $1 AND ${isGiven('t')}
       AND NOT EXISTS (SELECT FROM ${REBUILT}.${table} r WHERE r.partition = $1 AND ${isGiven('r')})`,
    `INSERT INTO public.${table} SELECT r.* FROM ${given(projection)}
       JOIN LATERAL (SELECT * FROM ${REBUILT}.${table} r WHERE r.partition = $1 AND ${isGiven('r')}) r ON true
     ON CONFLICT (partition, ${keysOf(projection)}) DO UPDATE SET ${sets.join(', ')}`,
  ];
}

const given = ({ key }: Projection): string =>
  `unnest(${key.map(([, type], index) => `$${index + 2}::${type}[]`).join(', ')}) k(${key.map(([column]) => column).join(', ')})`;

const parameters = ({ key }: Projection, from: number): string =>
  key.map(([, type], index) => `$${from + index}::${type}`).join(', ');
