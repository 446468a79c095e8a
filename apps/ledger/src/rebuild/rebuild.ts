// Makes the projections again from the events while the ledger runs, compares them with the live ones, and corrects
// live rows that differ.
import { EventsReader, LedgerStore, REBUILD_LOCK } from '@vouchers/event-store';
import pg from 'pg';
import { PartitionComparison, SLICE } from './partition.comparison.ts';
import { ForgottenMeanwhile, PartitionReplay } from './partition.replay.ts';
import { PROJECTIONS, REBUILT } from './projections.ts';

export interface RebuildReport {
  events: number;
  /** One line per row that differs, at most a few per table and partition. */
  differences: string[];
}

const MADE_TABLES = [
  ...PROJECTIONS.map(({ table }) => table),
  ...['cursor', 'events', 'chain', 'checkpoints', 'refused_pushes'],
];
/** The most times that a partition is begun, because users are forgotten meanwhile. */
const MOST_BEGINNINGS = 10;
const SESSION = [
  // The owner holds a lock for one batch at most.
  '-c lock_timeout=10s',
  // If this process hangs while it holds a cursor, Postgres frees the cursor.
  '-c idle_in_transaction_session_timeout=10s',
  '-c timezone=UTC',
  // The rebuilt tables have no statistics, so the planner must be told to find each slice by its key.
  '-c enable_seqscan=off',
  '-c work_mem=128MB',
].join(' ');

/**
 * @param url the ledger's database, with a role that owns it @param slice the rows that one statement compares
 * @throws Error if another rebuild runs
 */
export async function rebuild(url: string, slice = SLICE): Promise<RebuildReport> {
  const client = new pg.Client({ connectionString: url, options: SESSION });
  // If the connection breaks between two statements, the next statement fails and reports it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [REBUILD_LOCK]);
    if (!rows[0]!.taken) throw new Error('another rebuild runs on this database');
    // A rebuild that crashed left its tables.
    await client.query(`DROP SCHEMA IF EXISTS ${REBUILT} CASCADE; CREATE SCHEMA ${REBUILT}`);
    for (const table of MADE_TABLES) await makeBeside(client, table);
    const report = await rebuildAll(client, url, slice);
    await client.query(`DROP SCHEMA ${REBUILT} CASCADE`);
    return report;
  } finally {
    await client.end();
  }
}

async function rebuildAll(client: pg.Client, url: string, slice: number): Promise<RebuildReport> {
  const live = new LedgerStore(url);
  const made = new LedgerStore(url, undefined, REBUILT);
  try {
    const report: RebuildReport = { events: 0, differences: [] };
    const { rows } = await client.query<{ partition: number }>('SELECT partition FROM cursor ORDER BY partition');
    for (const { partition } of rows) {
      const begin = () => new PartitionReplay(partition, made, new EventsReader(live.pools.readers));
      const { differences, events } = await rebuildPartition(client, partition, begin, slice);
      report.differences.push(...differences);
      report.events += events;
    }
    return report;
  } finally {
    await Promise.all([live.end(), made.end()]);
  }
}

/** Begins again if a user was forgotten meanwhile. */
async function rebuildPartition(
  client: pg.Client,
  partition: number,
  begin: () => PartitionReplay,
  slice: number,
): Promise<RebuildReport> {
  for (let left = MOST_BEGINNINGS - 1; ; left -= 1) {
    const replay = begin();
    try {
      const differences = await new PartitionComparison(client, partition, replay, slice).run();
      return { events: replay.nextSeq - 1, differences };
    } catch (error) {
      if (!(error instanceof ForgottenMeanwhile) || left === 0) throw error;
      for (const table of MADE_TABLES)
        await client.query(`DELETE FROM ${REBUILT}.${table} WHERE partition = $1`, [partition]);
    }
  }
}

/** Makes an empty copy of a table. It is temporary, so it is unlogged and has only its primary key. */
async function makeBeside(client: pg.Client, table: string): Promise<void> {
  await client.query(`CREATE UNLOGGED TABLE ${REBUILT}.${table} (LIKE public.${table} INCLUDING ALL)`);
  const { rows } = await client.query<{ index: string }>(
    'SELECT indexrelid::regclass::text AS index FROM pg_index WHERE indrelid = $1::regclass AND NOT indisprimary',
    [`${REBUILT}.${table}`],
  );
  for (const { index } of rows) await client.query(`DROP INDEX ${index}`);
}
