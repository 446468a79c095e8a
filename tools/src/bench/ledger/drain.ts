// Ledger processes work off what stands in Kafka; what they did is checked, then told as a speed.
import { setTimeout as pause } from 'node:timers/promises';
import type { Proof } from '@vouchers/contracts';
import type pg from 'pg';
import type { Services } from '../../services/services.ts';
import { expectEqual, expectTrue } from '../expect.ts';
import { TopicEnd, topicOf } from '../kafka.records.ts';
import { CpuMeter, residentBytes, type CpuUse } from '../process.meter.ts';
import type { Stage } from '../stage.ts';
import { read } from '../vouchers.ts';

/** What the ledger processes are to work off. */
export interface Drain {
  readonly namespace: string;
  /** Ledger processes that share the partitions; 1 by default. */
  readonly processes?: number;
  /** The vouchers claimed, and how many claims were granted of all of them together, when all is done. */
  readonly voucherIds: readonly string[];
  readonly granted: number;
}

/** What was seen while they did. */
export interface Drained {
  /** Submissions decided, written and published. Unit: records a second. */
  readonly perSecond: number;
  readonly records: number;
  readonly cpu: CpuUse;
  /** Highest resident memory of a ledger process. Unit: bytes. */
  readonly peakBytes: number;
  /** Resident memory of the ledger processes together, each so many records. Unit: bytes. */
  readonly residentBytes: readonly number[];
}

const LOOK_MS = 25;
const SAY_MS = 5_000;
const STALLED_MS = 60_000;
/** So many looks at memory, spread over the work. */
const MEMORY_LOOKS = 8;
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
    for (let count = 0; count < (work.processes ?? 1); count += 1)
      ledgers.push(await stage.services(work.namespace, ['ledger']));
    const database = await stage.database(work.namespace, 'ledger');
    try {
      const drained = await watch(stage, ledgers, database, submissions, async (events) => {
        while ((await outcomes.records()) - published < events - relayed) await pause(LOOK_MS);
      });
      await check(stage, ledgers[0]!, database, work);
      expectEqual(
        'events in Kafka',
        (await outcomes.records()) - published,
        (await cursors(database)).events - relayed,
      );
      return drained;
    } finally {
      await database.end();
    }
  } finally {
    await Promise.all([...ledgers.map((ledger) => ledger.stop()), submissions.close(), outcomes.close()]);
  }
}

async function watch(
  stage: Stage,
  ledgers: readonly Services[],
  database: pg.Client,
  submissions: TopicEnd,
  untilPublished: (events: number) => Promise<void>,
): Promise<Drained> {
  const end = await submissions.records();
  const processIds = ledgers.map((ledger) => ledger.processIds().ledger);
  const named = Object.fromEntries(
    processIds.map((id, index) => [ledgers.length > 1 ? `ledger ${index + 1}` : 'ledger', id]),
  );
  const before = await cursors(database);
  let now = before;
  // The clock runs from the first commit on: starting a process and joining a group are not what is measured.
  while (now.offset === before.offset && before.offset < end)
    [now] = await Promise.all([cursors(database), pause(LOOK_MS)]);
  const first = now;
  const began = performance.now();
  const meter = new CpuMeter({
    ...named,
    Postgres: stage.infrastructure.processIds.postgres,
    Kafka: stage.infrastructure.processIds.kafka,
  });
  const memory: number[] = [];
  let [moved, said] = [performance.now(), performance.now()];
  while (now.offset < end) {
    stage.lifetime.signal.throwIfAborted();
    await pause(LOOK_MS * 4);
    const next = await cursors(database);
    if (next.offset > now.offset) moved = performance.now();
    else if (performance.now() - moved > STALLED_MS)
      throw new Error(`the ledger stands still at ${next.offset} of ${end}\n${ledgers[0]!.logDir}`);
    now = next;
    if (now.offset - first.offset >= ((memory.length + 1) * (end - first.offset)) / MEMORY_LOOKS)
      memory.push(processIds.reduce<number>((sum, id) => sum + (residentBytes(id) ?? 0), 0));
    if (performance.now() - said < SAY_MS) continue;
    said = performance.now();
    const rate = (1_000 * (now.offset - first.offset)) / (said - began);
    stage.say(
      `  ${now.offset.toLocaleString('en-US')} of ${end.toLocaleString('en-US')} decided (${Math.round(rate).toLocaleString('en-US')}/s)`,
    );
  }
  await untilPublished((await cursors(database)).events);
  const seconds = (performance.now() - began) / 1_000;
  const peaks = ledgers.map((ledger) => ledger.peakResidentBytes().ledger);
  const records = end - first.offset;
  return {
    perSecond: records / seconds,
    records,
    cpu: meter.stop(),
    peakBytes: Math.max(...peaks),
    residentBytes: memory,
  };
}

/** How far the partitions are, all together. */
async function cursors(database: pg.Client): Promise<{ offset: number; events: number }> {
  const { rows } = await database.query<{ offset: number; events: number }>(
    `SELECT coalesce(sum(next_offset), 0)::float8 AS offset, coalesce(sum(next_seq - 1), 0)::float8 AS events FROM cursor`,
  );
  return rows[0]!;
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
