// The price of an order with a given set of claims.
import { byApplication, discounterOf, type Candidate } from './candidate.ts';
import { split, sumOf, type Line } from './lines.ts';

/** The amount that one claim takes off. */
export interface Discount {
  claimId: string;
  amount: number;
  /** Its part of each line. */
  parts: number[];
}

export interface Price {
  discount: number;
  /** In the order of application. */
  discounts: Discount[];
}

/** Prices the order with all of these claims. */
export function priceOf(lines: readonly Line[], candidates: readonly Candidate[]): Price {
  const left = lines.map(({ amount }) => amount);
  const discounts = candidates.toSorted(byApplication).map(({ claimId, benefit, reach }) => {
    const before = [...left];
    const amount = takeOff(left, discounterOf(benefit), reach);
    return { claimId, amount, parts: left.map((rest, place) => before[place]! - rest) };
  });
  return { discount: sumOf(discounts.map(({ amount }) => amount)), discounts };
}

/**
 * Takes a discount off what is left of the lines in reach.
 * @param reach places of lines; absent: every line
 * @returns the discount
 */
export function takeOff(left: number[], discount: (left: number) => number, reach?: readonly number[]): number {
  const reached = reach ? reach.map((place) => left[place]!) : left;
  const amount = discount(sumOf(reached));
  if (amount === 0) return 0;
  const parts = split(amount, reached);
  for (let index = 0; index < parts.length; index += 1) left[reach ? reach[index]! : index]! -= parts[index]!;
  return amount;
}
