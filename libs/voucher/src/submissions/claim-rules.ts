// The rules that a claim's own state sets to whatever is asked of it.
import type { ClaimState, Reason } from '@vouchers/contracts';
import type { AskedOfVoucher } from '../life.ts';
import type { Rule } from '../rules.ts';
import type { ClaimRecord } from '../state.ts';
import { rfc3339 } from '../time/rfc3339.ts';
import { isOpen, opening } from '../window.ts';

export interface AskedOfClaim extends AskedOfVoucher {
  claim: ClaimRecord;
}
export interface AskedForOrder extends AskedOfClaim {
  orderId: string;
}

const not = (state: ClaimState, check: Reason): Rule<AskedOfClaim> => ({
  check,
  holds: ({ claim }) => claim.state !== state,
});

/** By the claim's state. */
export const HAS_NOT_ENDED: Rule<AskedOfClaim>[] = [
  { ...not('expired', 'claim-expired'), why: ({ claim }) => `expired at ${rfc3339(claim.useUntil)}` },
  not('released', 'claim-released'),
  not('revoked', 'claim-revoked'),
  not('redeemed', 'already-redeemed'),
];

export const NOT_LOCKED_BY_OTHER_ORDER: Rule<AskedForOrder> = {
  check: 'locked-by-other-order',
  holds: ({ claim, orderId }) => claim.lock === undefined || claim.lock.orderId === orderId,
  why: ({ claim }) => claim.lock && `locked until ${rfc3339(claim.lock.until)}`,
};

/** From `useFrom` until `useUntil`, and within the hours of the use window. */
export const WITHIN_USE_WINDOW: Rule<AskedOfClaim> = {
  check: 'outside-use-window',
  holds: (asked) => isOpen(useWindow(asked), asked.at),
  why: (asked) => opening(useWindow(asked), asked.at),
};

function useWindow({ claim, terms }: AskedOfClaim): Parameters<typeof isOpen>[0] {
  return { from: claim.useFrom, to: claim.useUntil, hours: terms.useHours };
}
