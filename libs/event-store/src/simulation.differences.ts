// The differences of simulations. They name the event; who it is about, and what was decided, stands there.
import type { DifferenceClass, EventType } from '@vouchers/contracts';
import type { Queries } from './session.ts';

/** A difference, as a run finds it. */
export interface NewDifference {
  /** The seq of the event that has the verdict. */
  seq: number;
  class: DifferenceClass;
  wasReason: string | null;
  wouldVerdict: 'granted' | 'refused' | 'moot';
  wouldReason: string | null;
  /** JSON: what the new spec checks. */
  checks: string;
}

/** The run to which differences belong. */
export interface SimulationRun {
  partition: number;
  simulationId: string;
  run: number;
}

/** A difference as it is listed, with what its event says now. */
export interface DifferenceRow extends NewDifference {
  number: number;
  type: EventType;
  submissionId: string;
  userId: string | null;
  at: number;
}

export interface DifferenceFilter {
  class: DifferenceClass | undefined;
  /** The reason of the verdict that was, or of the one that would be. */
  reason: string | undefined;
  /** Only differences with a higher number. */
  after: number;
  limit: number;
}

/** The replay thread and the routes use it, so it has no Nest. */
export class SimulationDifferences {
  private readonly pool: Queries;

  constructor(pool: Queries) {
    this.pool = pool;
  }

  /** @param first the number of the first of them */
  async add(
    { partition, simulationId, run }: SimulationRun,
    first: number,
    differences: readonly NewDifference[],
  ): Promise<void> {
    await this.pool.query({
      name: 'add-differences',
      text: `INSERT INTO simulation_differences (partition, simulation_id, run, number, seq, class, was_reason,
          would_verdict, would_reason, checks)
        SELECT $1, $2, $3, $4 + d.place, d.seq, d.class, d.was, d.verdict, d.would, d.checks
        FROM unnest($5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::json[])
          WITH ORDINALITY AS d (seq, class, was, verdict, would, checks, place)`,
      values: [
        partition,
        simulationId,
        run,
        first - 1,
        differences.map(({ seq }) => seq),
        differences.map((one) => one.class),
        differences.map(({ wasReason }) => wasReason),
        differences.map(({ wouldVerdict }) => wouldVerdict),
        differences.map(({ wouldReason }) => wouldReason),
        differences.map(({ checks }) => checks),
      ],
    });
  }

  async list({ partition, simulationId, run }: SimulationRun, filter: DifferenceFilter): Promise<DifferenceRow[]> {
    const { rows } = await this.pool.query<DifferenceRow>({
      name: 'differences',
      text: `SELECT d.number, d.seq, d.class, d.was_reason AS "wasReason", d.would_verdict AS "wouldVerdict",
          d.would_reason AS "wouldReason", d.checks, e.type, e.submission_id AS "submissionId", e.user_id AS "userId",
          e.at
        FROM simulation_differences d JOIN events e ON e.partition = d.partition AND e.seq = d.seq
        WHERE d.partition = $1 AND d.simulation_id = $2 AND d.run = $3 AND d.number > $4
          AND ($5::text IS NULL OR d.class = $5) AND ($6::text IS NULL OR d.was_reason = $6 OR d.would_reason = $6)
        ORDER BY d.number LIMIT $7`,
      values: [partition, simulationId, run, filter.after, filter.class ?? null, filter.reason ?? null, filter.limit],
    });
    return rows;
  }
}
