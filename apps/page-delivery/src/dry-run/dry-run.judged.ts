// Judges each case of a dry run, by pure functions of the body and of the voucher that it names.
import type { Definition, Facts } from '@vouchers/contracts';
import {
  arrayOf,
  CHECK,
  choice,
  maybe,
  named,
  REASON,
  record,
  text,
  TIME,
  whole,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import {
  completeSpec,
  costOfJudging,
  judgeClaim,
  judgeJoinAlone,
  judgeNode,
  judgeRedemption,
  newVoucher,
  useTimes,
  type Judgement,
  type Sizes,
  type VoucherState,
} from '@vouchers/voucher';
import { discountAlone } from '../redemptions/alone.price.ts';
import { DRY_RUN_NODES, sizeOf, type DryRunBody, type DryRunCase } from './dry-run.body.ts';

/** A longer list is an evaluation error in a condition. */
export const LONGEST_LIST = 100;
export const MOST_ITEMS = 500;
/** The id of a spec that is not saved. */
export const NO_VOUCHER = '00000000-0000-7000-8000-000000000000';

export const DRY_DECISION = named(
  'DryDecision',
  record({
    node: choice(...DRY_RUN_NODES),
    voucherVersion: whole(1),
    at: TIME,
    verdict: choice('granted', 'refused'),
    reason: maybe(REASON),
    checks: arrayOf(CHECK),
    /** The rank of a joining, and why it could not be evaluated. */
    rank: maybe(whole(-1_000, 1_000)),
    rankFault: maybe(text()),
  }),
);
export type DryDecision = TypeOf<typeof DRY_DECISION>;

/** The voucher that the body names, as page-delivery knows it. */
export interface DryRunVoucher {
  definition: Definition;
  voucher: VoucherState;
  /** The number of claims per user. */
  claims: ReadonlyMap<string, number>;
  /** Present if the use condition needs them. */
  goods?: { version: number; skus: ReadonlySet<string> };
  /** The skus that the benefit reaches. Absent: every line of an order. */
  reached?: ReadonlySet<string>;
}

type Goods = Pick<DryRunVoucher, 'goods' | 'reached'>;

/** The most steps that the case can take. */
export const costOf = (definition: Pick<Definition, 'spec'>, one: DryRunCase): number =>
  costOfJudging(definition, one.node, sizesOf(one));

/** The sizes of a case's order and user, all of which its conditions may read. */
const sizesOf = ({ order, user }: DryRunCase): Sizes => ({
  items: Math.min(order?.items?.length ?? 0, MOST_ITEMS),
  list: LONGEST_LIST,
  text: user ? sizeOf(user) : 0,
});

/** The body's spec as if it were saved and published. */
export function unsaved(
  spec: NonNullable<DryRunBody['spec']>,
  { team, sub }: { team: string; sub: string },
): Definition {
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

/** A published voucher with this definition. It has the counters of the voucher that it would change, or zeros. */
export function asPublished(definition: Definition, current: VoucherState | undefined): VoucherState {
  if (!current) return newVoucher(definition);
  const { voucherId, version } = current.definition;
  return { ...current, definition: { ...definition, voucherId, version }, status: 'published' };
}

export function decided(state: VoucherState, one: DryRunCase, claims: number, goods: Goods): DryDecision {
  const at = one.at === undefined ? defaultTime(state) : Date.parse(one.at);
  // The case may be about a time that is earlier than the voucher's own time.
  const voucher = { ...state, time: Math.min(state.time, at) };
  const { verdict, reason, checks, rank, rankFault } = judged(voucher, one, at, claims, goods);
  return {
    node: one.node,
    voucherVersion: voucher.definition.version,
    at: new Date(at).toISOString(),
    verdict,
    reason,
    checks,
    rank,
    rankFault,
  };
}

/** The time of imported history advances only with its submissions. */
const defaultTime = ({ definition, time }: VoucherState): number =>
  definition.spec.clock === 'submissions' && time > 0 ? time : Date.now();

function judged(
  voucher: VoucherState,
  { node, user, order, claim }: DryRunCase,
  at: number,
  claims: number,
  { goods, reached }: Goods,
): Judgement & { rank?: number; rankFault?: string } {
  if (node === 'enable' || node === 'terminate') return judgeNode(voucher, node, at);
  const { id, ...attributes } = user as Facts & { id: string };
  if (node === 'claim') return judgeClaim(voucher, { id, attributes, claims }, at);
  if (node === 'join') return judgeJoinAlone(voucher, { id, attributes, claims }, at);
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
  const matching = goods && {
    matchesGoods: order!.items?.some(({ sku }) => goods.skus.has(sku)) ?? false,
    goodsVersion: goods.version,
  };
  const discount = discountAlone(definition, order!, reached);
  return judgeRedemption(voucher, record, { order: order!, attributes, discount, ...matching }, at);
}
