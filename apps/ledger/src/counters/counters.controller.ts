import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { fault, LABEL, UUID, timeOf, type Counters } from '@vouchers/contracts';
import { anyOf, COUNTERS, itemsOf, maybe, SUMMED_COUNTERS } from '@vouchers/contracts/schemas';
import {
  Answers,
  AT,
  badRequest,
  CurrentCaller,
  notFound,
  Queries,
  Refuses,
  Scopes,
  Tenancy,
  type Caller,
} from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { VoucherHistory } from '../history/voucher.history.ts';
import type { Query as QueryOf } from '../queries.ts';
import { TeamReads } from '../team/team.reads.ts';
import { CountersReader, type SummedCounters } from './counters.reader.ts';

const MAX_VOUCHERS = 200;
const ADVICE = 'Ask for another moment: between two checkpoints of this voucher lies more than that.';

const LABEL_PARAMETER = { type: 'string', pattern: LABEL.source, description: 'key:value; this or voucherId' };
const VOUCHERS_PARAMETER = { type: 'string', description: `1 to ${MAX_VOUCHERS} voucher ids, comma separated` };

@Controller('v1')
export class CountersController {
  constructor(
    private readonly counters: CountersReader,
    private readonly history: VoucherHistory,
    private readonly tenancy: Tenancy,
    private readonly teams: TeamReads,
  ) {}

  @Get('vouchers/:id/counters')
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'The counters of a voucher, now or as of a past moment' })
  @Queries({ at: AT })
  @Answers(200, COUNTERS)
  @Refuses([404, 422])
  async getCounters(
    @Param('id') id: string,
    @Query() query: QueryOf,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<Counters> {
    const at = timeOf(query['at']);
    if (at !== undefined) {
      await this.teams.expectVoucher(caller, id);
      return this.history.replay(request, ADVICE, 'counters', id, { at });
    }
    const [now] = await this.counters.now([id], this.tenancy.seenBy(caller));
    if (!now) throw notFound();
    return now;
  }

  @Get('counters')
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'Counters of many vouchers: summed by label, or each by id' })
  @Queries({ label: maybe(LABEL_PARAMETER), voucherId: maybe(VOUCHERS_PARAMETER) })
  @Answers(200, anyOf(SUMMED_COUNTERS, itemsOf(COUNTERS)))
  async listCounters(
    @Query() query: QueryOf,
    @CurrentCaller() caller: Caller,
  ): Promise<SummedCounters | { items: Counters[] }> {
    const { label, voucherId } = query;
    const team = this.tenancy.seenBy(caller);
    if ((label === undefined) === (voucherId === undefined)) throw badRequest('Either label or voucherId is needed.');
    if (label !== undefined) {
      const [, key, value] = LABEL.exec(label)!;
      return this.counters.labelled(key!, value!, team);
    }
    const ids = voucherId!.split(',');
    if (ids.length > MAX_VOUCHERS || !ids.every((id) => UUID.test(id))) {
      throw badRequest([fault('/voucherId', 'voucher-ids', { most: MAX_VOUCHERS })]);
    }
    return { items: await this.counters.now(ids, team) };
  }
}
