import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { List } from '@vouchers/contracts';
import { COUNT, listOf, maybe, named, orNull, record, text, TIME, type TypeOf } from '@vouchers/contracts/schemas';
import {
  Answers,
  CurrentCaller,
  pageOf,
  PAGING,
  paging,
  Queries,
  Scopes,
  Tenancy,
  type Caller,
} from '@vouchers/service';
import { LedgerConnections } from '../ledger.connections.ts';
import type { Query as QueryOf } from '../queries.ts';
import { TEAM } from '../team/team.reads.ts';

const LABEL_SUM = named(
  'LabelSum',
  record({
    label: { ...text(), description: 'key:value' },
    vouchers: COUNT,
    live: { ...COUNT, description: 'published or enabled' },
    pushed: COUNT,
    claimed: COUNT,
    redeemed: COUNT,
    /** The first start and the last end of the vouchers' valid ranges. */
    from: orNull(TIME),
    to: orNull(TIME),
  }),
);
type LabelSum = TypeOf<typeof LABEL_SUM>;

const UTC = (time: string): string => `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const SUM = (counter: string): string => `coalesce(sum((counters ->> '${counter}')::bigint), 0)::bigint AS ${counter}`;

const LABELS = `
  WITH labelled AS (
    SELECT l.key || ':' || l.value AS label, v.status, v.counters,
      (v.definition #>> '{spec,windows,valid,from}')::timestamptz AS valid_from,
      (v.definition #>> '{spec,windows,valid,to}')::timestamptz AS valid_to
    FROM vouchers v CROSS JOIN LATERAL jsonb_each_text(v.labels) l
    WHERE ($1::text IS NULL OR ${TEAM} = $1) AND ($2::text IS NULL OR l.key = $2)
  )
  SELECT label, count(*) AS vouchers, count(*) FILTER (WHERE status = 'published') AS live,
    ${SUM('pushed')}, ${SUM('claimed')}, ${SUM('redeemed')},
    ${UTC('min(valid_from)')} AS from, ${UTC('max(valid_to)')} AS to
  FROM labelled WHERE $3::text IS NULL OR label COLLATE "C" > $3 COLLATE "C"
  GROUP BY label ORDER BY label COLLATE "C" LIMIT $4`;

@Controller('v1/labels')
export class LabelsController {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly tenancy: Tenancy,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'The labels in use, each with the sums of its vouchers' })
  @Queries({
    key: maybe({ type: 'string', pattern: '^[a-z0-9-]{1,63}$', description: 'only labels of this key' }),
    ...PAGING,
  })
  @Answers(200, listOf(LABEL_SUM))
  async listLabels(@Query() query: QueryOf, @CurrentCaller() caller: Caller): Promise<List<LabelSum>> {
    const { limit, after } = paging(query);
    const values = [this.tenancy.seenBy(caller) ?? null, query['key'] ?? null, after?.[0] ?? null, limit + 1];
    const { rows } = await this.connections.historyPool.query<LabelSum>({ name: 'labels', text: LABELS, values });
    return pageOf(
      rows,
      limit,
      ({ label }) => [label],
      (row) => row,
    );
  }
}
