// Counts a voucher's claims and uses by day of the week, by hour, and by the time from claim to use. Postgres counts
// them, because the events may be many.
import { Injectable } from '@nestjs/common';
import { LedgerConnections } from '../ledger.connections.ts';

export const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
/** The upper ends of the classes of time from claim to use. The last class has none. */
export const UP_TO = ['PT1H', 'PT6H', 'P1D', 'P3D', 'P7D', 'P30D'] as const;
const UP_TO_SECONDS = [3_600, 21_600, 86_400, 259_200, 604_800, 2_592_000];

export interface Usage {
  byHour: { day: (typeof DAYS)[number]; hour: number; claimed: number; used: number }[];
  untilUse: { upTo: string | null; uses: number }[];
  medianSeconds: number | null;
}

const COUNTED = `
  SELECT type, at AT TIME ZONE $5::text AS local,
    extract(epoch FROM at - (data #>> '{claim,heldAt}')::timestamptz) AS seconds
  FROM events
  WHERE partition = $1 AND voucher_id = $2 AND seq > $3 AND seq <= $4
    AND type IN ('voucher.claimed.v1', 'voucher.redeemed.v1')
    AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7)`;

const USAGE = `
  WITH counted AS MATERIALIZED (${COUNTED}),
  hours AS (
    SELECT extract(isodow FROM local)::int AS day, extract(hour FROM local)::int AS hour,
      count(*) FILTER (WHERE type = 'voucher.claimed.v1') AS claimed,
      count(*) FILTER (WHERE type = 'voucher.redeemed.v1') AS used
    FROM counted GROUP BY 1, 2
  ),
  uses AS (SELECT seconds FROM counted WHERE type = 'voucher.redeemed.v1' AND seconds IS NOT NULL),
  classes AS (
    SELECT width_bucket(seconds, $8::numeric[]) AS class, count(*) AS uses FROM uses GROUP BY 1
  )
  SELECT
    (SELECT coalesce(json_agg(json_build_array(day, hour, claimed, used) ORDER BY day, hour), '[]') FROM hours) AS hours,
    (SELECT coalesce(json_object_agg(class, uses), '{}') FROM classes) AS classes,
    (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds)::float8 FROM uses) AS median`;

interface Row {
  hours: [day: number, hour: number, claimed: number, used: number][] | string;
  classes: Record<string, number> | string;
  median: number | null;
}

export interface UsageRange {
  /** Only seqs above this one. */
  after: number;
  until: number;
  /** Unix milliseconds. */
  from?: number;
  to?: number;
}

@Injectable()
export class UsageReader {
  constructor(private readonly connections: LedgerConnections) {}

  /** @param timeZone the days and hours are those of this zone */
  async of(partition: number, voucherId: string, range: UsageRange, timeZone: string): Promise<Usage> {
    const time = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());
    const { rows } = await this.connections.historyPool.query<Row>({
      name: 'usage',
      text: USAGE,
      values: [
        partition,
        voucherId,
        range.after,
        range.until,
        timeZone,
        time(range.from),
        time(range.to),
        UP_TO_SECONDS,
      ],
    });
    const { hours, classes, median } = rows[0]!;
    const counts = read(classes);
    return {
      byHour: read(hours).map(([day, hour, claimed, used]) => ({ day: DAYS[day - 1]!, hour, claimed, used })),
      untilUse: [...UP_TO, null].map((upTo, index) => ({ upTo, uses: counts[String(index)] ?? 0 })),
      medianSeconds: median,
    };
  }
}

/** The pool leaves JSON as text. */
const read = <Value>(json: Value | string): Value => (typeof json === 'string' ? (JSON.parse(json) as Value) : json);
