import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { List, WaitingEntry } from '@vouchers/contracts';
import type { EntryRow } from '@vouchers/event-store';
import { listOf, maybe, WAITING_ENTRY } from '@vouchers/contracts/schemas';
import { Answers, CurrentCaller, PAGING, paging, Queries, Refuses, Scopes, type Caller } from '@vouchers/service';
import { eventEntry } from '@vouchers/voucher';
import { VoucherHistory } from '../history/voucher.history.ts';
import { entryRecord } from '../knowledge/projection.rows.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import type { Query as QueryOf } from '../queries.ts';
import { TeamReads } from '../team/team.reads.ts';

const PLACE = { type: 'string', pattern: '^-?\\d{1,4}\\.\\d{1,15}$', description: '`next` of the page before' };

@Controller('v1/vouchers/:id/waiting-list')
export class WaitingListController {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly history: VoucherHistory,
    private readonly teams: TeamReads,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'Those who wait for a unit of a voucher, in the order in which they would be offered one' })
  @Queries({ ...PAGING, after: maybe(PLACE) })
  @Answers(200, listOf(WAITING_ENTRY))
  @Refuses([404])
  async listWaiting(
    @Param('id') id: string,
    @Query() query: QueryOf,
    @CurrentCaller() caller: Caller,
  ): Promise<List<WaitingEntry>> {
    await this.teams.expectVoucher(caller, id);
    // A voucher without events is 404.
    await this.history.timeline(id);
    const partition = this.history.partitionOf(id);
    const { limit } = paging({ limit: query['limit'] });
    const rows = await this.connections.waiting.waiting(partition, id, limit + 1, placeOf(query['after']));
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => waitingEntry(row, partition)),
      next: rows.length > limit && last ? `${last.rank}.${last.number}` : null,
    };
  }
}

function placeOf(after: string | undefined): { rank: number; number: number } | undefined {
  if (after === undefined) return undefined;
  const [rank, number] = after.split('.').map(Number);
  return { rank: rank!, number: number! };
}

function waitingEntry(row: EntryRow, partition: number): WaitingEntry {
  const entry = eventEntry(entryRecord(row));
  return { ...entry, joined: { partition, seq: row.joinedSeq, at: entry.joinedAt } };
}
