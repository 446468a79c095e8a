// The lines of an order, and how a discount is split over them.
import type { Order } from '@vouchers/contracts';
import { productOver } from './money.ts';

/** A line of an order. `amount` is that of the whole line. Without `sku`, it is what the order adds to its items. */
export interface Line {
  sku?: string;
  amount: number;
}

/**
 * The lines of an order, whose amounts sum to the order's. Undefined if its items sum to more than it. The rest is exact
 * as long as it is not below 0, and then only its sign counts, so the items may sum to more than 2⁵³.
 */
export function linesOf({ amount, items = [] }: Pick<Order, 'amount' | 'items'>): Line[] | undefined {
  let rest = amount;
  const lines: Line[] = items.map((item) => {
    rest -= item.amount;
    return { sku: item.sku, amount: item.amount };
  });
  if (rest < 0) return undefined;
  return rest > 0 || items.length === 0 ? [...lines, { amount: rest }] : lines;
}

/** The lines of an order as `linesOf` gives them. Items that sum to more than the order are scaled down to it. */
export function scaledLinesOf(order: Pick<Order, 'amount' | 'items'>): Line[] {
  const lines = linesOf(order);
  if (lines) return lines;
  const items = order.items!;
  const amounts = split(
    order.amount,
    items.map(({ amount }) => amount),
  );
  return items.map(({ sku }, place) => ({ sku, amount: amounts[place]! }));
}

/**
 * Splits an amount in proportion to these weights by largest remainder; of equal remainders, the first line's counts
 * more. The parts sum to the amount, and no part is above its weight, because the amount is at most their sum.
 */
export function split(amount: number, weights: readonly number[]): number[] {
  const sum = sumOf(weights);
  if (sum === 0) return weights.map(() => 0);
  if (sum > Number.MAX_SAFE_INTEGER) return splitExactly(amount, weights);
  const parts: number[] = [];
  const remainders = new Float64Array(weights.length);
  let missing = amount;
  for (let place = 0; place < weights.length; place += 1) {
    const weight = weights[place]!;
    let part: number;
    const product = amount * weight;
    // As `productOver`, which makes an object for each line; a search splits millions of them.
    if (product <= Number.MAX_SAFE_INTEGER) {
      const remainder = product % sum;
      part = (product - remainder) / sum;
      remainders[place] = remainder;
    } else {
      const { quotient, remainder } = productOver(amount, weight, sum);
      part = quotient;
      remainders[place] = remainder;
    }
    parts.push(part);
    missing -= part;
  }
  if (missing === 0) return parts;
  // The smallest remainder that still gets a unit. Sorting numbers alone is much faster than sorting places.
  const least = remainders.toSorted()[parts.length - missing]!;
  let equal = missing;
  for (let place = 0; place < parts.length; place += 1) if (remainders[place]! > least) equal -= 1;
  for (let place = 0; place < parts.length; place += 1) {
    const remainder = remainders[place]!;
    if (remainder > least || (remainder === least && equal-- > 0)) parts[place]! += 1;
  }
  return parts;
}

/** As `split`, for weights that sum to more than 2⁵³: each is a safe integer, but a single redemption bounds no sum. */
function splitExactly(amount: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n);
  const products = weights.map((weight) => BigInt(amount) * BigInt(weight));
  const parts = products.map((product) => product / sum);
  const missing = BigInt(amount) - parts.reduce((total, part) => total + part, 0n);
  const byRemainder = [...products.keys()].sort((one, other) => {
    const difference = (products[other]! % sum) - (products[one]! % sum);
    return difference > 0n ? 1 : difference < 0n ? -1 : one - other;
  });
  for (const place of byRemainder.slice(0, Number(missing))) parts[place]! += 1n;
  return parts.map(Number);
}

export function sumOf(amounts: readonly number[]): number {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return sum;
}
