// Lists vouchers by what the ledger knows of them: state, free units, and what needs attention. Postgres filters and
// sorts, because the vouchers may be many.
import { Injectable } from '@nestjs/common';
import type { VoucherStatus } from '@vouchers/contracts';
import { LedgerConnections } from '../ledger.connections.ts';
import { TEAM } from '../team/team.reads.ts';

/** The last two are of any voucher, the others only of live ones. */
export const ATTENTIONS = ['sold-out', 'low-stock', 'ends-soon', 'refusals', 'proof-broken', 'behind'] as const;
export type Attention = (typeof ATTENTIONS)[number];
export const SORTS = ['newest', 'name', 'ends', 'free', 'claimed', 'refused'] as const;
export type Sort = (typeof SORTS)[number];
export const TIMES = ['upcoming', 'open', 'over'] as const;

export interface VouchersFilter {
  attention?: Attention | 'any';
  soldOut?: boolean;
  type?: string;
  state?: VoucherStatus;
  time?: (typeof TIMES)[number];
  team?: string;
  label?: { key: string; value: string };
}

export interface VoucherListed {
  voucherId: string;
  name: string;
  state: VoucherStatus;
  free: number | null;
  attention: Attention[];
  resourceType: string;
  team: string;
  version: number;
  /** The end of the claim window. */
  claimUntil: string;
  claimQuantity: number | null;
  /** The value by which the list is sorted. */
  sorted: string;
}

const SOON = `interval '2 days'`;
/** A voucher with refusals: at least half of its newest events are refused claims, and the last one is recent. */
const RECENT = `interval '1 hour'`;
const NEWEST_EVENTS = 40;
const LEAST_REFUSED = 10;
/** An event that was not published for so long holds up the pages and the other consumers. */
const LATE = `interval '1 minute'`;

/** Text that sorts like the number. */
const sortable = (number: string): string => `to_char(${number}, 'FM0000000000000000')`;
const SORTED: Record<Sort, { value: string; direction: 'ASC' | 'DESC' }> = {
  newest: { value: 'id::text', direction: 'DESC' },
  name: { value: `lower(name) COLLATE "C"`, direction: 'ASC' },
  ends: { value: `to_char(claim_to AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS')`, direction: 'ASC' },
  free: { value: `coalesce(${sortable('free')}, 'unlimited')`, direction: 'ASC' },
  claimed: { value: sortable(`(counters ->> 'claimed')::bigint`), direction: 'DESC' },
  refused: {
    value: sortable(`(SELECT coalesce(sum(r.value::text::bigint), 0) FROM jsonb_each(counters -> 'refused') k
      CROSS JOIN LATERAL jsonb_each(k.value) r)`),
    direction: 'DESC',
  },
};

const STATE = `CASE WHEN status = 'published' AND enabled THEN 'enabled' ELSE status END`;

/** The partitions whose relay is late, each with the seq of its first event that is not published. */
const LATE_RELAYS = `SELECT c.partition, e.seq AS next_seq FROM cursor c LEFT JOIN relay r USING (partition)
  JOIN events e ON e.partition = c.partition AND e.seq = coalesce(r.next_seq, 1)
  WHERE e.decided_at <= $1::timestamptz - ${LATE}`;

/** The sum of counters. Rows of earlier releases lack some of them. */
const SUM = (...names: string[]): string =>
  names.map((name) => `coalesce((counters ->> '${name}')::bigint, 0)`).join(' + ');
const GONE = SUM('held', 'locked', 'used', 'retired', 'offered');
/** The checks of a proof that the kept counters alone can fail. If they do, no proof of the voucher holds. */
const PROOF_BROKEN = `(
  free IS DISTINCT FROM CASE WHEN claim_quantity IS NOT NULL THEN greatest(claim_quantity, ${GONE}) - (${GONE}) END
  OR ${SUM('claimed')} <> ${SUM('held', 'locked', 'used', 'expired', 'released', 'revoked')}
  OR ${SUM('joined')} <> ${SUM('waiting', 'offered', 'claimedFromOffer', 'lapsed', 'left')})`;

