// The queue of simulations, and the lease by which one of them runs at a time over all ledgers.
import type { Actor, SimulationState } from '@vouchers/contracts';
import type pg from 'pg';

/** The most simulations that wait for their turn. */
export const MOST_QUEUED = 10;
/** How long a lease lasts without a heartbeat. Then another ledger may take it. */
const LEASE = "interval '10 seconds'";
const KEPT = "interval '30 days'";

/** A simulation as it is stored. Times are Unix milliseconds. */
export interface SimulationRow {
  partition: number;
  simulationId: string;
  voucherId: string;
  state: SimulationState;
  askedAt: number;
  /** JSON: an `Actor`. */
  askedBy: string;
  until: number | null;
  /** JSON. */
  spec: string;
  /** The number of its last run. Differences of other runs are void. */
  run: number;
  /** How often a run was begun by taking the lease. */
  runs: number;
  done: number;
  of: number;
  /** JSON. Null until it is over. */
  result: string | null;
}

/** A new simulation. */
export interface SimulationAsked {
  partition: number;
  simulationId: string;
  voucherId: string;
  askedAt: number;
  askedBy: Actor;
  until: number | undefined;
  /** JSON. */
  spec: string;
}

const COLUMNS = `partition, simulation_id AS "simulationId", voucher_id AS "voucherId", state, asked_at AS "askedAt",
  asked_by AS "askedBy", until, spec, run, runs, done, of, result`;
const IS_OPEN = `state IN ('queued', 'running')`;

/** Simulations that run go on before those that wait: their ledger died. */
const TAKE = `
  WITH next AS MATERIALIZED (
    SELECT partition AS place, simulation_id AS id FROM simulations WHERE ${IS_OPEN} AND NOT removed
    ORDER BY state = 'queued', simulation_id LIMIT 1
  ), lease AS (
    UPDATE simulation_lease SET run = run + 1, until = clock_timestamp() + ${LEASE}
    WHERE until < clock_timestamp() AND EXISTS (SELECT FROM next) RETURNING run AS turn
  )
  UPDATE simulations SET state = 'running', run = turn, runs = runs + 1, again = false, done = 0
  FROM next, lease WHERE partition = place AND simulation_id = id AND ${IS_OPEN}
  RETURNING ${COLUMNS}`;

/** The answer to a heartbeat: whether the run is still wanted, or must begin anew. `lost`: another ledger has the lease. */
export type Heartbeat = 'wanted' | 'again' | 'cancelled' | 'lost';

export class SimulationsStore {
  constructor(private readonly pool: pg.Pool) {}

  /** @returns undefined if as many as may wait do so already */
  async add({ until, askedBy, ...asked }: SimulationAsked): Promise<SimulationRow | undefined> {
    const client = await this.pool.connect();
    let broken = false;
    try {
      await client.query('BEGIN');
      // The lock lets one caller at a time count. It must be another statement, so that the count sees what is there.
      await client.query('SELECT FROM simulation_lease FOR UPDATE');
      const { rows } = await client.query<SimulationRow>(
        `INSERT INTO simulations (partition, simulation_id, voucher_id, state, asked_at, asked_by, until, spec)
         SELECT $1, $2, $3, 'queued', $4, $5, $6, $7
         WHERE (SELECT count(*) FROM simulations WHERE ${IS_OPEN} AND state = 'queued') < ${MOST_QUEUED}
         RETURNING ${COLUMNS}`,
        [
          asked.partition,
          asked.simulationId,
          asked.voucherId,
          new Date(asked.askedAt).toISOString(),
          JSON.stringify(askedBy),
          until === undefined ? null : new Date(until).toISOString(),
          asked.spec,
        ],
      );
      await client.query('COMMIT');
      return rows[0];
    } catch (error) {
      await client.query('ROLLBACK').catch(() => (broken = true));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async one(partition: number, simulationId: string): Promise<SimulationRow | undefined> {
    const { rows } = await this.pool.query<SimulationRow>({
      name: 'simulation',
      text: `SELECT ${COLUMNS} FROM simulations WHERE partition = $1 AND simulation_id = $2 AND NOT removed`,
      values: [partition, simulationId],
    });
    return rows[0];
  }

  /** The simulations of a voucher, newest first. @param before only those with a lower id */
  async ofVoucher(
    partition: number,
    voucherId: string,
    { before, limit }: { before?: string; limit: number },
  ): Promise<SimulationRow[]> {
    const { rows } = await this.pool.query<SimulationRow>({
      name: 'simulations-of-voucher',
      text: `SELECT ${COLUMNS} FROM simulations WHERE partition = $1 AND voucher_id = $2 AND NOT removed
        AND ($3::uuid IS NULL OR simulation_id < $3) ORDER BY simulation_id DESC LIMIT $4`,
      values: [partition, voucherId, before ?? null, limit],
    });
    return rows;
  }

  /** Cancels a simulation that is not over, and removes one that is. @returns undefined if there is none */
  async cancelOrRemove(partition: number, simulationId: string): Promise<'cancelled' | 'removed' | undefined> {
    const { rows } = await this.pool.query<{ state: SimulationState; removed: boolean }>(
      `UPDATE simulations SET state = CASE WHEN ${IS_OPEN} THEN 'cancelled' ELSE state END, removed = NOT ${IS_OPEN}
       WHERE partition = $1 AND simulation_id = $2 AND NOT removed RETURNING removed`,
      [partition, simulationId],
    );
    return rows[0] && (rows[0].removed ? 'removed' : 'cancelled');
  }

  /** Takes the lease and the simulation whose turn it is. Undefined if there is none, or if another ledger has it. */
  async take(): Promise<SimulationRow | undefined> {
    const { rows } = await this.pool.query<SimulationRow>({ name: 'take-simulation', text: TAKE });
    return rows[0];
  }

  /** Keeps the lease and tells the progress. */
  async heartbeat({ partition, simulationId, run, done, of }: SimulationRow): Promise<Heartbeat> {
    const { rows } = await this.pool.query<{ state: SimulationState; again: boolean }>({
      name: 'simulation-heartbeat',
      text: `WITH lease AS (
          UPDATE simulation_lease SET until = clock_timestamp() + ${LEASE} WHERE run = $3 RETURNING run AS turn
        ), told AS (
          UPDATE simulations SET done = $4, of = $5 FROM lease
          WHERE partition = $1 AND simulation_id = $2 AND run = turn RETURNING state, again
        )
        SELECT state, again FROM told`,
      values: [partition, simulationId, run, done, of],
    });
    const [row] = rows;
    if (!row) return 'lost';
    if (row.state !== 'running') return 'cancelled';
    return row.again ? 'again' : 'wanted';
  }

  /** Begins the same turn anew, with a number of its own. @returns undefined if the lease was lost */
  async again({ partition, simulationId, run }: SimulationRow): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ run: number }>(
      `WITH lease AS (
         UPDATE simulation_lease SET run = run + 1, until = clock_timestamp() + ${LEASE} WHERE run = $3 RETURNING run AS turn
       )
       UPDATE simulations SET run = turn, again = false, done = 0 FROM lease
       WHERE partition = $1 AND simulation_id = $2 AND state = 'running' RETURNING run`,
      [partition, simulationId, run],
    );
    return rows[0]?.run;
  }

