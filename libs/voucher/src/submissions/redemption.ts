// Decides a redemption: one use of a claim for one order.
import {
  takesMoneyOff,
  type Facts,
  type Order,
  type QuoteReason,
  type Reason,
  type RedemptionSubmission,
} from '@vouchers/contracts';
import { attributesOf, factsOf } from '../facts.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy, type Rule } from '../rules.ts';
import type { ClaimRecord, RedemptionRecord, VoucherState } from '../state.ts';
import { type OrderContext, HAS_NOT_ENDED, NOT_LOCKED_BY_OTHER_ORDER, WITHIN_USE_WINDOW } from './claim-rules.ts';
import type { JudgedSubmission } from './judged-submission.ts';

/** The input of a redemption that counts. Without `attributes`, the facts kept with the claim count. */
export interface Use {
  order: Order;
  attributes?: Facts;
  matchesGoods?: boolean;
  goodsVersion?: number;
}

export interface RedemptionContext extends OrderContext {
  userId: string;
  attributes: Facts;
  order: Order;
  matchesGoods?: boolean;
  goodsVersion?: number;
}

/** A use whose benefit is priced. */
export interface PricedContext extends RedemptionContext {
  /** The amount that the benefit takes off the order. Unit: the currency's minor unit. */
  discount: number;
}

const BY_CLAIM: Rule<RedemptionContext>[] = [
  ...HAS_NOT_ENDED,
  NOT_LOCKED_BY_OTHER_ORDER,
  WITHIN_USE_WINDOW,
  {
    check: 'already-redeemed',
    holds: ({ claim, voucher }) => claim.uses < (voucher.definition.spec.nodes.use.perClaim ?? Infinity),
    why: ({ claim, voucher }) => `used ${claim.uses} times of ${voucher.definition.spec.nodes.use.perClaim}`,
  },
];

const BY_PRICE: Rule<PricedContext, QuoteReason>[] = [
  {
    check: 'currency-mismatch',
    holds: ({ voucher, order }) => (currencyOf(voucher) ?? order.currency) === order.currency,
    why: ({ voucher }) => `takes off ${currencyOf(voucher)}`,
  },
  {
    check: 'no-effect',
    holds: ({ voucher, discount }) => discount > 0 || !takesMoneyOff(voucher.definition.spec.benefit),
  },
];

const BY_RULE: Rule<RedemptionContext>[] = [
  {
    check: 'use-rule',
    holds: (context) => context.terms.conditions.use.holds(context),
    why: (context) =>
      [context.terms.conditions.use.why(context), goodsUsed(context)].filter((part) => part !== undefined).join('; '),
    note: (context) => goodsUsed(context),
  },
  {
    check: 'redeem-quantity-reached',
    holds: ({ voucher }) => voucher.counters.redeemed < (voucher.definition.spec.quantities.redeem ?? Infinity),
    why: ({ voucher }) => `0 of ${voucher.definition.spec.quantities.redeem} uses are left`,
  },
];

function goodsUsed({ terms, goodsVersion }: RedemptionContext): string | undefined {
  return terms.conditions.use.namesMatchesGoods && goodsVersion !== undefined
    ? `goods of version ${goodsVersion}`
    : undefined;
}

/** A benefit saved by an older release may have a `maxAmount` without a currency. It is in the order's. */
function currencyOf({ definition: { spec } }: VoucherState): string | undefined {
  return spec.benefit && 'currency' in spec.benefit ? spec.benefit.currency : undefined;
}

export const judgeUsing = judgeBy([...BY_CLAIM, ...BY_RULE]);

/** As `judgeUsing`, with the checks of what the benefit takes off. */
export const judgePriced = judgeBy<PricedContext, Reason | QuoteReason>([...BY_CLAIM, ...BY_PRICE, ...BY_RULE]);

export function redemptionContext(
  { voucher, terms, at }: Pick<Proceedings, 'voucher' | 'terms' | 'at'>,
  claim: ClaimRecord,
  { order, attributes = attributesOf(claim.facts), matchesGoods, goodsVersion }: Use,
): RedemptionContext {
  return {
    voucher,
    terms,
    at,
    claim,
    userId: claim.userId,
    orderId: order.id,
    order,
    attributes,
    matchesGoods,
    goodsVersion,
  };
}

export function redemption(proceedings: Proceedings, submission: RedemptionSubmission): JudgedSubmission | undefined {
  const { redemptionId, claimId, order } = submission;
  const { voucher, terms, at } = proceedings;
  const claim = proceedings.claimOf(claimId);
  if (claim === undefined) return undefined;
  const { userId } = claim;
  const context = redemptionContext(proceedings, claim, submission);
  const judgement = judgeUsing(context);
  const facts = factsOf(context.attributes, terms.useFacts);
  if (judgement.verdict === 'refused') return { judgement, userId, claim, facts };
  const made: RedemptionRecord = { redemptionId, claimId, voucherId: voucher.voucherId, userId, order, at };
  const perClaim = voucher.definition.spec.nodes.use.perClaim ?? Infinity;
  return { judgement, userId, claim: used(claim, perClaim), before: claim.state, redemption: made, facts };
}

/** The claim after one more use. Its lock ends; after the last use the claim ends, too. */
function used({ lock: _, ...claim }: ClaimRecord, perClaim: number): ClaimRecord {
  const uses = claim.uses + 1;
  return uses >= perClaim ? { ...claim, uses, state: 'redeemed', endedBy: 'uses' } : { ...claim, uses, state: 'held' };
}
