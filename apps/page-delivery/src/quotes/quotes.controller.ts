// Tells which claims of a user take the most off an order, and its price with them. Nothing is recorded.
import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { fault, type Claim, type Fault, type Order } from '@vouchers/contracts';
import { linesOf } from '@vouchers/pricing';
import {
  AboutUser,
  Answers,
  badRequest,
  CurrentCaller,
  inSlices,
  Refuses,
  Scopes,
  TakesBody,
  type Caller,
} from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { HeavyJudging } from '../judging/heavy.judging.ts';
import { Parked } from '../parked/parked.ts';
import { ClaimsInputReads } from '../qualifications/claims-input.reads.ts';
import { MAX_CLAIMS } from '../qualifications/qualified.ts';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { VoucherStates } from '../read-model/voucher-states.ts';
import { ClaimReads } from '../wallet/claim.reads.ts';
import { QUOTE, quoteBody, type Quote, type QuoteBody } from './quote.schema.ts';
import { quoted } from './quoted.ts';

@Controller('v1/quotes')
export class QuotesController {
  constructor(
    private readonly claims: ClaimReads,
    private readonly inputs: ClaimsInputReads,
    private readonly states: VoucherStates,
    private readonly parked: Parked,
    private readonly heavy: HeavyJudging,
  ) {}

  @Post()
  @HttpCode(200)
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @ApiOperation({
    summary: 'The claims that take the most off this order, its price with them, and why not the others',
  })
  @TakesPosition()
  @Answers(200, QUOTE)
  @Refuses([404])
  @TakesBody(quoteBody)
  async quoteOrder(
    @Body() body: QuoteBody,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<Quote> {
    const { order, claimIds } = checked(body);
    // Read before the judged states, so that the answer is at least as new as these positions.
    const positions = await this.states.positions();
    const claims = await this.claimsOf(caller.userId!, claimIds);
    const { input: ofClaims } = await this.inputs.of(claims, order, caller, request);
    const input = { ...ofClaims, asked: claimIds };
    const answer = (await this.heavy.quoted(input, request)) ?? (await inSlices(quoted(input), request));
    return { asOf: { at: new Date(input.visitor.now).toISOString(), positions }, ...answer, ...this.parked.inAnswer() };
  }

  /** The claims that are asked for, and the user's live ones. @throws 404, 503 `parked` for one that is asked for */
  private async claimsOf(userId: string, claimIds: readonly string[] = []): Promise<Claim[]> {
    const live = await this.claims.endingSoonest(userId, MAX_CLAIMS);
    const known = new Set(live.map(({ id }) => id));
    const asked: Claim[] = [];
    for (const id of claimIds) if (!known.has(id)) asked.push(await this.claims.show(id, userId));
    return [...asked, ...live];
  }
}

/** Checks the rules that the schema cannot express. @throws ProblemError 400 */
function checked({ order, claimIds }: QuoteBody): { order: Order; claimIds?: string[] } {
  const ids = claimIds?.map((id) => id.toLowerCase());
  const faults: Fault[] = (ids ?? []).flatMap((id, index) =>
    ids!.indexOf(id) < index ? [fault(`/claimIds/${index}`, 'twice')] : [],
  );
  if (!linesOf(order)) faults.push(fault('/order/amount', 'below-items'));
  if (faults.length > 0) throw badRequest(faults);
  return { order, claimIds: ids };
}