  /** Stores how it ended. @returns false if it must begin anew, was cancelled, or the lease was lost */
  async end(
    { partition, simulationId, run, done, of }: SimulationRow,
    state: 'done' | 'failed',
    result: string,
  ): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE simulations SET state = $4, result = $5, done = $6, of = $7
       WHERE partition = $1 AND simulation_id = $2 AND run = $3 AND state = 'running' AND NOT again`,
      [partition, simulationId, run, state, result, done, of],
    );
    return rowCount === 1;
  }

  /** Gives the lease back, so that the next simulation may begin. */
  async release(run: number): Promise<void> {
    await this.pool.query(`UPDATE simulation_lease SET until = '-infinity' WHERE run = $1`, [run]);
  }

  /** The number of simulations that wait, and of those that run. */
  async counts(): Promise<{ queued: number; running: number }> {
    const { rows } = await this.pool.query<{ queued: number; running: number }>({
      name: 'simulation-counts',
      text: `SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state = 'running') AS running
        FROM simulations WHERE ${IS_OPEN}`,
    });
    return rows[0]!;
  }

  /** Marks simulations that were kept for long enough as removed. */
  async expire(limit: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `UPDATE simulations SET removed = true WHERE (partition, simulation_id) IN (
         SELECT partition, simulation_id FROM simulations
         WHERE NOT removed AND NOT ${IS_OPEN} AND asked_at < now() - ${KEPT} LIMIT $1)`,
      [limit],
    );
    return rowCount ?? 0;
  }

  /** Deletes rows of removed simulations, in a slice. @returns false if none is left */
  async clean(limit: number): Promise<boolean> {
    const { rows } = await this.pool.query<{ partition: number; simulationId: string }>(
      `SELECT partition, simulation_id AS "simulationId" FROM simulations WHERE removed LIMIT 1`,
    );
    const [one] = rows;
    if (!one) return false;
    const key = [one.partition, one.simulationId];
    if (await this.deleteDifferences(key, limit)) return true;
    await this.pool.query('DELETE FROM simulations WHERE partition = $1 AND simulation_id = $2 AND removed', key);
    return true;
  }

  /** Deletes differences of earlier runs, in a slice. @returns whether there may be more */
  async cleanEarlier({ partition, simulationId, run }: SimulationRow, limit: number): Promise<boolean> {
    return this.deleteDifferences([partition, simulationId, run], limit, 'AND run < $3');
  }

  private async deleteDifferences(key: unknown[], limit: number, which = ''): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM simulation_differences WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM simulation_differences WHERE partition = $1 AND simulation_id = $2 ${which}
         LIMIT ${limit}))`,
      key,
    );
    return (rowCount ?? 0) > 0;
  }
}
