// Random orders and claims, and the best set by trying every subset.
import { takesMoneyOff, type Benefit } from '@vouchers/contracts';
import fc from 'fast-check';
import { byApplication, combinationOf, linesOf, priceOf, type Candidate, type Line } from '@vouchers/pricing';

const amount = fc.oneof(fc.nat(50), fc.nat(20_000));
const benefit: fc.Arbitrary<Benefit> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('amount-off' as const), amount, currency: fc.constant('EUR') }),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({
        type: fc.constant('percent-off' as const),
        hundredths: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.constantFrom(500, 1_000, 2_000, 5_000, 10_000)),
        maxAmount: fc.option(amount, { nil: undefined }),
      })
      .map(({ hundredths, ...rest }) => ({ ...rest, percent: hundredths / 100 })),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'access' as const, name: 'Lounge' }) },
);
const groups = fc.constantFrom('a', 'b', 'c');
const combination = fc.record({
  group: groups,
  with: fc.oneof(
    { weight: 3, arbitrary: fc.constant('any' as const) },
    { weight: 1, arbitrary: fc.constant('none' as const) },
    { weight: 3, arbitrary: fc.uniqueArray(groups, { minLength: 1, maxLength: 3 }) },
  ),
  perOrder: fc.integer({ min: 1, max: 3 }),
  priority: fc.integer({ min: -1, max: 1 }),
});

export interface Basket {
  lines: Line[];
  candidates: Candidate[];
}

/** Vouchers with their claims. Equal ends and equal benefits are frequent, so that ties are. */
export const basket = (mostClaims: number): fc.Arbitrary<Basket> =>
  fc
    .record({
      items: fc.array(fc.record({ sku: fc.constantFrom('A', 'B', 'C'), quantity: fc.constant(1), amount }), {
        maxLength: 6,
      }),
      more: fc.nat(500),
      vouchers: fc.array(
        fc.record({
          benefit,
          combine: fc.option(combination, { nil: undefined }),
          goods: fc.option(fc.uniqueArray(fc.constantFrom('A', 'B', 'C'), { minLength: 1 }), { nil: undefined }),
          usesLeft: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
          budgetLeft: fc.option(amount, { nil: undefined }),
          ends: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
        }),
        { maxLength: mostClaims },
      ),
      ids: fc.uniqueArray(fc.nat(999), { minLength: mostClaims * 3, maxLength: mostClaims * 3 }),
    })
    .map(({ items, more, vouchers, ids }) => {
      const lines = linesOf({ amount: items.reduce((sum, item) => sum + item.amount, more), items })!;
      const candidates = vouchers.flatMap(({ ends, goods, ...voucher }, number) =>
        ends.map((until, claim): Candidate => ({
          ...voucher,
          claimId: `claim-${ids[number * 3 + claim]}`,
          voucherId: `voucher-${number}`,
          userId: 'ann',
          until,
          ...(goods && { reach: [...lines.keys()].filter((place) => goods.some((sku) => sku === lines[place]!.sku)) }),
        })),
      );
      return { lines, candidates: candidates.slice(0, mostClaims) };
    });

/** The claims of money of the best set. It tries every subset, and reads the rules of combination anew. */
export function bestByTrying({ lines, candidates }: Basket): { set: Candidate[]; discount: number } {
  const money = candidates.filter((candidate) => takesMoneyOff(candidate.benefit));
  let best = { set: [] as Candidate[], discount: 0 };
  for (let chosen = 1; chosen < 2 ** money.length; chosen += 1) {
    const set = money.filter((_, place) => chosen & (1 << place));
    if (!mayStandTogether(set)) continue;
    const { discount, discounts } = priceOf(lines, set);
    const taken = (voucherId: string): number =>
      discounts.reduce((sum, one) => {
        const candidate = set.find(({ claimId }) => claimId === one.claimId)!;
        return candidate.voucherId === voucherId ? sum + one.amount : sum;
      }, 0);
    if (set.some(({ voucherId, budgetLeft }) => budgetLeft !== undefined && taken(voucherId) > budgetLeft)) continue;
    const better =
      discount - best.discount || best.set.length - set.length || (set.length > 0 && compareSets(best.set, set)) || 0;
    if (better > 0) best = { set, discount };
  }
  return { ...best, set: best.set.toSorted(byApplication) };
}

function mayStandTogether(set: readonly Candidate[]): boolean {
  const listed = (one: Candidate, other: Candidate): boolean => {
    const { with: groups } = combinationOf(one);
    return groups === 'any' || (Array.isArray(groups) && groups.includes(combinationOf(other).group));
  };
  return set.every((one) => {
    const alike = set.filter(({ voucherId }) => voucherId === one.voucherId).length;
    const { perOrder } = combinationOf(one);
    return (
      alike <= Math.min(perOrder, one.usesLeft ?? perOrder) &&
      set.every((other) => other === one || (other.voucherId === one.voucherId ? listed(one, one) : listed(one, other)))
    );
  });
}

/** Compares sets of equal size by their ends, ascending, then by their ids, ascending. */
function compareSets(one: readonly Candidate[], other: readonly Candidate[]): number {
  const [ends, otherEnds] = [one, other].map((set) => set.map(({ until }) => until).sort((a, b) => a - b));
  const [ids, otherIds] = [one, other].map((set) => set.map(({ claimId }) => claimId).sort());
  const [end, id] = [
    ends!.findIndex((until, place) => until !== otherEnds![place]),
    ids!.findIndex((claimId, place) => claimId !== otherIds![place]),
  ];
  if (end >= 0) return ends![end]! - otherEnds![end]!;
  return id === -1 ? 0 : ids![id]! < otherIds![id]! ? -1 : 1;
}
