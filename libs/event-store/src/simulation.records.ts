// The working table of the simulation that runs: what memory does not hold of its two worlds. It is unlogged and emptied
// after each run. The number of the run is part of each key, so that a former run never meets the rows of another one.
import type pg from 'pg';
import { boolArray, int4Array, int8Array, textArray } from './arrays.encoder.ts';

export const RECORD_KINDS = ['claim', 'redemption', 'entry', 'user'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** A record of a world. Fields beside `value` are those by which records are found. */
export interface WorldRecord {
  kind: RecordKind;
  id: string;
  /** JSON. */
  value: string;
  /** When the claim falls due or the offer lapses, in Unix milliseconds. Null if it does not. */
  due: number | null;
  /** Whether a termination revokes the claim, or an offer may be withdrawn. */
  live: boolean;
  /** The user of an entry that waits or is offered a unit. */
  userId: string | null;
  /** The rank and number of an entry that waits. */
  rank: number | null;
  number: number | null;
}

const COLUMNS = 'world, kind, id, value, due, live, user_id, rank, number';
const WRITE = `INSERT INTO simulation_records (${COLUMNS})
  SELECT $1::bigint, unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), unnest($5::bigint[]),
    unnest($6::boolean[]), unnest($7::text[]), unnest($8::int[]), unnest($9::bigint[])
  ON CONFLICT (world, kind, id) DO UPDATE SET value = excluded.value, due = excluded.due, live = excluded.live,
    user_id = excluded.user_id, rank = excluded.rank, number = excluded.number`;

/** The records of one world of one run. All statements go over one connection, so each sees the writes before it. */
export class SimulationRecords {
  private readonly pool: Pick<pg.Pool, 'query'>;
  private readonly world: number;

  /** @param run the number of the run @param world 0 or 1 */
  constructor(pool: Pick<pg.Pool, 'query'>, run: number, world: number) {
    this.pool = pool;
    this.world = run * 2 + world;
  }

  async write(records: readonly WorldRecord[]): Promise<void> {
    await this.pool.query({
      name: 'simulation-write',
      text: WRITE,
      values: [
        this.world,
        textArray(records, ({ kind }) => kind),
        textArray(records, ({ id }) => id),
        textArray(records, ({ value }) => value),
        int8Array(records, ({ due }) => due),
        boolArray(records, ({ live }) => live),
        textArray(records, ({ userId }) => userId),
        int4Array(records, ({ rank }) => rank),
        int8Array(records, ({ number }) => number),
      ],
    });
  }

  /** The values of these ids. */
  async byId(kind: RecordKind, ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.rows(
      'by-id',
      `SELECT r.id, r.value FROM unnest($3::text[]) AS x (id) CROSS JOIN LATERAL (
         SELECT id, value FROM simulation_records WHERE world = $1 AND kind = $2 AND id = x.id OFFSET 0) r`,
      [kind, ids],
    );
    return new Map(rows.map(({ id, value }) => [id, value]));
  }

  /** The first that fall due, by due time, then id. */
  firstDue(kind: 'claim' | 'entry', limit: number): Promise<string[]> {
    return this.values(
      'first-due',
      `SELECT value FROM simulation_records WHERE world = $1 AND kind = $2 AND due IS NOT NULL
       ORDER BY due, id LIMIT $3`,
      [kind, limit],
    );
  }

  /** The first that a termination revokes or withdraws, by id. */
  firstLive(kind: 'claim' | 'entry', limit: number): Promise<string[]> {
    return this.values(
      'first-live',
      `SELECT value FROM simulation_records WHERE world = $1 AND kind = $2 AND live ORDER BY id LIMIT $3`,
      [kind, limit],
    );
  }

  /** The entries of these users that wait or are offered a unit. */
  entriesOf(userIds: readonly string[]): Promise<string[]> {
    return this.values(
      'entries-of',
      `SELECT r.value FROM unnest($3::text[]) AS x (user_id) CROSS JOIN LATERAL (
         SELECT value FROM simulation_records WHERE world = $1 AND kind = $2 AND user_id = x.user_id OFFSET 0) r`,
      ['entry', userIds],
    );
  }

  /** Waiting entries, the next one first. @param after leaves out those up to this one */
  waiting(limit: number, after?: { rank: number; number: number }): Promise<string[]> {
    return this.values(
      'waiting',
      `SELECT value FROM simulation_records WHERE world = $1 AND kind = $2 AND rank IS NOT NULL
         AND (-rank, number) > (-$4::int, $5::bigint)
       ORDER BY rank DESC, number LIMIT $3`,
      ['entry', limit, after?.rank ?? 10_000, after?.number ?? 0],
    );
  }

  private async values(name: string, text: string, values: unknown[]): Promise<string[]> {
    return (await this.rows(name, text, values)).map(({ value }) => value);
  }

  private async rows(name: string, text: string, values: unknown[]): Promise<{ id: string; value: string }[]> {
    const query = { name: `simulation-${name}`, text, values: [this.world, ...values] };
    return (await this.pool.query<{ id: string; value: string }>(query)).rows;
  }
}

/** Empties the working table. @returns false if another run has the lease, whose rows it may be */
export async function emptySimulationRecords(pool: pg.Pool, run: number): Promise<boolean> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN');
    const { rowCount } = await client.query('SELECT FROM simulation_lease WHERE run = $1 FOR UPDATE', [run]);
    if (rowCount === 1) await client.query('TRUNCATE simulation_records');
    await client.query('COMMIT');
    return rowCount === 1;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => (broken = true));
    throw error;
  } finally {
    client.release(broken);
  }
}
