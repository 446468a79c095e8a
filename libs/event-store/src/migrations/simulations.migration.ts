import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forgetUserWithEntries } from './waiting-list.migration.ts';

/**
 * Simulations: their queue, lease, differences, and working table. It adds only tables, and replaces the function that
 * forgets a user by one that also replaces who asked for a simulation. So a ledger of the previous release keeps working.
 */
export class Simulations1764460000430 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
    await runner.query(forgetUserWithEntries(SIMULATIONS_OF_USER));
  }

  // `forget_user` without simulations would fail if their tables were gone before it.
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(forgetUserWithEntries());
    await runner.query('DROP TABLE simulation_records, simulation_differences, simulation_lease, simulations');
  }
}

const TABLES = [
  // `run`: the run that made the result. Rows of another run are void. `again`: the run must begin anew.
  `CREATE TABLE simulations (
    partition int NOT NULL,
    simulation_id uuid NOT NULL,
    voucher_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    asked_at timestamptz NOT NULL,
    asked_by json NOT NULL,
    until timestamptz,
    spec json NOT NULL,
    run bigint NOT NULL DEFAULT 0,
    runs int NOT NULL DEFAULT 0,
    again boolean NOT NULL DEFAULT false,
    done bigint NOT NULL DEFAULT 0,
    of bigint NOT NULL DEFAULT 0,
    result json,
    removed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (partition, simulation_id)
  )`,
  // One simulation runs at a time over all partitions, so this index has no partition.
  `CREATE INDEX simulations_open ON simulations (simulation_id) WHERE state IN ('queued', 'running')`,
  'CREATE INDEX simulations_removed ON simulations (partition, simulation_id) WHERE removed',
  'CREATE INDEX simulations_of_voucher ON simulations (partition, voucher_id, simulation_id)',
  // Its one row says whose turn it is. Each turn has a number of its own, which fences what a former owner writes.
  `CREATE TABLE simulation_lease (
    one boolean PRIMARY KEY CHECK (one),
    run bigint NOT NULL,
    until timestamptz NOT NULL
  )`,
  `INSERT INTO simulation_lease (one, run, until) VALUES (true, 0, '-infinity')`,
  // They name the event, and no user: what is forgotten in an event is forgotten here, too.
  `CREATE TABLE simulation_differences (
    partition int NOT NULL,
    simulation_id uuid NOT NULL,
    run bigint NOT NULL,
    number int NOT NULL,
    seq bigint NOT NULL,
    class text NOT NULL CHECK (class IN ('exact', 'consequent', 'unobserved', 'moot')),
    was_reason text,
    would_verdict text NOT NULL CHECK (would_verdict IN ('granted', 'refused', 'moot')),
    would_reason text,
    checks json NOT NULL,
    PRIMARY KEY (partition, simulation_id, run, number)
  )`,
  // The working table of the run that has the lease. `world` has the number of the run.
  `CREATE UNLOGGED TABLE simulation_records (
    world bigint NOT NULL,
    kind text NOT NULL,
    id text COLLATE "C" NOT NULL,
    value text NOT NULL,
    due bigint,
    live boolean NOT NULL,
    user_id text,
    rank int,
    number bigint,
    PRIMARY KEY (world, kind, id)
  )`,
  'CREATE INDEX simulation_records_due ON simulation_records (world, kind, due, id) WHERE due IS NOT NULL',
  `CREATE INDEX simulation_records_waiting ON simulation_records (world, kind, rank DESC, number)
    WHERE rank IS NOT NULL`,
  `CREATE INDEX simulation_records_of_user ON simulation_records (world, kind, user_id) WHERE user_id IS NOT NULL`,
];

const SIMULATIONS_OF_USER = `UPDATE simulations s SET asked_by = json_put(s.asked_by,
      'sub', to_json(pseudonym)::text, 'name', to_json(pseudonym)::text)
    WHERE s.partition = the_partition AND s.asked_by ->> 'sub' = who;
    UPDATE simulations s SET again = true WHERE s.partition = the_partition AND s.state = 'running';
    `;
