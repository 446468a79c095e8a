// The price of an order with a given set of claims.
import type { Benefit, Discount as Discounted } from '@vouchers/contracts';
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

/** The vouchers that take off more than is left of their budgets. No part of a discount is given. */
export function beyondBudgets({ discounts }: Price, candidates: readonly Candidate[]): Set<string> {
  const taken = new Map<string, number>();
  const beyond = new Set<string>();
  for (const { claimId, amount } of discounts) {
    const { voucherId, budgetLeft = Infinity } = candidates.find((candidate) => candidate.claimId === claimId)!;
    const sum = (taken.get(voucherId) ?? 0) + amount;
    taken.set(voucherId, sum);
    if (sum > budgetLeft) beyond.add(voucherId);
  }
  return beyond;
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

/** The lines of a discount: those of the order, each with its part. */
export const discountLines = (lines: readonly Line[], parts: readonly number[]): Discounted['lines'] =>
  lines.map(({ sku }, place) => ({ ...(sku !== undefined && { sku }), amount: parts[place]! }));

/** The amount that a benefit takes off these lines if it is used alone. @param reach places of lines; absent: every line */
export const takenAlone = (lines: readonly Line[], benefit: Benefit | undefined, reach?: readonly number[]): number =>
  discounterOf(benefit)(
    reachedOf(
      lines.map(({ amount }) => amount),
      reach,
    ),
  );

/** The sum of what is left of the lines in reach. */
export function reachedOf(left: readonly number[], reach?: readonly number[]): number {
  if (!reach) return sumOf(left);
  let sum = 0;
  for (let index = 0; index < reach.length; index += 1) sum += left[reach[index]!]!;
  return sum;
}

/**
 * Takes a discount off what is left of the lines in reach.
 * @param reach places of lines; absent: every line
 * @returns the discount
 */
export function takeOff(left: number[], discount: (left: number) => number, reach?: readonly number[]): number {
  const amount = discount(reachedOf(left, reach));
  if (amount === 0) return 0;
  const parts = split(amount, reach ? reach.map((place) => left[place]!) : left);
  for (let index = 0; index < parts.length; index += 1) left[reach ? reach[index]! : index]! -= parts[index]!;
  return amount;
}
