import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { fault, isParty, type EventRow, type List } from '@vouchers/contracts';
import { EVENT_ROW, listOf } from '@vouchers/contracts/schemas';
import {
  Answers,
  badRequest,
  CurrentCaller,
  notFound,
  pageOf,
  PAGING,
  paging,
  Queries,
  Refuses,
  Scopes,
  Tenancy,
  type Caller,
} from '@vouchers/service';
import type { EventPlace, StoredEvent } from '@vouchers/event-store';
import { eventShown } from '../events/event.shown.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';
import type { Query as QueryOf } from '../queries.ts';

@Controller('v1/users')
export class UsersController {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly settings: LedgerSettings,
    private readonly tenancy: Tenancy,
  ) {}

  @Get(':id/activity')
  @Scopes('ledger:read')
  @ApiOperation({
    summary: 'What a user did and was refused, over all vouchers, newest first',
    description:
      'Events without pushes. With TENANCY=team, only those of the vouchers of the caller’s team. A user of whom nothing is known has an empty list.',
  })
  @Queries(PAGING)
  @Answers(200, listOf(EVENT_ROW))
  @Refuses([404])
  async listUserActivity(
    @Param('id') id: string,
    @Query() query: QueryOf,
    @CurrentCaller() caller: Caller,
  ): Promise<List<EventRow>> {
    if (!isParty(id)) throw notFound();
    const { limit, after } = paging(query, 3);
    const events = await this.connections.history.ofUser(this.settings.partitions, id, {
      before: after && placeOf(after),
      team: this.tenancy.seenBy(caller),
      limit: limit + 1,
    });
    return pageOf(events, limit, cursorOf, eventShown);
  }
}

const cursorOf = ({ at, partition, seq }: StoredEvent): string[] => [at, partition, seq].map(String);

/** @throws 400 for a cursor of another list */
function placeOf(parts: string[]): EventPlace {
  if (!parts.every((part) => /^-?\d{1,15}$/.test(part))) throw badRequest([fault('/after', 'cursor')]);
  const [at, partition, seq] = parts.map(Number) as [number, number, number];
  return { at, partition, seq };
}
