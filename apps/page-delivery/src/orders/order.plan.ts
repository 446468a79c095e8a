// Decides, by pure functions, whether claims may be added to an order, and what each takes off it.
import type { Discount, ProblemReason, Redemption } from '@vouchers/contracts';
import {
  byApplication,
  discountLines,
  joins,
  linesOf,
  priceOf,
  split,
  sumOf,
  type Candidate,
  type Line,
} from '@vouchers/pricing';
import type { OrderContent } from './order.call.ts';

/** A use that stands on an order. */
export interface Standing {
  redemption: Redemption;
  candidate: Candidate;
}

/** A claim that a call may not add, and why. */
export interface NotAdded {
  reason: Extract<ProblemReason, 'already-redeemed' | 'not-combinable'>;
  claimId: string;
}
/** The discount of each claim that is added. */
export interface Added {
  /** In the order in which the claims are applied. */
  applied: string[];
  discounts: ReadonlyMap<string, Discount>;
}

/** @param asked the claims to add, in the order in which they were given */
export function added(
  content: OrderContent,
  standing: readonly Standing[],
  asked: readonly Candidate[],
): Added | NotAdded {
  const used = new Set(standing.map(({ candidate }) => candidate.claimId));
  const again = asked.find(({ claimId }) => used.has(claimId));
  if (again) return { reason: 'already-redeemed', claimId: again.claimId };
  const together = standing.map(({ candidate }) => candidate);
  for (const candidate of asked) {
    if (!joins(candidate, together)) return { reason: 'not-combinable', claimId: candidate.claimId };
    together.push(candidate);
  }
  const lines = linesOf(content)!;
  const left = leftOf(
    lines,
    standing.map(({ redemption }) => redemption),
  );
  const { discounts } = priceOf(
    lines.map((line, place) => ({ ...line, amount: left[place]! })),
    asked,
  );
  return {
    applied: asked.toSorted(byApplication).map(({ claimId }) => claimId),
    discounts: new Map(
      discounts.map(({ claimId, amount, parts }) => [
        claimId,
        { amount, currency: content.currency, lines: discountLines(lines, parts) },
      ]),
    ),
  };
}

/** The rest of each line that the recorded discounts leave. */
function leftOf(lines: readonly Line[], redemptions: readonly Redemption[]): number[] {
  const left = lines.map(({ amount }) => amount);
  for (const redemption of redemptions)
    for (const [place, part] of partsOn(lines, left, redemption).entries()) left[place]! -= part;
  return left;
}

/**
 * The parts of a recorded discount on these lines. A single redemption may have been given other lines: then its amount
 * is split over what is left.
 */
export function partsOn(lines: readonly Line[], left: readonly number[], { discount }: Redemption): number[] {
  if (!discount) return lines.map(() => 0);
  const parts = discount.lines.map(({ amount }) => amount);
  const isSame =
    parts.length === lines.length &&
    lines.every(({ sku }, place) => sku === discount.lines[place]!.sku && parts[place]! <= left[place]!);
  return isSame ? parts : split(Math.min(discount.amount, sumOf(left)), left);
}
