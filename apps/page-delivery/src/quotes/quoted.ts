// Prices an order with a user's claims, by pure functions: the best set, or the set that is asked for, and why the other
// claims are not in it.
import { takesMoneyOff, type Claim, type Order } from '@vouchers/contracts';
import {
  bestSet,
  beyondBudgets,
  byApplication,
  combine,
  joins,
  linesOf,
  priceOf,
  type Candidate,
  type Line,
} from '@vouchers/pricing';
import { budgetLeft, judgePricedUse, turningAmounts, type VoucherState } from '@vouchers/voucher';
import { useOf, type ClaimsInput } from '../qualifications/qualified.ts';
import { claimRecordOf } from '../wallet/claim-record.ts';
import type { InapplicableClaim, PricedSet, Quoted } from './quote.schema.ts';

/** Plain data, so that it can be sent to a thread. The order's items do not sum to more than its amount. */
export interface QuoteInput extends ClaimsInput {
  /** The claims to price, all of them among `claims`. Absent: the best set is looked for. */
  asked?: readonly string[];
}

/** A claim with its judgement as if it were used alone. */
interface Judged {
  claim: Claim;
  voucher: VoucherState;
  candidate: Candidate;
  judgement: ReturnType<typeof judgePricedUse>;
}

/** Pauses often, since conditions may be expensive, and the search may look at many sets. */
export function* quoted(input: QuoteInput): Generator<void, Quoted> {
  const { order, asked, lines } = input;
  const judged: Judged[] = [];
  for (const claim of input.claims) {
    const one = judgedAlone(claim, input);
    if (one) judged.push(one);
    yield;
  }
  const applicable = judged.filter(isGranted).map(toCandidate);
  const { candidates: set, exact } = asked
    ? { candidates: judged.map(toCandidate).filter(({ claimId }) => asked.includes(claimId)), exact: true }
    : yield* bestSet(lines, applicable);
  const best = pricedSet(order, lines, set);
  const faulty = asked ? faultyAmong(set, new Set(applicable), best) : new Map<string, Faulty>();
  const isWhole =
    faulty.size === 0 &&
    set.every((candidate) => applicable.includes(candidate)) &&
    (!asked || set.length === asked.length);
  const inapplicable: InapplicableClaim[] = [];
  for (const one of judged) {
    const { claimId, voucherId } = one.candidate;
    const { reason, checks } = one.judgement;
    const why = reason ?? (set.includes(one.candidate) ? faulty.get(claimId) : whyLeftOut(one.candidate, set));
    if (why === undefined) continue;
    const shortfall = reason && (yield* shortfallOf(one, input));
    inapplicable.push({ claimId, voucherId, reason: why, checks, ...(shortfall && { shortfall }) });
  }
  return { best: isWhole ? best : null, exact, inapplicable };
}

const isGranted = ({ judgement }: Judged): boolean => judgement.verdict === 'granted';

const toCandidate = ({ candidate }: Judged): Candidate => candidate;

/** Undefined if the voucher's state is not known. */
function judgedAlone(claim: Claim, input: QuoteInput): Judged | undefined {
  const found = useOf(claim, input);
  if (!found) return undefined;
  const { voucher, at, use } = found;
  const { definition, counters } = voucher;
  const { benefit, combine, quantities } = definition.spec;
  const { redeem, budget } = quantities;
  const candidate: Candidate = {
    claimId: claim.id,
    voucherId: claim.voucherId,
    userId: claim.userId,
    until: Date.parse(claim.useUntil),
    benefit,
    combine,
    reach: input.reach.get(claim.voucherId),
    usesLeft: redeem === null ? undefined : redeem - counters.redeemed - counters.reserved.uses,
    budgetLeft: budget && budgetLeft(voucher),
  };
  const judgement = judgePricedUse(voucher, claimRecordOf(claim), { ...use, discount: use.discount?.amount ?? 0 }, at);
  return { claim, voucher, candidate, judgement };
}

function pricedSet(order: Order, lines: readonly Line[], set: readonly Candidate[]): PricedSet {
  const { discount, discounts } = priceOf(lines, set);
  const applied = set.toSorted(byApplication);
  return {
    claimIds: applied.map(({ claimId }) => claimId),
    discount,
    currency: order.currency,
    total: order.amount - discount,
    lines: lines.map(({ sku, amount }, place) => {
      const by = discounts
        .map(({ claimId, parts }) => ({ claimId, amount: parts[place]! }))
        .filter((part) => part.amount > 0);
      return {
        ...(sku !== undefined && { sku }),
        amount,
        discount: by.reduce((sum, part) => sum + part.amount, 0),
        by,
      };
    }),
    entitlements: applied.flatMap(({ claimId, benefit }) =>
      benefit && !takesMoneyOff(benefit) ? [{ claimId, benefit }] : [],
    ),
  };
}

type Faulty = 'not-combinable' | 'no-effect' | 'budget-reached';

/** The claims of a set that do not combine with the rest of it, take nothing off beside it, or exceed a budget together. */
function faultyAmong(
  set: readonly Candidate[],
  applicable: ReadonlySet<Candidate>,
  { lines }: PricedSet,
): Map<string, Faulty> {
  const faulty = new Map<string, Faulty>();
  const combines = combine(set);
  const overspent = combines ? beyondBudgets(priceOf(lines, set), set) : new Set<string>();
  const effective = new Set(lines.flatMap(({ by }) => by.map(({ claimId }) => claimId)));
  for (const candidate of set) {
    const others = set.filter((other) => other !== candidate);
    const hasEffect = !takesMoneyOff(candidate.benefit) || effective.has(candidate.claimId);
    if (!combines && !joins(candidate, others)) faulty.set(candidate.claimId, 'not-combinable');
    else if (overspent.has(candidate.voucherId)) faulty.set(candidate.claimId, 'budget-reached');
    else if (combines && !hasEffect && applicable.has(candidate)) faulty.set(candidate.claimId, 'no-effect');
  }
  return faulty;
}

const whyLeftOut = (candidate: Candidate, set: readonly Candidate[]): 'not-combinable' | 'not-better' =>
  joins(candidate, set) ? 'not-better' : 'not-combinable';

/** How much more the order would need, by the amounts that the use rule compares with its own. */
function* shortfallOf(
  { claim, voucher, judgement }: Judged,
  input: QuoteInput,
): Generator<void, InapplicableClaim['shortfall']> {
  const { order } = input;
  if (judgement.reason !== 'use-rule' && judgement.reason !== 'no-effect') return undefined;
  for (const amount of turningAmounts(voucher.definition)) {
    if (amount <= order.amount || !Number.isSafeInteger(amount)) continue;
    const larger = { ...order, amount };
    const again = judgedAlone(claim, { ...input, order: larger, lines: linesOf(larger)! });
    if (again && isGranted(again)) return { amount: amount - order.amount, currency: order.currency };
    yield;
  }
  return undefined;
}
