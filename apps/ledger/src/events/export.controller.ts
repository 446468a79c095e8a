// A voucher's events as CSV. They are read and sent page by page, so a million of them need no more memory than one page.
import { Controller, Get, Param, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { csvLine, CSV_MARK, timeOf, type EventData, type EventType } from '@vouchers/contracts';
import { choice, EVENT_TYPES, maybe, REASON, text, TIME } from '@vouchers/contracts/schemas';
import type { EventFilter, EventRange, StoredEvent } from '@vouchers/event-store';
import { AtOnce, CurrentCaller, Queries, Refuses, Scopes, type Caller } from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { VoucherHistory } from '../history/voucher.history.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import type { Query as QueryOf } from '../queries.ts';
import { TeamReads } from '../team/team.reads.ts';

const PAGE = 1_000;
/** The most events that one query searches for those that pass the filter. */
const ROWS_AT_ONCE = 10_000;
const EACH = 1;
const ALL = 4;

const COLUMNS = [
  'at',
  'type',
  'userId',
  'reason',
  'claimId',
  'orderId',
  'voucherVersion',
  'by',
  'team',
  'comment',
  'submissionId',
  'partition',
  'seq',
];

@Controller('v1/vouchers/:id/events.csv')
export class ExportController {
  private readonly open = new AtOnce(
    { each: EACH, all: ALL },
    { detail: `At most ${EACH} export of one caller and ${ALL} of all at once.`, retryAfterSeconds: 5 },
  );

  constructor(
    private readonly connections: LedgerConnections,
    private readonly history: VoucherHistory,
    private readonly teams: TeamReads,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'The events of a voucher as CSV, in order, with a heading line' })
  @Queries({
    userId: maybe(text()),
    type: maybe(choice(...EVENT_TYPES)),
    reason: maybe(REASON),
    from: maybe(TIME),
    to: maybe(TIME),
  })
  @ApiResponse({ status: 200, description: 'OK', content: { 'text/csv': { schema: { type: 'string' } } } })
  @Refuses([404])
  async exportVoucherEvents(
    @Param('id') id: string,
    @Query() query: QueryOf,
    @CurrentCaller() caller: Caller,
    @Req() { raw: { socket } }: FastifyRequest,
  ): Promise<StreamableFile> {
    await this.teams.expectVoucher(caller, id);
    const [from, to] = [timeOf(query['from']), timeOf(query['to'])];
    const range = await (await this.history.timeline(id)).between(from, to);
    const { userId, reason } = query;
    const filter = { userId, type: query['type'] as EventType | undefined, reason, from, to };
    const leave = this.open.enter(caller.key);
    if (socket.destroyed) leave();
    const lines = Readable.from(this.lines(id, range, filter), { objectMode: false, highWaterMark: 65_536 });
    lines.once('close', leave);
    socket.once('close', () => lines.destroy());
    return new StreamableFile(lines, {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="events-${id}.csv"`,
    });
  }

  private async *lines(id: string, { after, until }: EventRange, filter: EventFilter): AsyncGenerator<string> {
    yield CSV_MARK + csvLine(COLUMNS);
    const partition = this.history.partitionOf(id);
    const { history } = this.connections;
    for (let last = after; ;) {
      const end = await history.endOf(partition, id, { after: last, until }, ROWS_AT_ONCE);
      const part = { after: last, until: end ?? until };
      for (;;) {
        const { events, more } = await history.ofVoucher(partition, id, part, filter, PAGE);
        if (events.length > 0) yield events.map(lineOf).join('');
        if (!more) break;
        part.after = events.at(-1)!.seq;
      }
      if (end === undefined) return;
      last = end;
    }
  }
}

function lineOf({
  at,
  type,
  userId,
  reason,
  claimId,
  voucherVersion,
  submissionId,
  partition,
  seq,
  data,
}: StoredEvent) {
  const { redemption, by, comment } = JSON.parse(data.toString()) as EventData;
  return csvLine([
    new Date(at).toISOString(),
    type,
    userId,
    reason,
    claimId,
    redemption?.order.id,
    voucherVersion,
    by?.sub,
    by?.team,
    comment,
    submissionId,
    partition,
    seq,
  ]);
}
