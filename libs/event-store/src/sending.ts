// Sends a statement, and tells separately when Postgres has it and when Postgres answered.
import type { Socket } from 'node:net';
import type pg from 'pg';

export interface Sending<Row> {
  /** Resolves when Postgres has the whole statement or sending it failed. Never rejects. */
  readonly sent: Promise<void>;
  readonly rows: Promise<Row[]>;
}

/**
 * Trap: a pool sends a statement in a later tick, and a large statement over many ticks. If the thread goes on
 * computing, Postgres waits meanwhile. So a caller that wants both to work at the same time awaits `sent`.
 */
export function send<Row extends pg.QueryResultRow>(pool: pg.Pool, statement: pg.QueryConfig): Sending<Row> {
  const sent = Promise.withResolvers<void>();
  const rows = answerTo<Row>(pool, statement, sent.resolve).finally(sent.resolve);
  return { sent: sent.promise, rows };
}

async function answerTo<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  statement: pg.QueryConfig,
  sent: () => void,
): Promise<Row[]> {
  const client = await pool.connect();
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  let failure: Error | undefined;
  const fail = (error: Error): void => void (failure = error);
  client.on('error', fail);
  try {
    const answer = client.query<Row>(statement);
    if (stream.writableNeedDrain) stream.once('drain', sent);
    else sent();
    return (await answer).rows;
  } catch (error) {
    fail(error as Error);
    throw error;
  } finally {
    client.off('error', fail);
    stream.off('drain', sent);
    // A connection that failed is not used again.
    client.release(failure);
  }
}

/** Statements of one transaction: nothing is done if `lock` finds no row, or if `last` moves nothing. */
export interface Statements {
  lock: pg.QueryConfig;
  before: readonly pg.QueryConfig[];
  last: pg.QueryConfig;
}

/**
 * Sends several statements in one transaction. These are rare, so the caller need not compute meanwhile: `sent`
 * resolves at the end.
 */
export function sendTogether(pool: pg.Pool, statements: Statements): Sending<{ moved: number }> {
  const rows = inTransaction(pool, statements);
  return { sent: rows.then(nothing, nothing), rows };
}

const nothing = (): void => undefined;

async function inTransaction(pool: pg.Pool, { lock, before, last }: Statements): Promise<{ moved: number }[]> {
  const client = await pool.connect();
  let failure: Error | undefined;
  const fail = (error: Error): void => void (failure = error);
  client.on('error', fail);
  try {
    await client.query('BEGIN');
    let moved = (await client.query(lock)).rowCount ?? 0;
    if (moved > 0) {
      for (const statement of before) await client.query(statement);
      moved = (await client.query<{ moved: number }>(last)).rows[0]!.moved;
    }
    await client.query(moved > 0 ? 'COMMIT' : 'ROLLBACK');
    return [{ moved }];
  } catch (error) {
    fail(error as Error);
    throw error;
  } finally {
    client.off('error', fail);
    // A connection that failed is not used again.
    client.release(failure);
  }
}
