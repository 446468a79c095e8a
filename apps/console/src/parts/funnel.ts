import type { CounterValues } from '@vouchers/contracts';

/** One bar of the funnel: pushes, claims or redemptions. */
export interface FunnelStep {
  key: 'pushed' | 'claimed' | 'redeemed';
  count: number;
  /** Relative to the longest bar, 0 to 1. */
  length: number;
  /** The count of the step before. */
  of: number | undefined;
}

/** The patent's three counts as bars that begin at zero. */
export function funnelOf({
  pushed,
  claimed,
  redeemed,
}: Pick<CounterValues, 'pushed' | 'claimed' | 'redeemed'>): FunnelStep[] {
  // Offers are claimed without a push, so a share of the pushes would say nothing.
  const isShare = claimed <= pushed;
  const longest = Math.max(pushed, claimed, redeemed, 1);
  return [
    { key: 'pushed', count: pushed, length: pushed / longest, of: undefined },
    { key: 'claimed', count: claimed, length: claimed / longest, of: isShare ? pushed : undefined },
    { key: 'redeemed', count: redeemed, length: redeemed / longest, of: claimed },
  ];
}

/** The CSS width of a bar. Zero has no width, but a small count stays visible. */
export const barWidth = (length: number): string => (length > 0 ? `max(2px, ${length * 100}%)` : '0');

export interface UnitShare {
  key: 'free' | 'offered' | 'held' | 'locked' | 'used' | 'retired';
  count: number;
}

/** The states of all units. Without a claim quantity no unit is free. */
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

/** Refusals of one kind, the most frequent first. */
export const refusalsOf = (refusals: Record<string, number> | undefined): [string, number][] =>
  Object.entries(refusals ?? {}).sort(([, a], [, b]) => b - a);

/** All refusals of a voucher except pushes, since a page view without a push refuses nobody. */
export const refusedIn = ({ refused: { push: _, ...asked } }: CounterValues): number =>
  Object.values(asked).reduce((sum, reasons) => sum + Object.values(reasons ?? {}).reduce((a, b) => a + b, 0), 0);
