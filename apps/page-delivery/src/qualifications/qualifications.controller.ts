// Judges which claims a user may use on an order, and which vouchers of a page the user may claim. The code is the same
// that decides, but nothing is recorded.
import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  arrayOf,
  exact,
  maybe,
  named,
  ORDER_INPUT,
  record,
  SLUG,
  UNAVAILABLE,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import {
  AboutUser,
  Answers,
  CompiledBody,
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
import { standsOn } from '../pages/page-data.ts';
import { Pages } from '../read-model/pages.ts';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { VoucherStates } from '../read-model/voucher-states.ts';
import { ClaimReads } from '../wallet/claim.reads.ts';
import { ClaimsInputReads } from './claims-input.reads.ts';
import { AS_OF, MAX_CLAIMS, QUALIFICATION, qualified } from './qualified.ts';

const NOTHING = { claims: 0, pushed: false };

const BODY = named('QualificationInput', exact(record({ order: ORDER_INPUT, pageSlug: maybe(SLUG) })));
export type QualificationBody = TypeOf<typeof BODY>;
const qualificationBody = new CompiledBody(BODY);

const QUALIFICATIONS = named(
  'Qualifications',
  record({
    unavailable: maybe(UNAVAILABLE),
    asOf: AS_OF,
    items: arrayOf(QUALIFICATION),
  }),
);
export type Qualifications = TypeOf<typeof QUALIFICATIONS>;

@Controller('v1/qualifications')
export class QualificationsController {
  constructor(
    private readonly claims: ClaimReads,
    private readonly pages: Pages,
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
    summary: 'Which claims the user may use on this order, and which vouchers of a page the user may claim',
  })
  @TakesPosition()
  @Answers(200, QUALIFICATIONS)
  @Refuses([404])
  @TakesBody(qualificationBody)
  async checkQualifications(
    @Body() { order, pageSlug }: QualificationBody,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<Qualifications> {
    const page = pageSlug === undefined ? undefined : await this.pages.find(pageSlug);
    // Read before the judged states, so that the answer is at least as new as these positions.
    const positions = await this.states.positions();
    const claims = await this.claims.live(caller.userId!, MAX_CLAIMS);
    const { input: ofClaims, having } = await this.inputs.of(claims, order, caller, request, page?.voucherIds);
    const { vouchers, visitor } = ofClaims;
    const isPlaced = (id: string): boolean => vouchers.has(id) && standsOn(vouchers.get(id)!, page!);
    const voucherIds = page?.voucherIds.filter(isPlaced) ?? [];
    const input = {
      ...ofClaims,
      page: page && { slug: page.slug, having: voucherIds.map((id) => [id, having.get(id) ?? NOTHING] as const) },
    };
    const items = (await this.heavy.qualified(input, request)) ?? (await inSlices(qualified(input), request));
    return {
      asOf: { at: new Date(visitor.now).toISOString(), positions },
      items,
      // The user may have claims of any parked voucher.
      ...this.parked.inAnswer(),
    };
  }
}
