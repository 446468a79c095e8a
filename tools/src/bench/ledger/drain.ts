// Ledger processes decide a backlog in Kafka. Their results are checked; then the speed is returned.
import { setTimeout as pause } from 'node:timers/promises';
import type { Proof } from '@vouchers/contracts';
import type pg from 'pg';
import type { Services } from '../../services/services.ts';
import { expectEqual, expectTrue } from '../expect.ts';
import { makeAnew, TopicEnd, topicOf } from '../kafka.records.ts';
import { cursors, Progress } from './progress.ts';
import { CpuMeter, type CpuUse } from '../process.meter.ts';
import { serversOf, type Stage } from '../stage.ts';
import { read } from '../vouchers.ts';

/** The work for the ledger processes. */
export interface Drain {
  readonly namespace: string;
  /** Number of ledger processes, which share the partitions. Default 1. */
  readonly processes?: number;
  /** The claimed vouchers, and the number of claims that must be granted for all of them together. */
  readonly voucherIds: readonly string[];
  readonly granted: number;
  /** More settings of the ledger processes. */
  readonly environment?: Record<string, string>;
  /** Whether the first process is killed half way and started again. */
  readonly killed?: boolean;
  /** Other processes whose memory is measured. */
  readonly beside?: Readonly<Record<string, number | undefined>>;
}

/** Measurements of this work. */
export interface Drained {
  /** Submissions that were decided, written and published. Unit: records per second. */
  readonly perSecond: number;
  readonly records: number;
  /** Events in the tables, and records of them in Kafka. */
  readonly written: number;
  readonly published: number;
  /** Records done at the kill, and the time until the process was ready again. */
  readonly death?: { readonly at: number; readonly awayMs: number };
  readonly cpu: CpuUse;
  /** Highest resident memory of a ledger process. Unit: bytes. */
  readonly peakBytes: number;
  /** Resident memory of each process after each eighth of the work. Unit: bytes. */
  readonly residentBytes: Readonly<Record<string, readonly number[]>>;
}

const LOOK_MS = 25;
const PROOFS = 20;
const PUBLISHED_WITHIN_MS = 60_000;

/** Starts ledger processes on the present tables, waits until every outcome is in Kafka, checks, and stops them. */
export async function drain(stage: Stage, work: Drain): Promise<Drained> {
  const { namespace, processes = 1 } = work;
  await stage.createDatabase(namespace, 'ledger');
  const [submissions, outcomes, database] = await Promise.all([
    TopicEnd.of(stage.infrastructure.brokers, topicOf(namespace, 'submissions')),
    TopicEnd.of(stage.infrastructure.brokers, topicOf(namespace, 'outcomes')),
    stage.database(namespace, 'ledger'),
  ]);
  const ledgers: Services[] = [];
  try {
    const before = { records: await outcomes.records(), events: await relayed(database) };
    const starts = Array.from({ length: processes }, () => stage.services(namespace, ['ledger'], work.environment));
    ledgers.push(...(await Promise.all(starts)));
    const progress = new Progress(stage, database, await submissions.records());
    const seen = await watch(stage, ledgers, database, progress, outcomes, work);

    await checkTables(database, work);
    await checkProofs(stage, ledgers[0]!, work);
    const after = await settled(database, outcomes);
    const [published, written] = [after.records - before.records, after.events - before.events];
    // Delivery is at least once: an event may come twice when a partition moves to another process.
    if (processes === 1 && !work.killed) expectEqual('events in Kafka', published, written);
    else expectTrue(`all ${written} events are in Kafka, where ${published} came`, published >= written);
    return { ...seen, written, published };
  } finally {
    await Promise.all(ledgers.map((ledger) => ledger.stop()));
    await Promise.all([database.end(), submissions.close(), outcomes.close()]);
  }
}

/** The clock starts at the first commit, so it leaves out the start of processes and the joining of the group. */
async function watch(
  stage: Stage,
  ledgers: readonly Services[],
  database: pg.Client,
  progress: Progress,
  outcomes: TopicEnd,
  { beside, killed }: Drain,
): Promise<Omit<Drained, 'written' | 'published'>> {
  const watched = { ...processesOf(ledgers), ...beside };
  const first = await progress.begun();
  const [began, meter] = [performance.now(), new CpuMeter({ ...watched, ...serversOf(stage) })];
  const death = killed ? await killHalfWay(ledgers[0]!, database, progress) : undefined;
  const looks = await progress.worked(watched);
  const { at } = await settled(database, outcomes);
  const cpu = meter.stop();
  const records = (await cursors(database)).offset - first;
  const peakBytes = Math.max(...ledgers.map((ledger) => ledger.peakResidentBytes().ledger));
  return { perSecond: (1_000 * records) / (at - began), records, death, cpu, peakBytes, residentBytes: looks };
}

