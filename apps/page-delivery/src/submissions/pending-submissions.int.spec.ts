import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { loadSettings, metrics, migrate, type Database } from '@vouchers/service';
import { eventually, testDatabase, type TestDatabase } from '@vouchers/testing';
import { READ_MODEL_DATABASE, ReadModel } from '../read-model/read-model.ts';
import { PageDeliverySettings } from '../settings.ts';
import { PendingSubmissions } from './pending-submissions.ts';

const ready = { whenReady: () => Promise.resolve() } as Database;
const logger = { warn: jest.fn() };
let database: TestDatabase;
let settings: PageDeliverySettings;
let readModel: ReadModel;
beforeAll(async () => {
  database = await testDatabase('pending');
  const owner = { databaseUrl: database.url, login: 'nobody' };
  // Both migrations begin before either has made the index.
  const [one, other] = await Promise.all([
    migrate(owner, READ_MODEL_DATABASE, { onWait: () => undefined }),
    migrate(owner, READ_MODEL_DATABASE, { onWait: () => undefined }),
  ]);
  expect([...one, ...other].filter((name) => name === 'PendingByAge1764460000015')).toHaveLength(1);
  settings = { databaseUrl: database.url, pendingDays: 40 } as PageDeliverySettings;
  readModel = new ReadModel(settings);
});
afterAll(async () => {
  await readModel.onApplicationShutdown();
  await database.drop();
});
beforeEach(() => database.pool.query('TRUNCATE pending_submissions'));

/** Stores submissions of that age. Their `at` does not count, since an importer may send any time. */
const keep = (count: number, days: number) =>
  database.pool.query(
    `INSERT INTO pending_submissions (submission_id, voucher_id, asker, body_hash, at, kept_at)
     SELECT gen_random_uuid(), gen_random_uuid(), '', '', '2017-01-01', now() - make_interval(days => $2)
     FROM generate_series(1, $1)`,
    [count, days],
  );
const kept = async () => {
  const { rows } = await database.pool.query<{ count: number }>('SELECT count(*)::int FROM pending_submissions');
  return rows[0]!.count;
};

it('deletes submissions that are older than PENDING_DAYS, in slices, by an index', async () => {
  await keep(2_500, 41);
  await keep(7, 39);
  const queries = jest.spyOn(readModel, 'rows');
  await new PendingSubmissions(settings, readModel, ready, logger).prune();
  expect([await kept(), queries.mock.calls.length]).toEqual([7, 3]);
  const [{ text }] = queries.mock.calls[0]!;
  queries.mockRestore();
  await keep(20_000, 1);
  await database.pool.query('ANALYZE pending_submissions');
  const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN ${text.replace('$1', '40').replace('$2', '1000')}`,
  );
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('pending_submissions_by_age');
});

it('does not wait for a row that another replica is deleting', async () => {
  await keep(3, 41);
  const other = await database.pool.connect();
  await other.query('BEGIN');
  await other.query('DELETE FROM pending_submissions WHERE ctid = (SELECT min(ctid) FROM pending_submissions)');
  await new PendingSubmissions(settings, readModel, ready, logger).prune();
  await other.query('COMMIT');
  other.release();
  expect(await kept()).toBe(0);
});

it('logs and counts failures, and shows how far it is behind', async () => {
  await keep(1, 43);
  const pending = new PendingSubmissions(settings, readModel, ready, logger);
  const [overdue] = (await metrics.getSingleMetric('page_delivery_pending_overdue_seconds')!.get()).values;
  expect(overdue!.value).toBeGreaterThanOrEqual(3 * 86_400);
  await database.pool.query('ALTER TABLE pending_submissions RENAME TO elsewhere');
  pending.onApplicationBootstrap();
  await eventually('the failure is logged', () => logger.warn.mock.calls.length > 0);
  pending.onApplicationShutdown();
  await database.pool.query('ALTER TABLE elsewhere RENAME TO pending_submissions');
  expect(logger.warn.mock.calls[0]).toEqual([expect.stringMatching(/^pending submissions are not pruned: ./)]);
  const [failures] = (await metrics.getSingleMetric('page_delivery_pending_prune_failures_total')!.get()).values;
  expect(failures!.value).toBe(1);
});

it('refuses PENDING_DAYS below 1', () => {
  expect(() => loadSettings(PageDeliverySettings, { PENDING_DAYS: '0' })).toThrow(
    'PENDING_DAYS must be a whole number from 1 to 3650',
  );
});
