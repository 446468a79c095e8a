// A claim that an order may use, as far as prices and combinations are concerned, and the order in which claims count.
import { COMBINATION_DEFAULTS, takesMoneyOff, type Benefit, type Combination } from '@vouchers/contracts';
import { hundredthsOf, shareOf } from './money.ts';

export interface Candidate {
  claimId: string;
  voucherId: string;
  userId: string;
  /** The end of its use. Unit: Unix ms. */
  until: number;
  benefit?: Benefit;
  combine?: Combination | null;
  /** The places of the lines that it reaches, ascending. Absent: every line. */
  reach?: readonly number[];
  /** The redemptions that are left of the voucher's quantity. Absent: no limit. */
  usesLeft?: number;
  /** The money that is left of the voucher's budget, in the order's currency. Absent: no budget. */
  budgetLeft?: number;
}

export const combinationOf = ({ combine }: Candidate): Combination => combine ?? COMBINATION_DEFAULTS;

/** A function of what is left of the lines: the amount that the benefit takes off. */
export function discounterOf(benefit: Benefit | undefined): (left: number) => number {
  if (!takesMoneyOff(benefit)) return () => 0;
  if (benefit.type === 'amount-off') return (left) => Math.min(benefit.amount, left);
  const hundredths = hundredthsOf(benefit.percent);
  return (left) => Math.min(shareOf(left, hundredths), benefit.maxAmount ?? Infinity);
}

/** Percent-off is applied before amount-off, and both before the rest. */
const placeOf = ({ benefit }: Candidate): number =>
  takesMoneyOff(benefit) ? (benefit.type === 'percent-off' ? 0 : 1) : 2;

/** Compares claims by their ends, then by their ids. */
export const sooner = (one: Candidate, other: Candidate): number =>
  one.until - other.until || compareIds(one.claimId, other.claimId);

export const compareIds = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Compares claims by the order in which they are applied. */
export const byApplication = (one: Candidate, other: Candidate): number =>
  combinationOf(other).priority - combinationOf(one).priority || placeOf(one) - placeOf(other) || sooner(one, other);
