import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { fault, timeOf } from '@vouchers/contracts';
import { COUNTERS_AT, itemsOf, maybe, TIME } from '@vouchers/contracts/schemas';
import { Answers, badRequest, CurrentCaller, Queries, Refuses, Scopes, type Caller } from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import type { SeriesItem } from '../history/replays.ts';
import { MAX_ITEMS } from '../history/series.steps.ts';
import { VoucherHistory } from '../history/voucher.history.ts';
import type { Query as QueryOf } from '../queries.ts';
import { TeamReads } from '../team/team.reads.ts';

const ADVICE = 'Ask for a shorter time, or for fewer steps.';
const STEP = { type: 'string', format: 'duration', default: 'PT1H' };

@Controller('v1/vouchers/:id/counters/series')
export class SeriesController {
  constructor(
    private readonly history: VoucherHistory,
    private readonly teams: TeamReads,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @ApiOperation({
    summary:
      'The counters at `from` and each `step` after it, before `to`; nothing before the first event of the voucher',
  })
  @Queries({
    from: TIME,
    to: TIME,
    step: maybe({
      ...STEP,
      description: `at most ${MAX_ITEMS} items; calendar steps are those of the voucher\'s zone`,
    }),
  })
  @Answers(200, itemsOf(COUNTERS_AT))
  @Refuses([404, 422])
  async getCounterSeries(
    @Param('id') id: string,
    @Query() query: QueryOf,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<{ items: SeriesItem[] }> {
    const [from, to] = [timeOf(query['from'])!, timeOf(query['to'])!];
    if (to <= from) throw badRequest([fault('/to', 'after-from')]);
    const steps = { from, to, step: query['step'] ?? 'PT1H' };
    await this.teams.expectVoucher(caller, id);
    return this.history.replay(request, ADVICE, 'series', id, steps);
  }
}
