import { Injectable } from '@nestjs/common';
import type { Amounts, Counters, CounterValues, Refusals } from '@vouchers/contracts';
import { storedCounts, type VoucherState } from '@vouchers/voucher';
import { VoucherHistory } from '../history/voucher.history.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { TEAM } from '../team/team.reads.ts';

/** The sums of many vouchers, and their number. `free` is null if one of them has no limit. */
export type SummedCounters = CounterValues & { vouchers: number };

interface CountersRow {
  voucherId: string;
  partition: number;
  seq: number;
  at: number;
  free: number | null;
  counters: string;
  /** The refused pushes by reason, as JSON. Null if there are none. */
  pushes: string | null;
}

const COUNTERS = `SELECT voucher_id AS "voucherId", partition, head_seq AS seq, head_at AS at, free, counters,
  (SELECT json_object_agg(r.reason, r.count ORDER BY r.reason) FROM refused_pushes r
   WHERE r.partition = v.partition AND r.voucher_id = v.voucher_id) AS pushes FROM vouchers v`;

interface SumsRow {
  vouchers: number;
  free: number | null;
  counts: string;
  refused: string;
  /** Amounts by currency, as JSON. */
  discounted: string;
  reservedUses: number;
  reservedDiscount: string;
}

/** `free` is null if one voucher has no limit, and 0 if there is no voucher. */
const SUMS = `
  WITH labelled AS MATERIALIZED (
    SELECT partition, voucher_id, free, counters FROM vouchers v
    WHERE labels @> $1::jsonb AND ($2::text IS NULL OR ${TEAM} = $2)
  ),
  counts AS (
    SELECT name, sum(value::text::bigint)::bigint AS total
    FROM labelled CROSS JOIN LATERAL jsonb_each(counters) AS c (name, value)
    WHERE jsonb_typeof(value) = 'number' GROUP BY name
  ),
  refusals AS (
    SELECT kind, reason, count::text::bigint AS count
    FROM labelled
    CROSS JOIN LATERAL jsonb_each(counters -> 'refused') AS k (kind, reasons)
    CROSS JOIN LATERAL jsonb_each(reasons) AS r (reason, count)
    UNION ALL
    SELECT 'push', reason, count FROM labelled JOIN refused_pushes USING (partition, voucher_id)
  ),
  amounts AS (
    SELECT place, currency, sum(amount::text::bigint)::bigint AS total
    FROM labelled
    CROSS JOIN LATERAL (VALUES ('discounted', counters -> 'discounted'),
      ('reserved', counters #> '{reserved,discount}')) AS p (place, amounts)
    CROSS JOIN LATERAL jsonb_each(amounts) AS a (currency, amount)
    GROUP BY place, currency
  ),
  reasons AS (SELECT kind, reason, sum(count)::bigint AS total FROM refusals GROUP BY kind, reason),
  kinds AS (SELECT kind, jsonb_object_agg(reason, total) AS reasons FROM reasons GROUP BY kind)
  SELECT
    (SELECT count(*) FROM labelled) AS vouchers,
    (SELECT CASE WHEN count(*) = count(free) THEN coalesce(sum(free), 0)::bigint END FROM labelled) AS free,
    (SELECT coalesce(jsonb_object_agg(name, total), '{}') FROM counts) AS counts,
    (SELECT coalesce(jsonb_object_agg(kind, reasons), '{}') FROM kinds) AS refused,
    (SELECT coalesce(jsonb_object_agg(currency, total), '{}') FROM amounts WHERE place = 'discounted') AS discounted,
    (SELECT coalesce(sum((counters #>> '{reserved,uses}')::bigint), 0)::bigint FROM labelled) AS "reservedUses",
    (SELECT coalesce(jsonb_object_agg(currency, total), '{}') FROM amounts WHERE place = 'reserved')
      AS "reservedDiscount"`;

@Injectable()
export class CountersReader {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly history: VoucherHistory,
  ) {}

  /** The stored counters with refused pushes; with `team`, of its vouchers alone. Nothing is recomputed. */
  async now(voucherIds: readonly string[], team?: string): Promise<Counters[]> {
    const places = voucherIds.map((voucherId) => this.history.partitionOf(voucherId));
    const { rows } = await this.connections.historyPool.query<CountersRow>({
      name: 'counters',
      text: `${COUNTERS} WHERE (partition, voucher_id) IN (SELECT * FROM unnest($1::int[], $2::uuid[]))
        AND ($3::text IS NULL OR ${TEAM} = $3)`,
      values: [places, voucherIds, team ?? null],
    });
    return rows.map(shown);
  }

  /**
   * The sums of all vouchers with a label; with `team`, of its vouchers alone. Postgres computes them, because the
   * vouchers may be many.
   */
  async labelled(key: string, value: string, team?: string): Promise<SummedCounters> {
    const { rows } = await this.connections.historyPool.query<SumsRow>({
      name: 'counters-labelled',
      text: SUMS,
      values: [JSON.stringify({ [key]: value }), team ?? null],
    });
    const { vouchers, free, counts, refused, discounted, reservedUses, reservedDiscount } = rows[0]!;
    return {
      ...storedCounts(JSON.parse(counts) as Partial<CounterValues>),
      discounted: JSON.parse(discounted) as Amounts,
      reserved: { uses: reservedUses, discount: JSON.parse(reservedDiscount) as Amounts },
      free,
      refused: JSON.parse(refused) as Refusals,
      vouchers,
    };
  }
}

function shown({ voucherId, partition, seq, at, free, counters, pushes }: CountersRow): Counters {
  const counts = storedCounts(JSON.parse(counters) as VoucherState['counters']);
  if (pushes !== null) counts.refused = { ...counts.refused, push: JSON.parse(pushes) as Record<string, number> };
  return { voucherId, ...counts, free, asOf: { partition, seq, at: new Date(at).toISOString() } };
}
