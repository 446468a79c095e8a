import type { Voucher } from '@vouchers/contracts';

/** The next or last edge of a voucher's windows. */
export interface TimeEdge {
  key: 'validOpens' | 'claimOpens' | 'claimOpenUntil' | 'claimClosed' | 'over';
  /** Unix milliseconds. */
  at: number;
}

/** The edge to show at `now`; undefined if the voucher is terminated or has the clock of submissions. */
export function timeEdgeOf({ windows, state, clock }: Voucher, now: number): TimeEdge | undefined {
  if (state === 'terminated') return undefined;
  const [validFrom, validTo] = [Date.parse(windows.valid.from), Date.parse(windows.valid.to)];
  const [claimFrom, claimTo] = [Date.parse(windows.claim.from), Date.parse(windows.claim.to)];
  if (now >= validTo) return { key: 'over', at: validTo };
  if (clock === 'submissions') return undefined;
  if (now < validFrom && validFrom >= claimFrom) return { key: 'validOpens', at: validFrom };
  if (now < claimFrom) return { key: 'claimOpens', at: claimFrom };
  if (now < claimTo) return { key: 'claimOpenUntil', at: claimTo };
  return { key: 'claimClosed', at: claimTo };
}
