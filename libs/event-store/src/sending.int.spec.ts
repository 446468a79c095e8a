import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testStore } from '../testing/hand-made.ts';
import { send } from './sending.ts';

/** Queries from another thread until the table has a row. */
const WATCH = `
  const { parentPort, workerData: { url, seen } } = require('node:worker_threads');
  const client = new (require('pg').Client)(url);
  void (async () => {
    await client.connect();
    parentPort.postMessage('watching');
    while ((await client.query('SELECT 1 FROM large')).rowCount === 0);
    Atomics.store(seen, 0, 1);
    Atomics.notify(seen, 0);
    await client.end();
  })();`;

describe('a statement', () => {
  let context: Awaited<ReturnType<typeof testStore>>;
  let pool: pg.Pool;
  beforeAll(async () => {
    context = await testStore('sending');
    pool = new pg.Pool({ connectionString: context.database.url, max: 1 });
    await pool.query('CREATE TABLE large (text text)');
  });
  afterAll(async () => {
    await pool.end();
    await context.end();
  });

  it('is executed after `sent`, even while the sending thread is blocked', async () => {
    const seen = new Int32Array(new SharedArrayBuffer(4));
    const watcher = new Worker(WATCH, { eval: true, workerData: { url: context.database.url, seen } });
    await once(watcher, 'message');
    const { sent, rows } = send(pool, { text: 'INSERT INTO large VALUES ($1)', values: ['x'.repeat(8_000_000)] });
    await sent;
    expect(Atomics.wait(seen, 0, 0, 60_000)).not.toBe('timed-out');
    expect(await rows).toEqual([]);
  });

  it('resolves `sent` if it fails, and its connection is not used again', async () => {
    const backend = async (): Promise<number> =>
      (await send<{ pid: number }>(pool, { text: 'SELECT pg_backend_pid() AS pid' }).rows)[0]!.pid;
    const before = await backend();
    const { sent, rows } = send(pool, { text: 'SELECT 1 / $1::int', values: [0] });
    await Promise.all([sent, expect(rows).rejects.toThrow('division by zero')]);
    expect(await backend()).not.toBe(before);
  });

  it('resolves `sent` if there is no connection', async () => {
    const nowhere = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    const { sent, rows } = send(nowhere, { text: 'SELECT 1' });
    await Promise.all([sent, expect(rows).rejects.toThrow('ECONNREFUSED')]);
    await nowhere.end();
  });
});
