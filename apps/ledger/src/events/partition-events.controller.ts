import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { fault, timeOf, type EventType } from '@vouchers/contracts';
import type { EventFilter, StoredEvent } from '@vouchers/event-store';
import {
  choice,
  COUNT,
  EVENT_ROW,
  EVENT_TYPES,
  listOf,
  maybe,
  TIME,
  whole,
  withFields,
} from '@vouchers/contracts/schemas';
import {
  AnswersLines,
  badRequest,
  CostlyWork,
  DEFAULT_LIMIT,
  MAX_LIMIT,
  OfAllTeams,
  Queries,
  ROW_COST,
  Scopes,
  type Budget,
} from '@vouchers/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';
import { numberOf, type Query as QueryOf } from '../queries.ts';
import { eventText } from './event.shown.ts';
import { ADVICE, ROWS_AT_ONCE, SEQ_PAGING } from './events.controller.ts';

/** The most events per answer. */
const MOST_EVENTS = 5_000;
/** The most events per query, so that reading them takes no turn of the event loop for long. */
const EVENTS_AT_ONCE = 500;
/** An answer with more text than this ends. An answer of up to 200 events is one query, which has a bound of its own. */
const ANSWER_BYTES = 5_000_000;
const LINES = 'application/x-ndjson';
/** How much later than its own time an event may have been decided, if the clocks of brokers and ledger differ. */
const CLOCKS_DIFFER_MS = 3_600_000;

const EVENT_PAGE = {
  ...withFields(listOf(EVENT_ROW), {
    partitions: { ...whole(1), description: 'the number of partitions, which are read one by one' },
  }),
  title: 'PartitionEventList',
};

interface Page {
  readonly texts: string[];
  readonly next: string | null;
}

@ApiTags('Events')
@Controller('v1/events')
export class PartitionEventsController {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly settings: LedgerSettings,
    private readonly costly: CostlyWork,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @OfAllTeams()
  @ApiOperation({
    summary: 'Every event row of a partition in order, to fill in what a topic no longer keeps, and for analysts',
    description:
      'With `Accept: application/x-ndjson`, one row per line; then `next` is in the header Link (rel="next") and the number of partitions in Event-Partitions. Go on until there is no next: a page may have fewer rows than `limit`, with from, to or type even none. `from` and `to` are compared with `at`. With TENANCY=team, the scope audit:read is needed, too: consumers halt at holes, so none is left out.',
  })
  @Queries({
    partition: COUNT,
    type: maybe(choice(...EVENT_TYPES)),
    from: maybe(TIME),
    to: maybe(TIME),
    ...SEQ_PAGING,
    limit: maybe({ ...whole(1, MOST_EVENTS), default: DEFAULT_LIMIT }),
  })
  @AnswersLines(200, EVENT_PAGE, EVENT_ROW, 'Event-Partitions', 'Link')
  async listEvents(
    @Query() query: QueryOf,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('accept') accept = '',
  ): Promise<string> {
    const partition = numberOf(query, 'partition')!;
    const { partitions } = this.settings;
    if (partition >= partitions) throw badRequest([fault('/partition', 'most', { most: partitions - 1 })]);
    const { texts, next } = await this.page(partition, query, request);
    reply.header('event-partitions', partitions);
    if (next !== null) {
      const following = new URLSearchParams({ ...(query as Record<string, string>), after: next });
      reply.header('link', `<?${following.toString()}>; rel="next"`);
    }
    if (accept.toLowerCase().includes(LINES)) {
      reply.type(LINES);
      return texts.map((text) => `${text}\n`).join('');
    }
    reply.type('application/json; charset=utf-8');
    return `{"items":[${texts.join(',')}],"next":${JSON.stringify(next)},"partitions":${partitions}}`;
  }

  private async page(partition: number, query: QueryOf, request: FastifyRequest): Promise<Page> {
    const limit = numberOf(query, 'limit') ?? DEFAULT_LIMIT;
    const after = numberOf(query, 'after') ?? 0;
    const filter = {
      type: query['type'] as EventType | undefined,
      from: timeOf(query['from']),
      to: timeOf(query['to']),
    };
    if (limit > MAX_LIMIT || Object.values(filter).some((value) => value !== undefined))
      return this.costly.run(request, ADVICE, (budget) => this.search(partition, after, filter, limit, budget));
    const { events, more } = await this.connections.history.ofPartition(partition, after + 1, limit);
    return { texts: events.map(eventText), next: more ? String(events.at(-1)!.seq) : null };
  }

  /** Looks at as many events as the budget allows. The caller can continue after the last of them. */
  private async search(
    partition: number,
    first: number,
    filter: EventFilter,
    limit: number,
    budget: Budget,
  ): Promise<Page> {
    const { history } = this.connections;
    const head = await history.lastSeq(partition);
    const { from } = filter;
    // No event is decided before its time.
    const before = from === undefined ? 0 : await history.lastDecidedBefore(partition, head, from - CLOCKS_DIFFER_MS);
    const texts: string[] = [];
    let bytes = 0;
    for (let after = Math.max(first, before); after < head;) {
      const until = Math.min(head, after + Math.max(1, Math.min(ROWS_AT_ONCE, budget.rows)));
      const most = Math.min(limit - texts.length, EVENTS_AT_ONCE);
      const { events, more } = await history.inPartition(partition, { after, until }, filter, most);
      budget.expectCaller();
      for (const event of events) {
        const text = eventText(event);
        texts.push(text);
        bytes += text.length;
      }
      const reached = more ? lastOf(events) : until;
      const isSpent = budget.rows <= reached - after;
      if (texts.length === limit || bytes >= ANSWER_BYTES || isSpent)
        return { texts, next: reached < head ? String(reached) : null };
      budget.spend((reached - after) * ROW_COST);
      after = reached;
    }
    return { texts, next: null };
  }
}

const lastOf = (events: readonly StoredEvent[]): number => events.at(-1)!.seq;
