// Projections made again from the events while the ledger runs, compared with the live ones, and put in their place
// where they differ.
import { EventsReader, LedgerStore } from '@vouchers/event-store';
import pg from 'pg';
import { PartitionReplay } from './partition.replay.ts';

export interface RebuildReport {
  events: number;
  /** One line a row that differs, at most a few a table and partition. */
  differences: string[];
}

const SCHEMA = 'rebuild';
/** What is compared; json has no equality, as text it has. `wake_at` is a hint, no projection. */
const TABLES: Record<string, string> = {
  vouchers: `voucher_id, status, enabled, revoking, time, last_version, last_verdict, head_seq, head_at, free, counters,
    definition::text, labels`,
  claims: `claim_id, voucher_id, voucher_version, user_id, state, uses, held_at, use_from, use_until, lock_order_id,
    lock_until, ended_by, due_at, claimed_seq, facts::text`,
  voucher_users: 'voucher_id, user_id, pushed, claims',
  redemptions: 'redemption_id, claim_id, voucher_id, user_id, "order"::text, at, rolled_back_at',
};
/** Beside the partition. */
const KEYS: Record<string, string[]> = {
  vouchers: ['voucher_id'],
  claims: ['claim_id'],
  voucher_users: ['voucher_id', 'user_id'],
  redemptions: ['redemption_id'],
};
const SHOWN = 20;

/** @param url the ledger's database, by a role that owns it. */
export async function rebuild(url: string): Promise<RebuildReport> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const live = new LedgerStore(url);
  const made = new LedgerStore(url, undefined, SCHEMA);
  try {
    await client.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE; CREATE SCHEMA ${SCHEMA}`);
    await client.query("SET work_mem = '128MB'");
    for (const table of [...Object.keys(TABLES), 'cursor', 'events', 'checkpoints']) await makeBeside(client, table);
    const report: RebuildReport = { events: 0, differences: [] };
    const { rows } = await client.query<{ partition: number }>('SELECT partition FROM cursor ORDER BY partition');
    for (const { partition } of rows) {
      const replay = new PartitionReplay(partition, made, new EventsReader(live));
      await replay.until(await head(client, partition));
      const differences = await compare(client, partition, replay);
      if (differences.length > 0) await replace(client, partition, replay);
      report.differences.push(...differences);
      report.events += replay.nextSeq - 1;
    }
    return report;
  } finally {
    await Promise.all([live.end(), made.end()]);
    await client.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
    await client.end();
  }
}

/** Unlogged, and without what only readers need: it is dropped in the end, or its rows are put into the live one. */
async function makeBeside(client: pg.Client, table: string): Promise<void> {
  await client.query(`CREATE UNLOGGED TABLE ${SCHEMA}.${table} (LIKE public.${table} INCLUDING ALL)`);
  const { rows } = await client.query<{ index: string }>(
    'SELECT indexrelid::regclass::text AS index FROM pg_index WHERE indrelid = $1::regclass AND NOT indisprimary',
    [`${SCHEMA}.${table}`],
  );
  for (const { index } of rows) await client.query(`DROP INDEX ${index}`);
}

async function head(client: pg.Client, partition: number, lock = ''): Promise<number> {
  const { rows } = await client.query<{ seq: string }>(
    `SELECT next_seq AS seq FROM cursor WHERE partition = $1 ${lock}`,
    [partition],
  );
  return Number(rows[0]!.seq);
}

/** The writer waits for the cursor's row meanwhile: what came since is replayed, then both are the same moment. */
function compare(client: pg.Client, partition: number, replay: PartitionReplay): Promise<string[]> {
  return inTransaction(client, async () => {
    await replay.until(await head(client, partition, 'FOR UPDATE'));
    const differences: string[] = [];
    for (const [table, columns] of Object.entries(TABLES)) {
      const rows = (schema: string): string =>
        `(SELECT ${columns} FROM ${schema}.${table} WHERE partition = ${partition})`;
      const { rows: found } = await client.query<{ live: string | null; rebuilt: string | null }>(
        `SELECT to_json(live)::text AS live, to_json(rebuilt)::text AS rebuilt
         FROM ${rows('public')} live FULL JOIN ${rows(SCHEMA)} rebuilt
           ON ${KEYS[table]!.map((key) => `live.${key} = rebuilt.${key}`).join(' AND ')}
         WHERE live IS DISTINCT FROM rebuilt LIMIT ${SHOWN}`,
      );
      for (const { live, rebuilt } of found) {
        if (live !== null) differences.push(`${table}, partition ${partition}, only live: ${live}`);
        if (rebuilt !== null) differences.push(`${table}, partition ${partition}, only rebuilt: ${rebuilt}`);
      }
    }
    return differences;
  });
}

/**
 * All writers wait for the whole table, not for a row of it: a statement that waits for a row has taken its snapshot
 * already, and would not find the rows that replace the ones it changes.
 */
function replace(client: pg.Client, partition: number, replay: PartitionReplay): Promise<void> {
  return inTransaction(client, async () => {
    await client.query('LOCK TABLE cursor IN SHARE ROW EXCLUSIVE MODE');
    await replay.until(await head(client, partition));
    for (const table of Object.keys(TABLES)) {
      await client.query(`DELETE FROM public.${table} WHERE partition = $1`, [partition]);
      await client.query(`INSERT INTO public.${table} SELECT * FROM ${SCHEMA}.${table} WHERE partition = $1`, [
        partition,
      ]);
    }
    // A lower bound will do: the next tick finds out when it really is.
    await client.query('UPDATE vouchers SET wake_at = head_at WHERE partition = $1', [partition]);
  });
}

async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
