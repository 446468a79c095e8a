import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { timeOf, type EventRow, type EventType, type List } from '@vouchers/contracts';
import type { EventFilter, EventRange, EventsPage } from '@vouchers/event-store';
import { choice, EVENT_ROW, EVENT_TYPES, listOf, maybe, REASON, text, TIME } from '@vouchers/contracts/schemas';
import {
  Answers,
  CostlyWork,
  CurrentCaller,
  PAGING,
  paging,
  Queries,
  Refuses,
  ROW_COST,
  Scopes,
  type Budget,
  type Caller,
} from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { VoucherHistory } from '../history/voucher.history.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { numberOf, type Query as QueryOf } from '../queries.ts';
import { TeamReads } from '../team/team.reads.ts';
import { eventShown } from './event.shown.ts';

/** The query parameters of lists whose cursor is the seq of the last event shown. */
export const SEQ_PAGING = {
  ...PAGING,
  after: maybe({ type: 'string', pattern: '^\\d{1,15}$', description: '`next` of the page before: a seq' }),
};

export function eventsPage({ events, more }: EventsPage): List<EventRow> {
  return { items: events.map(eventShown), next: more ? String(events.at(-1)!.seq) : null };
}

/** The most events that one query searches. */
export const ROWS_AT_ONCE = 10_000;
export const ADVICE = 'Ask for a shorter time.';

@Controller('v1')
export class EventsController {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly history: VoucherHistory,
    private readonly costly: CostlyWork,
    private readonly teams: TeamReads,
  ) {}

  @Get('vouchers/:id/events')
  @Scopes('ledger:read')
  @ApiOperation({
    summary:
      'The events of a voucher. With userId, type or reason a page may be shorter than `limit`, even empty, and still have a `next`: each call looks at so many events, and the next one goes on',
  })
  @Queries({
    order: maybe({ ...choice('asc', 'desc'), default: 'asc' }),
    userId: maybe(text()),
    type: maybe(choice(...EVENT_TYPES)),
    reason: maybe(REASON),
    from: maybe(TIME),
    to: maybe(TIME),
    ...SEQ_PAGING,
  })
  @Answers(200, listOf(EVENT_ROW))
  @Refuses([404])
  async listVoucherEvents(
    @Param('id') id: string,
    @Query() query: QueryOf,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<List<EventRow>> {
    await this.teams.expectVoucher(caller, id);
    const { limit } = paging({ limit: query['limit'] });
    const filter = {
      userId: query['userId'],
      type: query['type'] as EventType | undefined,
      reason: query['reason'],
      from: timeOf(query['from']),
      to: timeOf(query['to']),
    };
    const descending = query['order'] === 'desc';
    const range = rangeFrom(
      numberOf(query, 'after'),
      await (await this.history.timeline(id)).between(filter.from, filter.to),
      descending,
    );
    const { userId, type, reason } = filter;
    if (userId === undefined && type === undefined && reason === undefined)
      return eventsPage(await this.page(id, range, filter, limit));
    return this.costly.run(request, ADVICE, (budget) => this.search(id, range, filter, limit, budget));
  }

  /** Searches as many events as the budget allows. The caller can continue after the last of them. */
  private async search(
    id: string,
    range: EventRange,
    filter: EventFilter,
    limit: number,
    budget: Budget,
  ): Promise<List<EventRow>> {
    const partition = this.history.partitionOf(id);
    let { after, until } = range;
    const { descending } = range;
    let found: EventsPage = { events: [], more: false };
    for (;;) {
      const rows = Math.max(1, Math.min(ROWS_AT_ONCE, budget.rows));
      const rest = { after, until, descending };
      const end = await this.connections.history.endOf(partition, id, rest, rows);
      budget.expectCaller();
      // In both directions `after` is exclusive and `until` inclusive.
      const part = end === undefined ? rest : descending ? { ...rest, after: end - 1 } : { ...rest, until: end };
      const page = await this.page(id, part, filter, limit - found.events.length);
      found = { events: [...found.events, ...page.events], more: page.more };
      if (page.more || end === undefined) return eventsPage(found);
      if (found.events.length === limit || budget.rows <= rows) return { ...eventsPage(found), next: String(end) };
      budget.spend(rows * ROW_COST);
      if (descending) until = end - 1;
      else after = end;
    }
  }

  private page(id: string, range: EventRange, filter: EventFilter, limit: number): Promise<EventsPage> {
    return this.connections.history.ofVoucher(this.history.partitionOf(id), id, range, filter, limit);
  }
}

/** The rest of a range after the event `last`. */
function rangeFrom(
  last: number | undefined,
  { after, until }: { after: number; until: number },
  descending: boolean,
): EventRange {
  if (last === undefined) return { after, until, descending };
  return descending
    ? { after, until: Math.min(until, last - 1), descending }
    : { after: Math.max(after, last), until, descending };
}
