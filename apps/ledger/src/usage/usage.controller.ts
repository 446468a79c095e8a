import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { timeOf } from '@vouchers/contracts';
import {
  arrayOf,
  choice,
  COUNT,
  FLAG,
  maybe,
  named,
  NUMBER,
  orNull,
  record,
  text,
  TIME,
  whole,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import { Answers, CostlyWork, CurrentCaller, notFound, Queries, Refuses, Scopes, type Caller } from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { ADVICE, ROWS_AT_ONCE } from '../events/events.controller.ts';
import { VoucherHistory } from '../history/voucher.history.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import type { Query as QueryOf } from '../queries.ts';
import { TeamReads } from '../team/team.reads.ts';
import { DAYS, UP_TO, UsageReader } from './usage.reader.ts';

/** The most events of a voucher that are counted: the newest ones. */
const MOST_EVENTS = 10 * ROWS_AT_ONCE;

const USAGE = named(
  'VoucherUsage',
  record({
    timeZone: { ...text(), description: 'days and hours are those of this zone, the voucher’s' },
    complete: {
      ...FLAG,
      description: `false if only the newest events were counted: ${MOST_EVENTS}, or as many as COST_LIMIT allows`,
    },
    byHour: arrayOf(
      named('UsageOfHour', record({ day: choice(...DAYS), hour: whole(0, 23), claimed: COUNT, used: COUNT })),
    ),
    untilUse: {
      ...arrayOf(
        named(
          'UsesUntil',
          record({ upTo: orNull({ ...text(), description: `the end of the class, null for the last` }), uses: COUNT }),
        ),
      ),
      description: `uses by the time since the claim: up to ${UP_TO.join(', ')}, and longer`,
    },
    medianSeconds: { ...orNull(NUMBER), description: 'of the time from claim to use' },
  }),
);
type Usage = TypeOf<typeof USAGE>;

@Controller('v1/vouchers/:id/usage')
export class UsageController {
  constructor(
    private readonly usage: UsageReader,
    private readonly connections: LedgerConnections,
    private readonly history: VoucherHistory,
    private readonly costly: CostlyWork,
    private readonly teams: TeamReads,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @ApiOperation({
    summary:
      'When a voucher is claimed and used: by day and hour, and the time from claim to use. Uses that were rolled back later count, too',
  })
  @Queries({ from: maybe(TIME), to: maybe(TIME) })
  @Answers(200, USAGE)
  @Refuses([404, 422])
  async getUsage(
    @Param('id') id: string,
    @Query() query: QueryOf,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<Usage> {
    await this.teams.expectVoucher(caller, id);
    const [from, to] = [timeOf(query['from']), timeOf(query['to'])];
    const partition = this.history.partitionOf(id);
    const head = await this.connections.history.head(partition, id);
    if (!head) throw notFound();
    const range = await (await this.history.timeline(id)).between(from, to);
    return this.costly.run(request, ADVICE, async (budget) => {
      const rows = Math.max(1, Math.min(MOST_EVENTS, budget.rows));
      const last = await this.connections.history.endOf(partition, id, { ...range, descending: true }, rows);
      budget.expectCaller();
      const counted = { ...range, after: last === undefined ? range.after : last - 1, from, to };
      const usage = await this.usage.of(partition, id, counted, head.timeZone);
      return { timeZone: head.timeZone, complete: last === undefined, ...usage };
    });
  }
}
