// One statement writes a whole batch, so it is one transaction and one round trip. Each part reads FROM moved. If the
// cursor is not as expected, `moved` has no row and nothing is written. This is the fence.
import {
  boolArray,
  int4Array,
  int8Array,
  jsonArray,
  jsonBytesArray,
  textArray,
  timestampArray,
  uuidArray,
} from './arrays.encoder.ts';
import type { Batch } from './rows.ts';

/** The columns of a table, each with its PostgreSQL type and its encoder. */
type Columns<T> = readonly (readonly [name: string, type: string, encode: (rows: readonly T[]) => Buffer])[];
type Item<K extends keyof Batch> = Batch[K] extends (infer T)[] ? T : never;

const EVENTS: Columns<Item<'events'>> = [
  ['type', 'text', (rows) => textArray(rows, (row) => row.type)],
  ['voucher_id', 'uuid', (rows) => uuidArray(rows, (row) => row.voucherId)],
  ['voucher_version', 'int4', (rows) => int4Array(rows, (row) => row.voucherVersion)],
  ['submission_id', 'uuid', (rows) => uuidArray(rows, (row) => row.submissionId)],
  ['user_id', 'text', (rows) => textArray(rows, (row) => row.userId)],
  ['claim_id', 'uuid', (rows) => uuidArray(rows, (row) => row.claimId)],
  ['redemption_id', 'uuid', (rows) => uuidArray(rows, (row) => row.redemptionId)],
  ['reason', 'text', (rows) => textArray(rows, (row) => row.reason)],
  ['at', 'timestamptz', (rows) => timestampArray(rows, (row) => row.at)],
  ['occurred_at', 'timestamptz', (rows) => timestampArray(rows, (row) => row.occurredAt)],
  ['traceparent', 'text', (rows) => textArray(rows, (row) => row.traceparent)],
  ['data', 'json', (rows) => jsonBytesArray(rows, (row) => row.data)],
  ['facts', 'json', (rows) => jsonArray(rows, (row) => row.facts)],
  ['submission', 'json', (rows) => jsonArray(rows, (row) => row.submission)],
  ['salt', 'uuid', (rows) => uuidArray(rows, (row) => row.salt)],
];

const VOUCHERS: Columns<Item<'vouchers'>> = [
  ['voucher_id', 'uuid', (rows) => uuidArray(rows, (row) => row.voucherId)],
  ['status', 'text', (rows) => textArray(rows, (row) => row.status)],
  ['enabled', 'bool', (rows) => boolArray(rows, (row) => row.enabled)],
  ['revoking', 'bool', (rows) => boolArray(rows, (row) => row.revoking)],
  ['offering', 'bool', (rows) => boolArray(rows, (row) => row.offering)],
  ['time', 'timestamptz', (rows) => timestampArray(rows, (row) => row.time)],
  ['last_version', 'int4', (rows) => int4Array(rows, (row) => row.lastVersion)],
  ['last_verdict', 'uuid', (rows) => uuidArray(rows, (row) => row.lastVerdict)],
  ['head_seq', 'int8', (rows) => int8Array(rows, (row) => row.headSeq)],
  ['head_at', 'timestamptz', (rows) => timestampArray(rows, (row) => row.headAt)],
  ['free', 'int8', (rows) => int8Array(rows, (row) => row.free)],
  ['counters', 'json', (rows) => jsonArray(rows, (row) => row.counters)],
  ['wake_at', 'timestamptz', (rows) => timestampArray(rows, (row) => row.wakeAt)],
];
const DEFINITION: Columns<Item<'vouchers'>> = [
  ['definition', 'json', (rows) => jsonArray(rows, (row) => row.definition)],
  ['labels', 'json', (rows) => jsonArray(rows, (row) => row.labels)],
];