async function killHalfWay(
  ledger: Services,
  database: pg.Client,
  progress: Progress,
): Promise<NonNullable<Drained['death']>> {
  await progress.halfWay();
  const killedAt = performance.now();
  await ledger.kill('ledger');
  const at = (await cursors(database)).offset;
  await ledger.restart('ledger');
  return { at, awayMs: performance.now() - killedAt };
}

/** Waits until the relays have published everything. `at`: time of the last record, by `performance.now()`. */
export async function settled(
  database: pg.Client,
  outcomes: TopicEnd,
): Promise<{ records: number; events: number; at: number }> {
  const until = performance.now() + PUBLISHED_WITHIN_MS;
  let [records, at] = [await outcomes.records(), performance.now()];
  for (;;) {
    const { events } = await cursors(database);
    const isPublished = (await relayed(database)) >= events;
    const now = await outcomes.records();
    if (now > records) [records, at] = [now, performance.now()];
    // A tick may have added events meanwhile.
    if (isPublished && (await cursors(database)).events === events) return { records, events, at };
    if (performance.now() > until) throw new Error(`${events} events are written, but not all are published`);
    await pause(LOOK_MS);
  }
}

/** Deletes tables and outcomes. Submissions stay in Kafka and will be decided again. */
export async function beginAnew(stage: Stage, namespace: string): Promise<void> {
  await stage.dropDatabase(namespace, 'ledger');
  await makeAnew(stage.infrastructure.brokers, topicOf(namespace, 'outcomes'));
}

/**
 * The same without a new database: dropping one makes Postgres write a checkpoint, after which it writes each page of an
 * index whole when it first changes. In large tables, the claims that are measured next would pay for that.
 */
export async function emptyTables(stage: Stage, namespace: string): Promise<void> {
  await stage.createDatabase(namespace, 'ledger');
  const database = await stage.database(namespace, 'ledger');
  try {
    const { rows } = await database.query<{ names: string | null }>(
      `SELECT string_agg(format('%I', tablename), ', ') AS names FROM pg_tables
       WHERE schemaname = 'public' AND tablename NOT IN ('migrations', 'chain_secret', 'simulation_lease')`,
    );
    if (rows[0]!.names) await database.query(`TRUNCATE ${rows[0]!.names}`);
  } finally {
    await database.end();
  }
  await makeAnew(stage.infrastructure.brokers, topicOf(namespace, 'outcomes'));
}

/** Events that are published, according to the relays. */
async function relayed(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ isThere: boolean }>(`SELECT to_regclass('relay') IS NOT NULL AS "isThere"`);
  if (!rows[0]!.isThere) return 0; // no ledger ever ran here
  const relay = 'SELECT coalesce(sum(next_seq - 1), 0)::float8 AS events FROM relay';
  return (await database.query<{ events: number }>(relay)).rows[0]!.events;
}

/** Checks that every claim was granted once, to its user, and counted. */
async function checkTables(database: pg.Client, { voucherIds, granted }: Drain): Promise<void> {
  const { rows } = await database.query<Record<'claims' | 'users' | 'counters', number>>(
    `SELECT (SELECT count(*) FROM claims WHERE voucher_id = ANY ($1))::int AS claims,
      (SELECT count(*) FROM voucher_users WHERE voucher_id = ANY ($1) AND claims = 1)::int AS users,
      (SELECT sum((counters->>'claimed')::int) FROM vouchers WHERE voucher_id = ANY ($1))::int AS counters`,
    [voucherIds],
  );
  for (const [what, seen] of Object.entries(rows[0]!)) expectEqual(`claims, as the ${what} tell`, seen, granted);
}

/** Checks over HTTP that every unit is accounted for. */
async function checkProofs(stage: Stage, { urls }: Services, { voucherIds }: Drain): Promise<void> {
  for (const voucherId of voucherIds.slice(0, PROOFS)) {
    const proof = await read<Proof>(stage, `${urls.ledger}/v1/vouchers/${voucherId}/proof`);
    expectTrue(`the pool equation of ${voucherId} holds`, proof.holds);
  }
}

/** Names for the table: a single process is just `ledger`. */
function processesOf(ledgers: readonly Services[]): Record<string, number | undefined> {
  const name = (index: number): string => (ledgers.length > 1 ? `ledger ${index + 1}` : 'ledger');
  return Object.fromEntries(ledgers.map((ledger, index) => [name(index), ledger.processIds().ledger]));
}