/** The kinds of attention that a voucher needs. */
const ATTENTION = `array_remove((CASE WHEN status <> 'published' THEN ARRAY[]::text[] ELSE ARRAY[
  CASE WHEN free = 0 THEN 'sold-out' END,
  CASE WHEN free > 0 AND free * 10 < claim_quantity THEN 'low-stock' END,
  CASE WHEN clock = 'wall' AND claim_to > $1::timestamptz AND claim_to <= $1::timestamptz + ${SOON} THEN 'ends-soon' END,
  CASE WHEN head_at > $1::timestamptz - ${RECENT} AND (
    SELECT count(*) FILTER (WHERE type = 'voucher.claim-refused.v1')
      >= greatest(${LEAST_REFUSED}, (count(*) + 1) / 2)
    FROM (SELECT type FROM events e WHERE e.partition = l.partition AND e.voucher_id = l.id AND e.seq <= l.head_seq
      ORDER BY e.seq DESC LIMIT ${NEWEST_EVENTS}) newest
  ) THEN 'refusals' END
] END) || ARRAY[
  CASE WHEN ${PROOF_BROKEN} THEN 'proof-broken' END,
  CASE WHEN EXISTS (SELECT 1 FROM late WHERE late.partition = l.partition AND late.next_seq <= l.head_seq)
    THEN 'behind' END
], NULL)`;
/** The filters that do not ask for live vouchers alone. */
const OF_ANY: readonly (Attention | 'any' | undefined)[] = ['any', 'proof-broken', 'behind', undefined];

@Injectable()
export class VouchersReader {
  constructor(private readonly connections: LedgerConnections) {}

  /** @param seen the only team whose vouchers the caller sees; undefined: all */
  async list(
    filter: VouchersFilter,
    { sort, after, limit, seen }: { sort: Sort; after?: string[]; limit: number; seen?: string },
  ): Promise<VoucherListed[]> {
    const { value, direction } = SORTED[sort];
    const values: unknown[] = [new Date().toISOString(), limit];
    const use = (one: unknown): string => `$${values.push(one)}`;
    const rows: string[] = [];
    if (seen !== undefined) rows.push(`${TEAM} = ${use(seen)}`);
    if (filter.team !== undefined) rows.push(`${TEAM} = ${use(filter.team)}`);
    if (filter.label)
      rows.push(`v.labels @> ${use(JSON.stringify({ [filter.label.key]: filter.label.value }))}::jsonb`);
    if (filter.state !== undefined) rows.push(`${STATE} = ${use(filter.state)}`);
    if (filter.soldOut === true) rows.push(`v.free = 0 AND v.status <> 'terminated'`);
    if (filter.soldOut === false) rows.push(`v.free IS DISTINCT FROM 0`);
    if (!OF_ANY.includes(filter.attention)) rows.push(`v.status = 'published'`);
    const listed: string[] = [];
    if (filter.type !== undefined) listed.push(`"resourceType" = ${use(filter.type)}`);
    if (filter.time === 'upcoming') listed.push('claim_from > $1::timestamptz');
    if (filter.time === 'open') listed.push('claim_from <= $1::timestamptz AND claim_to > $1::timestamptz');
    if (filter.time === 'over') listed.push('claim_to <= $1::timestamptz');
    const shown: string[] = [];
    if (filter.attention === 'any') shown.push('cardinality(attention) > 0');
    else if (filter.attention !== undefined) shown.push(`${use(filter.attention)} = ANY (attention)`);
    if (after) {
      const [last, id] = [use(after[0]), use(after[1])];
      shown.push(
        `(sorted COLLATE "C", id) ${direction === 'ASC' ? '>' : '<'} (${last}::text COLLATE "C", ${id}::uuid)`,
      );
    }
    const found = await this.connections.historyPool.query<VoucherListed>(
      `WITH late AS MATERIALIZED (${LATE_RELAYS}), listed AS (
         SELECT v.partition, v.voucher_id AS id, v.status, v.enabled, v.free, v.head_seq, v.head_at, v.counters,
           v.last_version AS version, ${TEAM} AS team, s.name, s."resourceType", s.clock,
           (s.windows #>> '{claim,from}')::timestamptz AS claim_from,
           (s.windows #>> '{claim,to}')::timestamptz AS claim_to,
           (s.quantities ->> 'claim')::bigint AS claim_quantity
         FROM vouchers v
         CROSS JOIN LATERAL json_to_record(v.definition -> 'spec')
           AS s (name text, "resourceType" text, clock text, windows json, quantities json)
         WHERE ${all(rows)}
       ), judged AS MATERIALIZED (
         SELECT l.*, ${ATTENTION} AS attention, ${value} AS sorted FROM listed l WHERE ${all(listed)}
       )
       SELECT id AS "voucherId", name, ${STATE} AS state, free, attention, "resourceType", team, version,
         to_char(claim_to AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "claimUntil",
         claim_quantity AS "claimQuantity", sorted
       FROM judged WHERE ${all(shown)}
       ORDER BY sorted COLLATE "C" ${direction}, id ${direction} LIMIT $2`,
      values,
    );
    return found.rows;
  }
}

const all = (conditions: string[]): string => (conditions.length > 0 ? conditions.join(' AND ') : 'true');
