// Prices an order with vouchers of the list and an unsaved one, as if one user had a claim of each. Records nothing.
import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { linesOf } from '@vouchers/pricing';
import {
  Answers,
  BodyLimit,
  CostlyWork,
  CurrentCaller,
  Refuses,
  Scopes,
  Slices,
  TakesBody,
  Tenancy,
  Unparsed,
  type Caller,
} from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { SPEC_BODY_BYTES } from '../dry-run/dry-run.body.ts';
import type { DryRun } from '../dry-run/dry-run.work.ts';
import { JudgingThread } from '../judging/judging.thread.ts';
import { VisitedPage } from '../pages/visited-page.ts';
import { Parked } from '../parked/parked.ts';
import type { Goods } from '../qualifications/qualified.ts';
import { ReachReads } from '../quotes/reach.reads.ts';
import { Definitions } from '../read-model/definitions.ts';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { dryQuoteBody } from './dry-quote.body.ts';
import { DRY_QUOTE, type DryQuote } from './dry-quote.schema.ts';
import type { OrderQuery, VouchersOfOrder } from './dry-quote.work.ts';

const ADVICE = 'Send fewer vouchers, or an order with fewer items; or save a simpler condition.';

@Controller('v1/dry-run/quotes')
export class DryQuoteController {
  constructor(
    private readonly definitions: Definitions,
    private readonly reach: ReachReads,
    private readonly page: VisitedPage,
    private readonly parked: Parked,
    private readonly costly: CostlyWork,
    private readonly thread: JudgingThread,
    private readonly tenancy: Tenancy,
  ) {}

  @Post()
  @HttpCode(200)
  @Scopes('vouchers:read')
  @BodyLimit(SPEC_BODY_BYTES)
  @Unparsed()
  @ApiOperation({ summary: 'What an order would cost a user with one claim of each voucher; nothing is recorded' })
  @TakesPosition()
  @Answers(200, DRY_QUOTE)
  @Refuses([404, 422])
  @TakesBody(dryQuoteBody)
  runDryQuote(
    @Body() bytes: Buffer | undefined,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<DryQuote> {
    const { team, sub } = caller;
    return this.costly.runElsewhere(request, ADVICE, ({ costLimit, advice, signal }) => {
      const input: DryRun = { bytes: bytes ?? Buffer.alloc(0), costLimit, advice, caller: { team, sub } };
      return this.thread.dryQuote(input, signal, (query) => this.vouchers(query, caller, request));
    });
  }

  /** @throws 404 for a voucher that the caller does not see, 503 `parked` for one that cannot be followed */
  private async vouchers(
    { order, voucherIds }: OrderQuery,
    caller: Caller,
    request: FastifyRequest,
  ): Promise<VouchersOfOrder> {
    const slices = new Slices(request);
    const goods = new Map<string, Goods>();
    for (const id of voucherIds) {
      await this.definitions.find(id, ({ team }) => this.tenancy.sees(caller, team));
      this.parked.refuse(id);
      goods.set(id, await this.definitions.matchesGoods(id, order));
      if (slices.over) await slices.giveWay();
    }
    const { vouchers } = await this.page.see(voucherIds, { ...caller, userId: caller.sub });
    return { vouchers, goods, reach: await this.reach.of(voucherIds, linesOf(order)!, slices) };
  }
}
