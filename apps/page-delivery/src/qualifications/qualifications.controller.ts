// What may this user use on this order, and claim on this page: judged by the code that decides, recorded nowhere.
import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Claim, Order, Page } from '@vouchers/contracts';
import {
  arrayOf,
  CHECK,
  CLAIM,
  COUNT,
  FLAG,
  ID,
  mapOf,
  maybe,
  named,
  REASON,
  record,
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
import { claimAt, judgeClaim, judgeRedemption, statusOf, type Use, type VoucherState } from '@vouchers/voucher';
import { Parked } from '../parked/parked.ts';
import { timeFor } from '../pages/page-data.ts';
import { VisitedPage, type SeenPage } from '../pages/visited-page.ts';
import { Definitions } from '../read-model/definitions.ts';
import { KnownPages } from '../read-model/known-pages.ts';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { VoucherStates } from '../read-model/voucher-states.ts';
import { ORDER_SCHEMA } from '../redemptions/order.body.ts';
import { claimRecordOf } from '../wallet/claim-record.ts';
import { KnownClaims } from '../wallet/known-claims.ts';

const MAX_CLAIMS = 200;

export interface QualificationBody {
  order: Order;
  pageSlug?: string;
}
const qualificationBody = new CompiledBody<QualificationBody>({
  type: 'object',
  properties: { order: ORDER_SCHEMA, pageSlug: { type: 'string', pattern: '^[a-z0-9-]{1,80}$' } },
  required: ['order'],
  additionalProperties: false,
});

const QUALIFICATION = named(
  'Qualification',
  record({
    voucherId: ID,
    claim: maybe(CLAIM),
    applicable: FLAG,
    reason: maybe(REASON),
    checks: arrayOf(CHECK),
  }),
);
/** With `claim`: may it be used on the order. Without: could the user claim the voucher. */
export type Qualification = TypeOf<typeof QUALIFICATION>;

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
    const seen = await this.page.see([...ids], caller);
    const goods = new Map<string, Goods>();
    for (const { voucherId } of claims)
      if (!goods.has(voucherId)) goods.set(voucherId, await this.definitions.matchesGoods(voucherId, order));
    const items = await inSlices(qualified({ claims, order, caller, seen, goods, page }), request);
    return {
      asOf: { at: new Date(seen.visitor.now).toISOString(), positions },
      items,
      // The user may have claims of any parked voucher.
      ...this.parked.inAnswer(),
    };
  }
}

type Goods = Pick<Use, 'matchesGoods' | 'goodsVersion'>;

interface Asked {
  claims: readonly Claim[];
  order: Order;
  caller: Caller;
  seen: SeenPage;
  /** Goods by voucher, for the vouchers of the claims. */
  goods: ReadonlyMap<string, Goods>;
  page?: Page;
}

/** May pause after each claim: conditions may cost much, and there may be 200 claims. */
function* qualified(asked: Asked): Generator<void, Qualification[]> {
  const { claims, seen, page } = asked;
  const items: (Qualification | undefined)[] = [];
  for (const claim of claims) {
    items.push(ofClaim(claim, asked));
    yield;
  }
  for (const id of page?.voucherIds ?? []) {
    items.push(ofVoucher(seen, id, page!.slug));
    yield;
  }
  return items.filter((item) => item !== undefined);
}

function ofClaim(claim: Claim, { order, caller, seen, goods }: Asked): Qualification | undefined {
  const { vouchers, visitor } = seen;
  const voucher = vouchers.get(claim.voucherId);
  if (!voucher) return undefined;
  const at = timeFor(voucher, visitor);
  const attributes = caller.acting && !caller.attributesGiven ? undefined : visitor.attributes;
  const use = { order, attributes, ...goods.get(claim.voucherId) };
  const { verdict, reason, checks } = judgeRedemption(voucher, claimAt(claimRecordOf(claim), at), use, at);
  return { voucherId: claim.voucherId, claim, applicable: verdict === 'granted', reason, checks };
}

function ofVoucher(
  { vouchers, having, visitor }: SeenPage,
  voucherId: string,
  slug: string,
): Qualification | undefined {
  const voucher: VoucherState | undefined = vouchers.get(voucherId);
  if (!voucher || statusOf(voucher) === 'draft') return undefined;
  const user = { id: visitor.userId, attributes: visitor.attributes, claims: having.get(voucherId)?.claims ?? 0 };
  const { verdict, reason, checks } = judgeClaim(voucher, user, timeFor(voucher, visitor), slug);
  return { voucherId, applicable: verdict === 'granted', reason, checks };
}
