import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { partitionOf, type Claim, type EventRow, type List, type Redemption } from '@vouchers/contracts';
import { CLAIM, EVENT_ROW, listOf, named, record, REDEMPTION } from '@vouchers/contracts/schemas';
import { Answers, CurrentCaller, notFound, paging, Queries, Refuses, Scopes, type Caller } from '@vouchers/service';
import { claimShown, redemptionShown } from '@vouchers/voucher';
import { knownClaim, redemptionRecord } from '../knowledge/projection.rows.ts';
import { eventsPage, SEQ_PAGING } from '../events/events.controller.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { numberOf, type Query as QueryOf } from '../queries.ts';
import { TeamReads } from '../team/team.reads.ts';

@Controller('v1')
export class ClaimsController {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly teams: TeamReads,
  ) {}

  /** page-delivery calls this for a claim that its read model lacks. */
  @Get('claims/:id')
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'A claim as it is now' })
  @Answers(200, named('InspectedClaim', record({ claim: CLAIM })))
  @Refuses([404])
  async inspectClaim(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<{ claim: Claim }> {
    await this.teams.expectClaim(caller, id);
    const [row] = await this.connections.context.claims(partitionIn(id), [id]);
    if (!row) throw notFound();
    return { claim: claimShown(knownClaim(row).record) };
  }

  @Get('redemptions/:id')
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'A redemption as it is now' })
  @Answers(200, named('InspectedRedemption', record({ redemption: REDEMPTION })))
  @Refuses([404])
  async inspectRedemption(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<{ redemption: Redemption }> {
    await this.teams.expectRedemption(caller, id);
    const [row] = await this.connections.context.redemptions(partitionIn(id), [id]);
    if (!row) throw notFound();
    return { redemption: redemptionShown(redemptionRecord(row)) };
  }

  @Get('claims/:id/history')
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'The events of a claim, in order' })
  @Queries(SEQ_PAGING)
  @Answers(200, listOf(EVENT_ROW))
  @Refuses([404])
  async listClaimHistory(
    @Param('id') id: string,
    @Query() query: QueryOf,
    @CurrentCaller() caller: Caller,
  ): Promise<List<EventRow>> {
    await this.teams.expectClaim(caller, id);
    const { limit } = paging({ limit: query['limit'] });
    const after = numberOf(query, 'after') ?? 0;
    const page = await this.connections.history.ofClaim(partitionIn(id), id, after, limit);
    if (page.events.length === 0 && after === 0) throw notFound();
    return eventsPage(page);
  }
}

/** The partition in an id. @throws 404 if there is none */
function partitionIn(id: string): number {
  const partition = partitionOf(id);
  if (partition === undefined) throw notFound();
  return partition;
}
