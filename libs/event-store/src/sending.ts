// A statement in two steps: when Postgres has it, and when it has answered.
import type { Socket } from 'node:net';
import type pg from 'pg';

export interface Sending<Row> {
  /** Postgres has all of the statement, or never will. Never rejects. */
  readonly sent: Promise<void>;
  readonly rows: Promise<Row[]>;
}

/**
 * Trap: what a pool is asked leaves in a later tick, and a large statement in many. A thread that computes on at once
 * computes first, while Postgres waits for its work; so whoever wants both at the same time awaits `sent`.
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
