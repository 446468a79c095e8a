// Decides a redemption: one use of a claim for one order.
import { takesMoneyOff, type Facts, type Order, type RedemptionSubmission } from '@vouchers/contracts';
import { currencyOf, type Money, moneySpent } from '../amounts.ts';
import { attributesOf, factsOf } from '../facts.ts';
import type { Proceedings } from '../proceedings.ts';
import { judgeBy, type Judgement, type Rule } from '../rules.ts';
import type { ClaimRecord, RedemptionRecord, Reservation, VoucherState } from '../state.ts';
import { type OrderContext, HAS_NOT_ENDED, NOT_LOCKED_BY_OTHER_ORDER, WITHIN_USE_WINDOW } from './claim-rules.ts';
import type { JudgedSubmission, Judging } from './judged-submission.ts';

/** The input of a redemption that counts. Without `attributes`, the facts kept with the claim count. */
export interface Use {
  order: Order;
  attributes?: Facts;
  matchesGoods?: boolean;
  goodsVersion?: number;
  /** The amount that the benefit takes off the order. Absent if it takes no money off, or is not known. */
  discount?: Money;
  /** The order call that asks. Absent if none does. */
  orderCall?: string;
}

export interface RedemptionContext extends OrderContext {
  userId: string;
  attributes: Facts;
  order: Order;
  matchesGoods?: boolean;
  goodsVersion?: number;
  /** The amount that the benefit takes off the order. Absent if that is not known. Unit: the currency's minor unit. */
  discount?: number;
}

const BY_LOCK: Rule<RedemptionContext>[] = [...HAS_NOT_ENDED, NOT_LOCKED_BY_OTHER_ORDER];

const BY_CLAIM: Rule<RedemptionContext>[] = [
  ...BY_LOCK,
  WITHIN_USE_WINDOW,
  {
    check: 'already-redeemed',
    holds: ({ claim, voucher }) => claim.uses < (voucher.definition.spec.nodes.use.perClaim ?? Infinity),
    why: ({ claim, voucher }) => `used ${claim.uses} times of ${voucher.definition.spec.nodes.use.perClaim}`,
  },
];

const BY_PRICE: Rule<RedemptionContext>[] = [
  {
    check: 'order-required',
    holds: ({ voucher, orderCall }) => orderCall !== undefined || !voucher.definition.spec.combine,
  },
  {
    check: 'currency-mismatch',
    holds: ({ voucher, order }) => (currencyOf(voucher.definition.spec) ?? order.currency) === order.currency,
    why: ({ voucher }) => `takes off ${currencyOf(voucher.definition.spec)}`,
  },
  {
    check: 'no-effect',
    holds: ({ voucher, discount, orderCall }) =>
      orderCall === undefined || discount !== 0 || !takesMoneyOff(voucher.definition.spec.benefit),
  },
];

const USES_LEFT: Rule<RedemptionContext> = {
  check: 'redeem-quantity-reached',
  holds: ({ voucher: { counters, definition } }) =>
    counters.redeemed + counters.reserved.uses < (definition.spec.quantities.redeem ?? Infinity),
  why: ({ voucher }) => `0 of ${voucher.definition.spec.quantities.redeem} uses are left`,
};

const BY_RULE: Rule<RedemptionContext>[] = [
  {
    check: 'use-rule',
    holds: (context) => context.terms.conditions.use.holds(context),
    why: (context) =>
      [context.terms.conditions.use.why(context), goodsUsed(context)].filter((part) => part !== undefined).join('; '),
    note: (context) => goodsUsed(context),
  },
  USES_LEFT,
];

const BY_BUDGET: Rule<RedemptionContext> = {
  check: 'budget-reached',
  holds: ({ voucher, discount = 0 }) => discount <= budgetLeft(voucher),
  why: ({ voucher }) => {
    const { amount, currency } = voucher.definition.spec.quantities.budget!;
    return `${Math.max(0, budgetLeft(voucher))} of ${amount} ${currency} are left`;
  },
};

/** The money that is left of the budget. Below 0 if it was lowered, Infinity without a budget. Unit: minor units. */
export function budgetLeft({ definition, counters }: VoucherState): number {
  const { budget } = definition.spec.quantities;
  return budget ? budget.amount - moneySpent(counters, budget.currency) : Infinity;
}

function goodsUsed({ terms, goodsVersion }: RedemptionContext): string | undefined {
  return terms.conditions.use.namesMatchesGoods && goodsVersion !== undefined
    ? `goods of version ${goodsVersion}`
    : undefined;
}

/** Judges a redemption whose edge, of an earlier release, did not price it. */
export const judgeUsing = judgeBy([...BY_CLAIM, ...BY_RULE]);

/** As `judgeUsing`, with the checks of what the benefit takes off. */
export const judgePriced = judgeBy([...BY_CLAIM, ...BY_PRICE, ...BY_RULE, BY_BUDGET]);