const CLAIM_CHANGES: Columns<Item<'newClaims'>> = [
  ['claim_id', 'uuid', (rows) => uuidArray(rows, (row) => row.claimId)],
  ['state', 'text', (rows) => textArray(rows, (row) => row.state)],
  ['uses', 'int4', (rows) => int4Array(rows, (row) => row.uses)],
  ['lock_order_id', 'text', (rows) => textArray(rows, (row) => row.lockOrderId)],
  ['lock_until', 'timestamptz', (rows) => timestampArray(rows, (row) => row.lockUntil)],
  ['ended_by', 'text', (rows) => textArray(rows, (row) => row.endedBy)],
  ['due_at', 'timestamptz', (rows) => timestampArray(rows, (row) => row.dueAt)],
  ['use_until', 'timestamptz', (rows) => timestampArray(rows, (row) => row.useUntil)],
  ['more', 'json', (rows) => jsonArray(rows, (row) => row.more)],
];
const CLAIMS: Columns<Item<'newClaims'>> = [
  ...CLAIM_CHANGES,
  ['voucher_id', 'uuid', (rows) => uuidArray(rows, (row) => row.voucherId)],
  ['voucher_version', 'int4', (rows) => int4Array(rows, (row) => row.voucherVersion)],
  ['user_id', 'text', (rows) => textArray(rows, (row) => row.userId)],
  ['held_at', 'timestamptz', (rows) => timestampArray(rows, (row) => row.heldAt)],
  ['use_from', 'timestamptz', (rows) => timestampArray(rows, (row) => row.useFrom)],
  ['claimed_seq', 'int8', (rows) => int8Array(rows, (row) => row.claimedSeq)],
  ['facts', 'json', (rows) => jsonArray(rows, (row) => row.facts)],
];

const USERS: Columns<Item<'newUsers'>> = [
  ['voucher_id', 'uuid', (rows) => uuidArray(rows, (row) => row.voucherId)],
  ['user_id', 'text', (rows) => textArray(rows, (row) => row.userId)],
  ['pushed', 'bool', (rows) => boolArray(rows, (row) => row.pushed)],
  ['claims', 'int4', (rows) => int4Array(rows, (row) => row.claims)],
];

const REDEMPTIONS: Columns<Item<'newRedemptions'>> = [
  ['redemption_id', 'uuid', (rows) => uuidArray(rows, (row) => row.redemptionId)],
  ['claim_id', 'uuid', (rows) => uuidArray(rows, (row) => row.claimId)],
  ['voucher_id', 'uuid', (rows) => uuidArray(rows, (row) => row.voucherId)],
  ['user_id', 'text', (rows) => textArray(rows, (row) => row.userId)],
  ['order', 'json', (rows) => jsonArray(rows, (row) => row.order)],
  ['at', 'timestamptz', (rows) => timestampArray(rows, (row) => row.at)],
  ['rolled_back_at', 'timestamptz', (rows) => timestampArray(rows, (row) => row.rolledBackAt)],
  ['discount', 'json', (rows) => jsonArray(rows, (row) => row.discount)],
];
const REDEMPTION_CHANGES = REDEMPTIONS.filter(([name]) => name === 'redemption_id' || name === 'rolled_back_at');

const ENTRY_CHANGES: Columns<Item<'newEntries'>> = [
  ['entry_id', 'uuid', (rows) => uuidArray(rows, (row) => row.entryId)],
  ['state', 'text', (rows) => textArray(rows, (row) => row.state)],
  ['offer_at', 'timestamptz', (rows) => timestampArray(rows, (row) => row.offerAt)],
  ['offer_until', 'timestamptz', (rows) => timestampArray(rows, (row) => row.offerUntil)],
  ['ended_at', 'timestamptz', (rows) => timestampArray(rows, (row) => row.endedAt)],
];
const ENTRIES: Columns<Item<'newEntries'>> = [
  ...ENTRY_CHANGES,
  ['voucher_id', 'uuid', (rows) => uuidArray(rows, (row) => row.voucherId)],
  ['voucher_version', 'int4', (rows) => int4Array(rows, (row) => row.voucherVersion)],
  ['user_id', 'text', (rows) => textArray(rows, (row) => row.userId)],
  ['rank', 'int4', (rows) => int4Array(rows, (row) => row.rank)],
  ['number', 'int8', (rows) => int8Array(rows, (row) => row.number)],
  ['joined_at', 'timestamptz', (rows) => timestampArray(rows, (row) => row.joinedAt)],
  ['joined_seq', 'int8', (rows) => int8Array(rows, (row) => row.joinedSeq)],
];

