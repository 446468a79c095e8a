// The pools of the ledger's database, and the settings of their sessions.
import pg from 'pg';
import { LEDGER_ROLE } from './migrations/ledger.migration.ts';

/** All are below the consumer's session timeout (10 s), so a stalled owner lets go before a peer gets its partition. */
const LIMITS = [
  '-c lock_timeout=4s',
  '-c idle_in_transaction_session_timeout=5s',
  '-c transaction_timeout=8s',
  '-c timezone=UTC',
];

/**
 * Postgres plans the writer's statement once, perhaps while the tables are empty, and keeps the plan. Without these
 * settings the plan may scan or hash a table of millions of rows each time.
 */
const WRITER_PLANS = [
  '-c plan_cache_mode=force_generic_plan',
  '-c enable_seqscan=off',
  '-c enable_hashjoin=off',
  '-c enable_mergejoin=off',
];

const BIGINT = 20;
const TIMESTAMPTZ = 1184;
const JSON_TYPES = new Set([114, 3802]);

/** Reads bigint as number (seq and offsets stay below 2^53), timestamptz as Unix milliseconds, and JSON as text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === BIGINT) return Number;
    if (oid === TIMESTAMPTZ) return (text: string) => Number(pg.types.getTypeParser(TIMESTAMPTZ)(text));
    if (JSON_TYPES.has(oid)) return (text: string) => text;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/** A pool, or one connection whose queries see one moment. */
export type Queries = Pick<pg.Pool, 'query'>;

const OWN_ROLE = `-c role=${LEDGER_ROLE}`;

export interface Pools {
  writers: pg.Pool;
  readers: pg.Pool;
  end(): Promise<void>;
}

/**
 * @param onError called when an idle connection broke; the pool replaces it
 * @param schema the schema of the tables, which needs the database's owner; absent: the ledger's tables and role
 */
export function connectPools(url: string, onError: (error: Error) => void, schema?: string): Pools {
  // The tables of a rebuild need not survive a crash, since it can start again.
  const whose = schema ? `-c search_path=${schema} -c synchronous_commit=off` : OWN_ROLE;
  const writers = pool(url, 12, [whose, ...WRITER_PLANS], onError);
  const readers = pool(url, 6, [whose], onError);
  return { writers, readers, end: async () => void (await Promise.all([writers.end(), readers.end()])) };
}

/**
 * Reading the past must not slow down other work: it has no parallel workers, and a time-out per statement. A proof is
 * one long transaction.
 */
const HISTORY_LIMITS = ['-c statement_timeout=8s', '-c transaction_timeout=0', '-c max_parallel_workers_per_gather=0'];

/**
 * Connections for reading the past, separate from those that deciding waits for.
 * @param name shown by `pg_stat_activity`.
 */
export function connectHistory(
  url: string,
  { connections, name }: { connections: number; name: string },
  onError: (error: Error) => void,
): pg.Pool {
  return pool(url, connections, [OWN_ROLE, ...HISTORY_LIMITS], onError, name);
}

/**
 * One connection for the working table of simulations. A plan for the empty table would be kept, so it must be one that
 * also serves a full one.
 */
export function connectRecords(url: string, onError: (error: Error) => void): pg.Pool {
  const options = [OWN_ROLE, ...HISTORY_LIMITS, ...WRITER_PLANS, '-c synchronous_commit=off'];
  return pool(url, 1, options, onError, 'ledger simulation');
}

/** Runs work whose queries all see the same moment. It cannot write. */
export async function atOneMoment<T>(pool: pg.Pool, work: (queries: Queries) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await work(client);
  } finally {
    await client.query('ROLLBACK').catch(() => (broken = true));
    client.release(broken);
  }
}

/** One connection for an audit, which may take as long as it needs. */
export function connectAudit(url: string, onError: (error: Error) => void): pg.Pool {
  const options = [OWN_ROLE, '-c transaction_timeout=0', '-c idle_in_transaction_session_timeout=60s'];
  return pool(url, 1, options, onError, 'ledger audit', 0);
}

/** @param queryMs the time after which a query fails; 0: never */
function pool(
  url: string,
  max: number,
  options: string[],
  onError: (error: Error) => void,
  name?: string,
  queryMs = 9_000,
): pg.Pool {
  return new pg.Pool({
    connectionString: url,
    max,
    types,
    options: [...LIMITS, ...options].join(' '),
    ...(name !== undefined && { application_name: name }),
    // This also bounds the wait for a free connection while many partitions write at once.
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    // A half-open connection never answers. The server's limits end a statement earlier than this.
    query_timeout: queryMs,
  }).on('error', onError);
}
