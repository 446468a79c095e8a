// Makes decisions with their trace, and records nothing: for a voucher as it is now, or for an unsaved spec.
import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { itemsOf } from '@vouchers/contracts/schemas';
import {
  Answers,
  BodyLimit,
  CostlyWork,
  CurrentCaller,
  Refuses,
  Scopes,
  TakesBody,
  Tenancy,
  Unparsed,
  type Caller,
} from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { newVoucher } from '@vouchers/voucher';
import { JudgingThread } from '../judging/judging.thread.ts';
import { VisitedPage } from '../pages/visited-page.ts';
import { Parked } from '../parked/parked.ts';
import { Definitions } from '../read-model/definitions.ts';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { dryRunBody, SPEC_BODY_BYTES } from './dry-run.body.ts';
import { DRY_DECISION, type DryDecision, type DryRunVoucher } from './dry-run.judged.ts';
import type { DryRun, VoucherQuery } from './dry-run.work.ts';

const ADVICE = 'Send fewer cases, or orders with fewer items; or save a simpler condition.';

@Controller('v1/dry-run')
export class DryRunController {
  constructor(
    private readonly definitions: Definitions,
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
  @ApiOperation({ summary: 'Decisions with their trace; nothing is recorded' })
  @TakesPosition()
  @Answers(200, itemsOf(DRY_DECISION))
  @Refuses([404, 422])
  @TakesBody(dryRunBody)
  runDryRun(
    @Body() bytes: Buffer | undefined,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<{ items: DryDecision[] }> {
    const { team, sub } = caller;
    return this.costly.runElsewhere(request, ADVICE, ({ costLimit, advice, signal }) => {
      const input: DryRun = { bytes: bytes ?? Buffer.alloc(0), costLimit, advice, caller: { team, sub } };
      return this.thread.dryRun(input, signal, (query) => this.voucher(query, caller, signal));
    });
  }

  private async voucher(
    { voucherId: id, userIds, goods }: VoucherQuery,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<DryRunVoucher> {
    const definition = await this.definitions.find(id.toLowerCase(), ({ team }) => this.tenancy.sees(caller, team));
    const { voucherId } = definition;
    this.parked.refuse(voucherId);
    let voucher = newVoucher(definition);
    const claims = new Map<string, number>();
    for (const userId of userIds) {
      signal.throwIfAborted();
      const { vouchers, having } = await this.page.see([voucherId], { ...caller, userId });
      voucher = vouchers.get(voucherId) ?? voucher;
      claims.set(userId, having.get(voucherId)?.claims ?? 0);
    }
    if (!goods) return { definition, voucher, claims };
    const needed = await this.definitions.neededGoods(voucherId);
    const reached = (await this.definitions.reachedGoods([voucherId])).get(voucherId);
    return { definition, voucher, claims, goods: needed, reached };
  }
}
