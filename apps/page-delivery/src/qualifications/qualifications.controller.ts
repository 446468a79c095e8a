// What may this user use on this order, and claim on this page: judged by the code that decides, recorded nowhere.
import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  arrayOf,
  COUNT,
  exact,
  mapOf,
  maybe,
  named,
  ORDER_INPUT,
  record,
  SLUG,
  TIME,
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
  type Caller,
} from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { HeavyJudging } from '../judging/heavy.judging.ts';
import { Parked } from '../parked/parked.ts';
import { VisitedPage } from '../pages/visited-page.ts';
import { Definitions } from '../read-model/definitions.ts';
import { KnownPages } from '../read-model/known-pages.ts';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { VoucherStates } from '../read-model/voucher-states.ts';
import { KnownClaims } from '../wallet/known-claims.ts';
import { QUALIFICATION, qualified, type Goods } from './qualified.ts';

const MAX_CLAIMS = 200;

const BODY = exact(record({ order: ORDER_INPUT, pageSlug: maybe(SLUG) }));
export type QualificationBody = TypeOf<typeof BODY>;
const qualificationBody = new CompiledBody(BODY);

const QUALIFICATIONS = named(
  'Qualifications',
  record({
    unavailable: maybe(UNAVAILABLE),
    /** When, and how far the read model was read: the last seq by partition. */
    asOf: record({ at: TIME, positions: mapOf(COUNT) }),
    items: arrayOf(QUALIFICATION),
  }),
);
export type Qualifications = TypeOf<typeof QUALIFICATIONS>;

@Controller('v1/qualifications')
export class QualificationsController {
  constructor(
    private readonly definitions: Definitions,
    private readonly claims: KnownClaims,
    private readonly pages: KnownPages,
    private readonly page: VisitedPage,
    private readonly states: VoucherStates,
    private readonly parked: Parked,
    private readonly heavy: HeavyJudging,
  ) {}

  @Post()
  @HttpCode(200)
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @ApiOperation({ summary: 'Which claims of the user this order may use, and what of a page the user could claim' })
  @TakesPosition()
  @Answers(200, QUALIFICATIONS)
  @Refuses([404])
  async qualify(
    @Body(qualificationBody) { order, pageSlug }: QualificationBody,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<Qualifications> {
    const page = pageSlug === undefined ? undefined : await this.pages.find(pageSlug);
    // Before what is judged: the answer is at least as new as it says.
    const positions = await this.states.positions();
    const claims = await this.claims.live(caller.userId!, MAX_CLAIMS);
    const ids = new Set([...claims.map(({ voucherId }) => voucherId), ...(page?.voucherIds ?? [])]);
    const { vouchers, having, visitor } = await this.page.see([...ids], caller);
    const goods = new Map<string, Goods>();
    for (const { voucherId } of claims)
      if (!goods.has(voucherId)) goods.set(voucherId, await this.definitions.matchesGoods(voucherId, order));
    const voucherIds = page?.voucherIds ?? [];
    const asked = {
      vouchers,
      visitor,
      claims,
      order,
      attributesKnown: !caller.acting || caller.attributesGiven,
      goods,
      page: page && { slug: page.slug, claimsOf: voucherIds.map((id) => [id, having.get(id)?.claims ?? 0] as const) },
    };
    const items = (await this.heavy.qualified(asked, request)) ?? (await inSlices(qualified(asked), request));
    return {
      asOf: { at: new Date(visitor.now).toISOString(), positions },
      items,
      // The user may have claims of any parked voucher.
      ...this.parked.inAnswer(),
    };
  }
}
