import type { CounterValues } from '@vouchers/contracts';

/** Push, claim, redeem: each beside the largest of them. */
export interface FunnelStep {
  key: 'pushed' | 'claimed' | 'redeemed';
  count: number;
  /** Of the longest bar, 0 to 1. */
  length: number;
  /** Of the step before. */
  of: number | undefined;
}

/** The patent's three counts as bars from zero. */
export function funnelOf({
  pushed,
  claimed,
  redeemed,
}: Pick<CounterValues, 'pushed' | 'claimed' | 'redeemed'>): FunnelStep[] {
  const longest = Math.max(pushed, claimed, redeemed, 1);
  return [
    { key: 'pushed', count: pushed, length: pushed / longest, of: undefined },
    { key: 'claimed', count: claimed, length: claimed / longest, of: pushed },
    { key: 'redeemed', count: redeemed, length: redeemed / longest, of: claimed },
  ];
}

/** A bar of this length, 0 to 1: nothing has none, little can be seen. */
export const barWidth = (length: number): string => (length > 0 ? `max(2px, ${length * 100}%)` : '0');

export interface UnitShare {
  key: 'free' | 'offered' | 'held' | 'locked' | 'used' | 'retired';
  count: number;
}

/** Where every unit is; without a claim quantity none can be free. */
export function unitsOf(counters: CounterValues): UnitShare[] {
  const { free, offered, held, locked, used, retired } = counters;
  return [
    ...(free === null ? [] : [{ key: 'free' as const, count: free }]),
    { key: 'offered', count: offered },
    { key: 'held', count: held },
    { key: 'locked', count: locked },
    { key: 'used', count: used },
    { key: 'retired', count: retired },
  ];
}

/** Refusals of one kind, most first. */
export const refusalsOf = (refusals: Record<string, number> | undefined): [string, number][] =>
  Object.entries(refusals ?? {}).sort(([, a], [, b]) => b - a);

/** All refusals of a voucher except pushes, since a page view without a push refuses nobody. */
export const refusedIn = ({ refused: { push: _, ...asked } }: CounterValues): number =>
  Object.values(asked).reduce((sum, reasons) => sum + Object.values(reasons ?? {}).reduce((a, b) => a + b, 0), 0);
