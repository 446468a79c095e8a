import type { Claim, EventRow } from '@vouchers/contracts';

export const KINDS = ['all', 'claims', 'uses', 'refusals'] as const;
export type Kind = (typeof KINDS)[number];

/** Whether an event belongs to a part of a user's activity. */
export function ofKind({ type, data }: EventRow, kind: Kind): boolean {
  const isRefusal = data.reason !== undefined;
  const isUse = type === 'voucher.redeemed.v1' || type === 'voucher.redemption-rolled-back.v1';
  switch (kind) {
    case 'all':
      return true;
    case 'refusals':
      return isRefusal;
    case 'uses':
      return isUse;
    case 'claims':
      return !isRefusal && !isUse;
  }
}

/** The claims as their newest events leave them, the newest claim first. @param events newest first */
export function claimsIn(events: readonly EventRow[]): Claim[] {
  const claims = new Map<string, Claim>();
  for (const { data } of events) if (data.claim && !claims.has(data.claim.id)) claims.set(data.claim.id, data.claim);
  return [...claims.values()].sort((a, b) => b.heldAt.localeCompare(a.heldAt));
}
