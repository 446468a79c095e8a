// A claim that an order may use, as far as prices and combinations are concerned, and the order in which claims count.
import { takesMoneyOff, type Benefit } from '@vouchers/contracts';
import { hundredthsOf, shareOf } from './money.ts';

/** How a voucher combines with others on one order. */
export interface Combination {
  group: string;
  /** The groups that it allows beside it. `none`: it is alone on its order. */
  with: 'any' | 'none' | readonly string[];
  /** The most claims of the voucher on one order. */
  perOrder: number;
  /** Higher ones are applied first. */
  priority: number;
}

export const DEFAULT_COMBINATION: Combination = { group: 'default', with: 'any', perOrder: 1, priority: 0 };

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
}

export const combinationOf = ({ combine }: Candidate): Combination => combine ?? DEFAULT_COMBINATION;

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

const compareIds = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Compares claims by the order in which they are applied. */
export const byApplication = (one: Candidate, other: Candidate): number =>
  combinationOf(other).priority - combinationOf(one).priority || placeOf(one) - placeOf(other) || sooner(one, other);

/** The parts of a claim by which sets of equal size are compared. */
export type Ending = Pick<Candidate, 'until' | 'claimId'>;

/** Compares sets of equal size by their ends, ascending, then by their ids, ascending. */
export function compareSets(one: readonly Ending[], other: readonly Ending[]): number {
  return (
    firstDifference(endsOf(one), endsOf(other), (a, b) => a - b) ||
    firstDifference(idsOf(one), idsOf(other), compareIds)
  );
}

const endsOf = (set: readonly Ending[]): number[] => set.map(({ until }) => until).sort((a, b) => a - b);
const idsOf = (set: readonly Ending[]): string[] => set.map(({ claimId }) => claimId).sort(compareIds);

function firstDifference<T>(one: readonly T[], other: readonly T[], compare: (a: T, b: T) => number): number {
  for (const [index, value] of one.entries()) {
    const difference = compare(value, other[index]!);
    if (difference !== 0) return difference;
  }
  return 0;
}
