// Rules that depend on a claim's own state. Several kinds of submissions use them.
import type { ClaimState, Reason } from '@vouchers/contracts';
import type { VoucherContext } from '../life.ts';
import { judgeBy, type Judge, type Rule } from '../rules.ts';
import type { ClaimRecord } from '../state.ts';
import { rfc3339 } from '../time/rfc3339.ts';
import { isOpen, opening } from '../window.ts';

export interface ClaimContext extends VoucherContext {
  claim: ClaimRecord;
}
export interface OrderContext extends ClaimContext {
  orderId: string;
  /** The order call that asks. Absent if none does. */
  orderCall?: string;
}

const not = (state: ClaimState, check: Reason): Rule<ClaimContext> => ({
  check,
  holds: ({ claim }) => claim.state !== state,
});

export const HAS_NOT_ENDED: Rule<ClaimContext>[] = [
  { ...not('expired', 'claim-expired'), why: ({ claim }) => `expired at ${rfc3339(claim.useUntil)}` },
  not('released', 'claim-released'),
  not('revoked', 'claim-revoked'),
  not('redeemed', 'already-redeemed'),
];

export const NOT_LOCKED_BY_OTHER_ORDER: Rule<OrderContext> = {
  check: 'locked-by-other-order',
  holds: ({ claim: { lock }, orderId, orderCall }) =>
    lock === undefined ||
    // A call knows its own lock even if the order's id has become a hash, because its user was forgotten.
    (lock.reservation ? lock.reservation.orderCall === orderCall : lock.orderId === orderId),
  why: ({ claim }) => claim.lock && `locked until ${rfc3339(claim.lock.until)}`,
};

/** Holds unless an order call has reserved the claim. Then it belongs to that call alone. */
const NOT_RESERVED: Rule<ClaimContext> = {
  check: 'locked-by-other-order',
  holds: ({ claim }) => claim.lock?.reservation === undefined,
  why: ({ claim }) => `locked until ${rfc3339(claim.lock!.until)}`,
};
const judgeReserved = judgeBy<ClaimContext>([...HAS_NOT_ENDED, NOT_RESERVED]);

/** The same judge, but a claim that is reserved is refused. Claims that are not reserved have the checks that they had. */
export const unlessReserved =
  (judge: Judge<ClaimContext>): Judge<ClaimContext> =>
  (context) =>
    (context.claim.lock?.reservation === undefined ? judge : judgeReserved)(context);

/** Holds from `useFrom` until `useUntil`, within the hours of the use window. */
export const WITHIN_USE_WINDOW: Rule<ClaimContext> = {
  check: 'outside-use-window',
  holds: (context) => isOpen(useWindow(context), context.at),
  why: (context) => opening(useWindow(context), context.at),
};

function useWindow({ claim, terms }: ClaimContext): Parameters<typeof isOpen>[0] {
  return { from: claim.useFrom, to: claim.useUntil, hours: terms.useHours };
}