const CHECKPOINTS: Columns<Item<'checkpoints'>> = [
  ['voucher_id', 'uuid', (rows) => uuidArray(rows, (row) => row.voucherId)],
  ['seq', 'int8', (rows) => int8Array(rows, (row) => row.seq)],
  ['state', 'json', (rows) => jsonArray(rows, (row) => row.state)],
];

const REFUSED_PUSHES: Columns<Item<'refusedPushes'>> = [
  ['voucher_id', 'uuid', (rows) => uuidArray(rows, (row) => row.voucherId)],
  ['reason', 'text', (rows) => textArray(rows, (row) => row.reason)],
  ['count', 'int8', (rows) => int8Array(rows, (row) => row.count)],
];

const names = (columns: Columns<never>, prefix = ''): string =>
  columns.map(([name]) => `${prefix}"${name}"`).join(', ');
const sets = (columns: Columns<never>, from: string): string =>
  columns.map(([name]) => `"${name}" = ${from}."${name}"`).join(', ');

/**
 * $1 partition, $2 expected offset, $3 expected seq, $4 next offset, $5 next seq, $6 decided at, $7 expected epoch,
 * $8 hashes; arrays from $9.
 */
const SCALARS = 8;

function compose(): string {
  let parameter = SCALARS;
  // `unnest` stands in the select list: as a function in FROM, Postgres would store all its rows before it reads one.
  const rows = (columns: Columns<never>, more = ''): string =>
    `(SELECT ${columns.map(([name, type]) => `unnest($${(parameter += 1)}::${type}[]) AS "${name}"`).join(', ')}${more})`;
  // Finds each row's ctid by its key. If a join were planned while the tables are empty, the cached plan would read the
  // partition's whole table each time.
  const update = (table: string, columns: Columns<never>): string => {
    const [[key]] = columns as [Columns<never>[number]];
    return `UPDATE ${table} t SET ${sets(columns.slice(1), 'x')} FROM (
      SELECT x.*, (SELECT o.ctid FROM ${table} o WHERE o.partition = m.partition AND o.${key} = x.${key}) AS place
      FROM moved m, ${rows(columns)} x
    ) x WHERE t.ctid = x.place`;
  };
  const vouchers = [...VOUCHERS, ...DEFINITION];
  return `WITH moved AS (
    UPDATE cursor SET next_offset = $4::int8, next_seq = $5::int8
    WHERE partition = $1::int4 AND epoch = $7::int8 AND next_offset = $2::int8 AND next_seq = $3::int8 RETURNING partition
  ), stored_events AS (
    INSERT INTO events (partition, seq, decided_at, ${names(EVENTS)})
    SELECT m.partition, x.seq, $6::timestamptz, ${names(EVENTS, 'x.')}
    FROM moved m, ${rows(EVENTS, ', generate_series($3::int8, $5::int8 - 1) AS seq')} x
  ), chained AS (
    INSERT INTO chain (partition, first_seq, hashes)
    SELECT m.partition, $3::int8, $8::bytea FROM moved m WHERE octet_length($8::bytea) > 0
  ), stored_vouchers AS (
    INSERT INTO vouchers AS v (partition, ${names(VOUCHERS)}, definition, labels)
    SELECT m.partition, ${names(VOUCHERS, 'x.')}, x.definition, x.labels::jsonb
    FROM moved m, ${rows(vouchers)} x
    WHERE x.definition IS NOT NULL
    ON CONFLICT (partition, voucher_id) DO UPDATE SET ${sets(VOUCHERS.slice(1), 'excluded')},
      definition = excluded.definition, labels = excluded.labels
  ), changed_vouchers AS (
    ${update('vouchers', VOUCHERS)}
  ), new_claims AS (
    INSERT INTO claims (partition, ${names(CLAIMS)})
    SELECT m.partition, ${names(CLAIMS, 'x.')} FROM moved m, ${rows(CLAIMS)} x
  ), changed_claims AS (
    ${update('claims', CLAIM_CHANGES)}
  ), new_users AS (
    INSERT INTO voucher_users (partition, ${names(USERS)})
    SELECT m.partition, ${names(USERS, 'x.')} FROM moved m, ${rows(USERS)} x
  ), changed_users AS (
    INSERT INTO voucher_users (partition, ${names(USERS)})
    SELECT m.partition, ${names(USERS, 'x.')} FROM moved m, ${rows(USERS)} x
    ON CONFLICT (partition, voucher_id, user_id) DO UPDATE SET pushed = excluded.pushed, claims = excluded.claims
  ), new_redemptions AS (
    INSERT INTO redemptions (partition, ${names(REDEMPTIONS)})
    SELECT m.partition, ${names(REDEMPTIONS, 'x.')} FROM moved m, ${rows(REDEMPTIONS)} x
  ), changed_redemptions AS (
    ${update('redemptions', REDEMPTION_CHANGES)}
  ), new_entries AS (
    INSERT INTO entries (partition, ${names(ENTRIES)})
    SELECT m.partition, ${names(ENTRIES, 'x.')} FROM moved m, ${rows(ENTRIES)} x
  ), changed_entries AS (
    ${update('entries', ENTRY_CHANGES)}
  ), stored_checkpoints AS (
    INSERT INTO checkpoints (partition, ${names(CHECKPOINTS)})
    SELECT m.partition, ${names(CHECKPOINTS, 'x.')} FROM moved m, ${rows(CHECKPOINTS)} x
  ), refused_pushes AS (
    INSERT INTO refused_pushes AS r (partition, ${names(REFUSED_PUSHES)})
    SELECT m.partition, ${names(REFUSED_PUSHES, 'x.')} FROM moved m, ${rows(REFUSED_PUSHES)} x
    ON CONFLICT (partition, voucher_id, reason) DO UPDATE SET count = r.count + excluded.count
  )
  SELECT count(*)::int AS moved FROM moved`;
}

