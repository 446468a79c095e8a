// Decisions as they would be, with their trace: of a voucher as it stands, or of a spec that was never saved.
import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Check, Definition, Facts, Node, Reason } from '@vouchers/contracts';
import {
  arrayOf,
  CHECK,
  choice,
  itemsOf,
  maybe,
  named,
  REASON,
  record,
  TIME,
  whole,
} from '@vouchers/contracts/schemas';
import {
  Answers,
  BodyLimit,
  CostlyWork,
  CurrentCaller,
  Refuses,
  Scopes,
  type Budget,
  type Caller,
} from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import {
  completeSpec,
  costOfJudging,
  judgeClaim,
  judgeNode,
  judgeRedemption,
  newVoucher,
  useTimes,
  type Judgement,
  type Sizes,
  type VoucherState,
} from '@vouchers/voucher';
import { VisitedPage } from '../pages/visited-page.ts';
import { Parked } from '../parked/parked.ts';
import { Definitions } from '../read-model/definitions.ts';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { checkDryRun, dryRunBody, sizeOf, type DryRunBody, type DryRunCase } from './dry-run.body.ts';

/** A voucher may have 2 MB, and so may the spec of one. */
const BODY_BYTES = 2_300_000;
const ADVICE = 'Send fewer cases, or orders with fewer items; or save a simpler condition.';
/** Lists longer than this are an evaluation error in conditions. */
const LONGEST_LIST = 100;
const MOST_ITEMS = 500;
const NO_VOUCHER = '00000000-0000-7000-8000-000000000000';

export interface DryDecision {
  node: Node;
  voucherVersion: number;
  at: string;
  verdict: Judgement['verdict'];
  reason?: Reason;
  checks: Check[];
}

const DRY_DECISION = named(
  'DryDecision',
  record<DryDecision>({
    node: choice('enable', 'claim', 'use', 'terminate'),
    voucherVersion: whole(1),
    at: TIME,
    verdict: choice('granted', 'refused'),
    reason: maybe(REASON),
    checks: arrayOf(CHECK),
  }),
);

@Controller('v1/dry-run')
export class DryRunController {
  constructor(
    private readonly definitions: Definitions,
    private readonly page: VisitedPage,
    private readonly parked: Parked,
    private readonly costly: CostlyWork,
  ) {}

  @Post()
  @HttpCode(200)
  @Scopes('vouchers:read')
  @BodyLimit(BODY_BYTES)
  @ApiOperation({ summary: 'Decisions as they would be, with their trace; nothing is recorded' })
  @TakesPosition()
  @Answers(200, itemsOf(DRY_DECISION))
  @Refuses([404, 422])
  async run(
    @Body(dryRunBody) body: DryRunBody,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<{ items: DryDecision[] }> {
    checkDryRun(body);
    return this.costly.run(request, ADVICE, async (budget) => ({ items: await this.decide(body, caller, budget) }));
  }

  private async decide(body: DryRunBody, caller: Caller, budget: Budget): Promise<DryDecision[]> {
    const { voucherId, spec } = body;
    const definition = spec && unsaved(spec, caller);
    const judged = definition ?? (await this.definitions.find(voucherId!.toLowerCase()));
    for (const one of body.cases) budget.spend(costOfJudging(judged, one.node, sizesOf(one)));
    const goods = new Set(spec?.goods?.map(({ sku }) => sku));
    const items: DryDecision[] = [];
    for (const one of body.cases) {
      const known = voucherId === undefined ? undefined : await this.known(voucherId, one, caller);
      const voucher = definition ? asPublished(definition, known?.voucher) : known!.voucher;
      const matches = !one.order
        ? {}
        : definition
          ? { matchesGoods: one.order.items?.some(({ sku }) => goods.has(sku)) ?? false, goodsVersion: 1 }
          : await this.definitions.matchesGoods(voucherId!, one.order);
      items.push(decided(voucher, one, known?.claims ?? 0, matches));
      await budget.pause();
    }
    return items;
  }

  private async known(
    voucherId: string,
    { user }: DryRunCase,
    caller: Caller,
  ): Promise<{ voucher: VoucherState; claims: number }> {
    const definition = await this.definitions.find(voucherId.toLowerCase());
    this.parked.refuse(definition.voucherId);
    const { vouchers, having } = await this.page.see([definition.voucherId], { ...caller, userId: user?.id ?? '' });
    return {
      voucher: vouchers.get(definition.voucherId) ?? newVoucher(definition),
      claims: having.get(definition.voucherId)?.claims ?? 0,
    };
  }
}

/** Sizes of a case's order and user. Its conditions may look at all of them. */
const sizesOf = ({ order, user }: DryRunCase): Sizes => ({
  items: Math.min(order?.items?.length ?? 0, MOST_ITEMS),
  list: LONGEST_LIST,
  text: user ? sizeOf(user) : 0,
});

function unsaved(spec: NonNullable<DryRunBody['spec']>, { team, sub }: Caller): Definition {
  return {
    voucherId: NO_VOUCHER,
    version: 1,
    intent: 'published',
    team,
    by: sub,
    at: new Date().toISOString(),
    spec: completeSpec(spec),
  };
}

/** A voucher of that definition, with the counters of the one that it would change; without one they are zeros. */
function asPublished(definition: Definition, known: VoucherState | undefined): VoucherState {
  if (!known) return newVoucher(definition);
  const { voucherId, version } = known.definition;
  return { ...known, definition: { ...definition, voucherId, version }, status: 'published' };
}

function decided(
  state: VoucherState,
  one: DryRunCase,
  claims: number,
  goods: { matchesGoods?: boolean; goodsVersion?: number },
): DryDecision {
  const at = one.at === undefined ? defaultTime(state) : Date.parse(one.at);
  // Asked about a moment that has passed: the voucher's time does not hold it back.
  const voucher = { ...state, time: Math.min(state.time, at) };
  const { verdict, reason, checks } = judged(voucher, one, at, claims, goods);
  return {
    node: one.node,
    voucherVersion: voucher.definition.version,
    at: new Date(at).toISOString(),
    verdict,
    reason,
    checks,
  };
}

/** Imported history stands still between its submissions. */
const defaultTime = ({ definition, time }: VoucherState): number =>
  definition.spec.clock === 'submissions' && time > 0 ? time : Date.now();

function judged(
  voucher: VoucherState,
  { node, user, order, claim }: DryRunCase,
  at: number,
  claims: number,
  goods: { matchesGoods?: boolean; goodsVersion?: number },
): Judgement {
  if (node === 'enable' || node === 'terminate') return judgeNode(voucher, node, at);
  const { id, ...attributes } = user as Facts & { id: string };
  if (node === 'claim') return judgeClaim(voucher, { id, attributes, claims }, at);
  const heldAt = claim?.heldAt === undefined ? at : Date.parse(claim.heldAt);
  const { voucherId, definition } = voucher;
  const record = {
    claimId: NO_VOUCHER,
    voucherId,
    voucherVersion: definition.version,
    userId: id,
    state: 'held' as const,
    uses: claim?.uses ?? 0,
    heldAt,
    ...useTimes(definition, heldAt),
    facts: {},
  };
  return judgeRedemption(voucher, record, { order: order!, attributes, ...goods }, at);
}
