// The lines of an order, and how a discount is split over them.
import type { Order } from '@vouchers/contracts';
import { productOver } from './money.ts';

/** A line of an order. `amount` is that of the whole line. Without `sku`, it is what the order adds to its items. */
export interface Line {
  sku?: string;
  amount: number;
}

/** The lines of an order, whose amounts sum to the order's. Undefined if its items sum to more than it. */
export function linesOf({ amount, items = [] }: Pick<Order, 'amount' | 'items'>): Line[] | undefined {
  let rest = amount;
  const lines: Line[] = items.map((item) => {
    rest -= item.amount;
    return { sku: item.sku, amount: item.amount };
  });
  if (rest < 0) return undefined;
  return rest > 0 || items.length === 0 ? [...lines, { amount: rest }] : lines;
}

/**
 * Splits an amount in proportion to these weights by largest remainder; of equal remainders, the first line's counts
 * more. The parts sum to the amount, and no part is above its weight, because the amount is at most their sum.
 */
export function split(amount: number, weights: readonly number[]): number[] {
  const sum = sumOf(weights);
  if (sum === 0) return weights.map(() => 0);
  const parts: number[] = [];
  const remainders: number[] = [];
  for (const weight of weights) {
    const { quotient, remainder } = productOver(amount, weight, sum);
    parts.push(quotient);
    remainders.push(remainder);
  }
  const missing = amount - sumOf(parts);
  if (missing === 0) return parts;
  // The smallest remainder that still gets a unit. Sorting numbers alone is much faster than sorting places.
  const least = Float64Array.from(remainders).sort()[parts.length - missing]!;
  let equal = missing;
  for (const remainder of remainders) if (remainder > least) equal -= 1;
  for (const [place, remainder] of remainders.entries())
    if (remainder > least || (remainder === least && equal-- > 0)) parts[place]! += 1;
  return parts;
}

export function sumOf(amounts: readonly number[]): number {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return sum;
}
