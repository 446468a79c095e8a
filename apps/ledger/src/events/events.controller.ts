import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { EventRow, EventType, List } from '@vouchers/contracts';
import type { StoredEvent } from '@vouchers/event-store';
import { choice, COUNT, EVENT_ROW, EVENT_TYPES, listOf, maybe, REASON, text, TIME } from '@vouchers/contracts/schemas';
import { Answers, badRequest, PAGING, paging, Queries, Refuses, Scopes } from '@vouchers/service';
import { VoucherHistory } from '../history/voucher.history.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';
import { numberOf, timeOf, type Query as QueryOf } from '../queries.ts';
import { eventShown } from './event.shown.ts';

/** Cursors of these lists are the last seq shown. */
export const SEQ_PAGING = { ...PAGING, after: maybe({ ...COUNT, description: 'seq of the last event shown' }) };

export function eventsPage(events: readonly StoredEvent[], limit: number): List<EventRow> {
  const items = events.slice(0, limit).map(eventShown);
  return { items, next: events.length > limit ? String(items.at(-1)!.seq) : null };
}

@Controller('v1')
export class EventsController {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly history: VoucherHistory,
    private readonly settings: LedgerSettings,
  ) {}

  @Get('vouchers/:id/events')
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'The events of a voucher' })
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
  async ofVoucher(@Param('id') id: string, @Query() query: QueryOf): Promise<List<EventRow>> {
    const { limit } = paging({ limit: query['limit'] });
    await this.history.now(id);
    const events = await this.connections.events.ofVoucher(this.history.partitionOf(id), id, {
      after: numberOf(query, 'after'),
      limit: limit + 1,
      descending: query['order'] === 'desc',
      userId: query['userId'],
      type: query['type'] as EventType | undefined,
      reason: query['reason'],
      from: timeOf(query, 'from')?.getTime(),
      to: timeOf(query, 'to')?.getTime(),
    });
    return eventsPage(events, limit);
  }

  @Get('events')
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'Every event row of a partition in order, to fill in what a topic no longer keeps' })
  @Queries({ partition: COUNT, ...SEQ_PAGING })
  @Answers(200, listOf(EVENT_ROW))
  async ofPartition(@Query() query: QueryOf): Promise<List<EventRow>> {
    const partition = numberOf(query, 'partition')!;
    if (partition >= this.settings.partitions) {
      throw badRequest([{ pointer: '/partition', message: `must be from 0 to ${this.settings.partitions - 1}` }]);
    }
    const { limit } = paging({ limit: query['limit'] });
    return eventsPage(
      await this.connections.events.from(partition, (numberOf(query, 'after') ?? 0) + 1, limit + 1),
      limit,
    );
  }
}