/** Judges the redemption of a claim that its order call has reserved. Everything else was judged then. */
const judgeReserved = judgeBy(BY_LOCK);

/** Judges a use that stays granted unless it cannot be given. */
export const judgeStayingUse = judgeBy([...BY_LOCK, USES_LEFT, BY_BUDGET]);

/** Whether a redemption is judged with the checks of what its benefit takes off. */
export function isJudgedPriced({ definition: { spec } }: VoucherState, { discount, orderCall }: Use): boolean {
  return discount !== undefined || orderCall !== undefined || Boolean(spec.combine ?? spec.quantities.budget);
}

/** The judgement of a redemption or reserving lock that lacks its order or discount, or has one that cannot be. */
export const UNPRICED: Judgement = {
  verdict: 'refused',
  reason: 'unreadable',
  checks: [{ check: 'unreadable', passed: false, detail: 'its discount is missing, or is no amount of its order' }],
};

/** Whether it brings the discount that it needs: a whole number from 0 to the order's amount, in its currency. */
export function isPriced(
  { definition: { spec }, counters }: VoucherState,
  { order, discount, orderCall }: Partial<Use>,
) {
  const isNeeded = orderCall !== undefined || spec.combine || spec.quantities.budget;
  if (discount === undefined || order === undefined) return !isNeeded || !takesMoneyOff(spec.benefit);
  const { amount, currency } = discount;
  const isAmount = Number.isSafeInteger(amount) && amount >= 0 && amount <= order.amount;
  return isAmount && currency === order.currency && Number.isSafeInteger(moneySpent(counters, currency) + amount);
}

export function redemptionContext(
  { voucher, terms, at }: Pick<Proceedings, 'voucher' | 'terms' | 'at'>,
  claim: ClaimRecord,
  { order, attributes = attributesOf(claim.facts), matchesGoods, goodsVersion, discount, orderCall }: Use,
): RedemptionContext {
  return {
    voucher,
    terms,
    at,
    claim,
    userId: claim.userId,
    orderId: order.id,
    orderCall,
    order,
    attributes,
    matchesGoods,
    goodsVersion,
    discount: discount?.amount,
  };
}

export function redemption(
  proceedings: Proceedings,
  submission: RedemptionSubmission,
  { stays }: Judging = {},
): JudgedSubmission | undefined {
  const { redemptionId, claimId, order, discount } = submission;
  const { voucher, terms, at } = proceedings;
  const claim = proceedings.claimOf(claimId);
  if (claim === undefined) return undefined;
  const { userId } = claim;
  const endedReservation = reservationFor(claim, submission);
  if (!endedReservation && !stays && !isPriced(voucher, submission)) return { judgement: UNPRICED, userId, claim };
  // If the claim is reserved, but not for this redemption, it is that of another order.
  const isOthers = claim.lock?.reservation !== undefined && !endedReservation;
  const context = redemptionContext(
    proceedings,
    claim,
    isOthers ? { ...submission, orderCall: undefined } : submission,
  );
  const judgeUse = isJudgedPriced(voucher, submission) ? judgePriced : judgeUsing;
  const judge = endedReservation ? judgeReserved : stays ? judgeStayingUse : judgeUse;
  const judgement = judge(context);
  const facts = factsOf(context.attributes, terms.useFacts);
  if (judgement.verdict === 'refused') return { judgement, userId, claim, facts };
  const made: RedemptionRecord = { redemptionId, claimId, voucherId: voucher.voucherId, userId, order, at };
  const perClaim = voucher.definition.spec.nodes.use.perClaim ?? Infinity;
  const result = { judgement, userId, claim: used(claim, perClaim), before: claim.state, redemption: made, facts };
  if (discount === undefined) return endedReservation ? { ...result, endedReservation } : result;
  const { amount, currency, version, lines } = discount;
  made.discount = { amount, currency, lines };
  return { ...result, discount: { amount, currency, version }, ...(endedReservation && { endedReservation }) };
}

/** The reservation that was made for this redemption: by its call, which has one order, with its discount. */
function reservationFor({ lock }: ClaimRecord, { orderCall, discount }: Use): Reservation | undefined {
  const reservation = lock?.reservation;
  if (!reservation || reservation.orderCall !== orderCall) return undefined;
  const kept = reservation.discount;
  return kept?.amount === discount?.amount && kept?.currency === discount?.currency ? reservation : undefined;
}

/** The claim after one more use. Its lock ends; after the last use the claim ends, too. */
function used({ lock: _, ...claim }: ClaimRecord, perClaim: number): ClaimRecord {
  const uses = claim.uses + 1;
  return uses >= perClaim ? { ...claim, uses, state: 'redeemed', endedBy: 'uses' } : { ...claim, uses, state: 'held' };
}
