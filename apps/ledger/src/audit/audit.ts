// Checks all partitions and vouchers: the chains against events and published heads, and everything that is stored
// against the events.
import { USER_FORGOTTEN, type ChainHead, type EventType } from '@vouchers/contracts';
import { atOneMoment, type Queries } from '@vouchers/event-store';
import type pg from 'pg';
import { VoucherExamination } from '../proof/voucher.examination.ts';
import { ChainWalk } from './chain.walk.ts';

export interface AuditReport {
  partitions: number;
  events: number;
  vouchers: number;
  /** A sentence per fault. */
  faults: string[];
  /** Events that have no hash yet. */
  unattested: string[];
}

/** A page of vouchers that have a row or an event, with seq and type of the last one. The index leads to the next voucher. */
const VOUCHERS = `WITH RECURSIVE found (id, number) AS (
  (SELECT voucher_id, 1 FROM events WHERE partition = $1 AND voucher_id > $2::uuid ORDER BY voucher_id LIMIT 1)
  UNION ALL
  SELECT next.voucher_id, number + 1 FROM found CROSS JOIN LATERAL (
    SELECT voucher_id FROM events WHERE partition = $1 AND voucher_id > found.id ORDER BY voucher_id LIMIT 1
  ) next WHERE number < $3
), ids AS (
  SELECT id FROM found
  UNION (SELECT voucher_id FROM vouchers WHERE partition = $1 AND voucher_id > $2 ORDER BY voucher_id LIMIT $3)
)
SELECT id, coalesce(seq, 0) AS seq, type FROM ids LEFT JOIN LATERAL (
  SELECT seq, type FROM events WHERE partition = $1 AND voucher_id = id ORDER BY seq DESC LIMIT 1
) last ON true ORDER BY id LIMIT $3`;
const PAGE = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Each partition is seen at one moment, while its owner goes on.
 * @param heads the published heads of each partition, read before
 */
export async function audit(pool: pg.Pool, heads: ReadonlyMap<number, ChainHead[]>): Promise<AuditReport> {
  const { rows } = await pool.query<{ partition: number }>(
    'SELECT partition FROM cursor UNION SELECT DISTINCT partition FROM chain ORDER BY partition',
  );
  const stored = rows.map(({ partition }) => partition);
  const published = [...heads].flatMap(([partition, of]) => (of.length > 0 ? [partition] : []));
  const partitions = [...new Set([...stored, ...published])].sort((one, other) => one - other);
  const report: AuditReport = { partitions: partitions.length, events: 0, vouchers: 0, faults: [], unattested: [] };
  for (const partition of partitions)
    await atOneMoment(pool, (queries) => auditPartition(queries, partition, heads.get(partition) ?? [], report));
  return report;
}

async function auditPartition(
  queries: Queries,
  partition: number,
  heads: readonly ChainHead[],
  report: AuditReport,
): Promise<void> {
  const walk = new ChainWalk(queries, partition, (fault) => void report.faults.push(fault));
  const { events, unattested } = await walk.run(heads);
  report.events += events;
  if (unattested)
    report.unattested.push(`partition ${partition}: events ${unattested.from}–${unattested.until} have no hash yet`);
  for (let after = FIRST; ;) {
    const { rows } = await queries.query<{ id: string; seq: number; type?: EventType }>(VOUCHERS, [
      partition,
      after,
      PAGE,
    ]);
    // The event of a forgetting belongs to no voucher.
    const vouchers = rows.filter(({ type }) => type !== USER_FORGOTTEN);
    for (const { id, seq } of vouchers) report.faults.push(...(await faultsOf(queries, partition, id, seq)));
    report.vouchers += vouchers.length;
    if (rows.length === 0) break;
    after = rows.at(-1)!.id;
  }
  await compareTotals(queries, partition, report);
}

async function faultsOf(queries: Queries, partition: number, voucherId: string, seq: number): Promise<string[]> {
  if (seq === 0) return [`voucher ${voucherId}: it is stored and has no events`];
  const examination = new VoucherExamination(queries, { partition, voucherId }, async () => undefined);
  const { checks } = await examination.whole({ shown: seq, until: seq }, false);
  return checks.flatMap(({ check, faults = [] }) => faults.map((fault) => `voucher ${voucherId}, ${check}: ${fault}`));
}

/** Finds rows that no event made. The other checks begin at the events. */
async function compareTotals(queries: Queries, partition: number, report: AuditReport): Promise<void> {
  for (const [table, type] of [
    ['claims', 'voucher.claimed.v1'],
    ['redemptions', 'voucher.redeemed.v1'],
    ['entries', 'voucher.waiting-list-joined.v1'],
  ]) {
    const { rows } = await queries.query<{ id: string; stored: number; wanted: number }>(
      `SELECT voucher_id AS id, coalesce(t.count, 0) AS stored, coalesce(e.count, 0) AS wanted
       FROM (SELECT voucher_id, count(*) FROM ${table} WHERE partition = $1 GROUP BY voucher_id) t
       FULL JOIN (SELECT voucher_id, count(*) FROM events WHERE partition = $1 AND type = $2 GROUP BY voucher_id) e
       USING (voucher_id) WHERE t.count IS DISTINCT FROM e.count ORDER BY voucher_id LIMIT 20`,
      [partition, type],
    );
    for (const { id, stored, wanted } of rows)
      report.faults.push(`voucher ${id}, ${table}: ${stored} rows are stored, ${wanted} by the events`);
  }
  const { rows } = await queries.query<{ id: string; count: number }>(
    `SELECT voucher_id AS id, count(*) AS count FROM voucher_users u WHERE partition = $1
     AND NOT EXISTS (SELECT FROM events e WHERE e.partition = $1 AND e.voucher_id = u.voucher_id)
     GROUP BY voucher_id ORDER BY voucher_id LIMIT 20`,
    [partition],
  );
  for (const { id, count } of rows)
    report.faults.push(`voucher ${id}, users: ${count} rows are stored, 0 by the events`);
}
