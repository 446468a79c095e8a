import type { Voucher } from '@vouchers/contracts';

/** What time makes of a voucher: the next or last edge of its windows. */
export interface TimeEdge {
  key: 'validOpens' | 'claimOpens' | 'claimOpenUntil' | 'claimClosed' | 'over';
  /** Milliseconds. */
  at: number;
}

/** The edge worth telling at `now`; nothing for a terminated voucher, or one that lives in its submissions' time. */
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
