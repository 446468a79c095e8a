// Ledger processes work off what stands in Kafka; what they did is checked, then told as a speed.
import { setTimeout as pause } from 'node:timers/promises';
import type { Proof } from '@vouchers/contracts';
import type pg from 'pg';
import type { Services } from '../../services/services.ts';
import { expectEqual, expectTrue } from '../expect.ts';
import { TopicEnd, topicOf } from '../kafka.records.ts';
import { cursors, Progress } from './progress.ts';
import { CpuMeter, type CpuUse } from '../process.meter.ts';
import { serversOf, type Stage } from '../stage.ts';
import { read } from '../vouchers.ts';

/** What the ledger processes are to work off. */
export interface Drain {
  readonly namespace: string;
  /** Ledger processes that share the partitions; 1 by default. */
  readonly processes?: number;
  /** The vouchers claimed, and how many claims were granted of all of them together, when all is done. */
  readonly voucherIds: readonly string[];
  readonly granted: number;
  /** Other processes whose memory is looked at. */
  readonly beside?: Readonly<Record<string, number | undefined>>;
}

/** What was seen while they did. */
export interface Drained {
  /** Submissions decided, written and published. Unit: records a second. */
  readonly perSecond: number;
  readonly records: number;
  readonly cpu: CpuUse;
  /** Highest resident memory of a ledger process. Unit: bytes. */
  readonly peakBytes: number;
  /** Resident memory of each process, looked at after each eighth of the work. Unit: bytes. */
  readonly residentBytes: Readonly<Record<string, readonly number[]>>;
}

const LOOK_MS = 25;
const PROOFS = 20;

/** Starts ledger processes on the tables as they are, waits until every outcome is in Kafka, checks, stops them. */
export async function drain(stage: Stage, work: Drain): Promise<Drained> {
  const { brokers } = stage.infrastructure;
  const [submissions, outcomes] = await Promise.all([
    TopicEnd.of(brokers, topicOf(work.namespace, 'submissions')),
    TopicEnd.of(brokers, topicOf(work.namespace, 'outcomes')),
  ]);
  const ledgers: Services[] = [];
  try {
    const [published, relayed] = await Promise.all([outcomes.records(), relayedEvents(stage, work.namespace)]);
    ledgers.push(
      ...(await Promise.all(
        Array.from({ length: work.processes ?? 1 }, () => stage.services(work.namespace, ['ledger'])),
      )),
    );
    const database = await stage.database(work.namespace, 'ledger');
    try {
      const watched = { ...processesOf(ledgers), ...work.beside };
      const progress = new Progress(stage, database, await submissions.records());
      // The clock runs from the first commit on: starting a process and joining a group are not what is measured.
      const first = await progress.begun();
      const [began, meter] = [performance.now(), new CpuMeter({ ...watched, ...serversOf(stage) })];
      const looks = await progress.worked(watched);
      const { offset, events } = await cursors(database);
      while ((await outcomes.records()) - published < events - relayed) await pause(LOOK_MS);
      const seconds = (performance.now() - began) / 1_000;
      const cpu = meter.stop();

      await check(stage, ledgers[0]!, database, work);
      expectEqual('events in Kafka', (await outcomes.records()) - published, events - relayed);
      const peaks = ledgers.map((ledger) => ledger.peakResidentBytes().ledger);
      const records = offset - first;
      return { perSecond: records / seconds, records, cpu, peakBytes: Math.max(...peaks), residentBytes: looks };
    } finally {
      await database.end();
    }
  } finally {
    await Promise.all([...ledgers.map((ledger) => ledger.stop()), submissions.close(), outcomes.close()]);
  }
}

/** Events that need not be published any more, before a ledger runs. */
async function relayedEvents(stage: Stage, namespace: string): Promise<number> {
  await stage.createDatabase(namespace, 'ledger');
  const database = await stage.database(namespace, 'ledger');
  try {
    const { rows } = await database.query<{ isThere: boolean }>(`SELECT to_regclass('relay') IS NOT NULL AS "isThere"`);
    if (!rows[0]!.isThere) return 0;
    const relay = 'SELECT coalesce(sum(next_seq - 1), 0)::float8 AS events FROM relay';
    return (await database.query<{ events: number }>(relay)).rows[0]!.events;
  } finally {
    await database.end();
  }
}

/** Every claim was granted once, to its user, and every unit is somewhere. */
async function check(
  stage: Stage,
  ledger: Services,
  database: pg.Client,
  { voucherIds, granted }: Drain,
): Promise<void> {
  const { rows } = await database.query<Record<'claims' | 'users' | 'counted', number>>(
    `SELECT (SELECT count(*) FROM claims WHERE voucher_id = ANY ($1))::int AS claims,
      (SELECT count(*) FROM voucher_users WHERE voucher_id = ANY ($1) AND claims = 1)::int AS users,
      (SELECT sum((counters->>'claimed')::int) FROM vouchers WHERE voucher_id = ANY ($1))::int AS counted`,
    [voucherIds],
  );
  for (const [what, seen] of Object.entries(rows[0]!)) expectEqual(`claims, as ${what} tell`, seen, granted);
  for (const voucherId of voucherIds.slice(0, PROOFS)) {
    const proof = await read<Proof>(stage, `${ledger.urls.ledger}/v1/vouchers/${voucherId}/proof`);
    expectTrue(`the pool equation of ${voucherId} holds`, proof.holds);
  }
}

/** Named for the table: one is just `ledger`. */
function processesOf(ledgers: readonly Services[]): Record<string, number | undefined> {
  const name = (index: number): string => (ledgers.length > 1 ? `ledger ${index + 1}` : 'ledger');
  return Object.fromEntries(ledgers.map((ledger, index) => [name(index), ledger.processIds().ledger]));
}