const TEXT = compose();

function encode<T>(columns: Columns<T>, rows: readonly T[]): Buffer[] {
  return columns.map(([, , array]) => array(rows));
}

/** The prepared statement that writes a batch. It returns one row `{moved: 0 | 1}`. */
export function appendStatement(batch: Batch): { name: string; text: string; values: unknown[] } {
  const { from } = batch;
  const defined = batch.vouchers.filter((row) => row.definition !== null);
  const changed = batch.vouchers.filter((row) => row.definition === null);
  return {
    name: 'append',
    text: TEXT,
    values: [
      batch.partition,
      from.nextOffset,
      from.nextSeq,
      batch.nextOffset,
      from.nextSeq + batch.events.length,
      new Date(batch.decidedAt).toISOString(),
      from.epoch,
      Buffer.from(batch.hashes, 'hex'),
      ...encode(EVENTS, batch.events),
      ...encode([...VOUCHERS, ...DEFINITION], defined),
      ...encode(VOUCHERS, changed),
      ...encode(CLAIMS, batch.newClaims),
      ...encode(CLAIM_CHANGES, batch.changedClaims),
      ...encode(USERS, batch.newUsers),
      ...encode(USERS, batch.changedUsers),
      ...encode(REDEMPTIONS, batch.newRedemptions),
      ...encode(REDEMPTION_CHANGES, batch.changedRedemptions),
      ...encode(ENTRIES, batch.newEntries),
      ...encode(ENTRY_CHANGES, batch.changedEntries),
      ...encode(CHECKPOINTS, batch.checkpoints),
      ...encode(REFUSED_PUSHES, batch.refusedPushes),
    ],
  };
}
