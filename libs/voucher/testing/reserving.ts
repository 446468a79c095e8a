// The model's reservations: a lock of an order call that keeps a use and its discount.
import type { Order, Reason, Submission, SubmissionOf } from '@vouchers/contracts';
import { holds } from './conditions.ts';
import { countersOf, mayUse, sightOf, usesOtherCurrency, type Life, type ModelClaim, type ModelMoney } from './life.ts';

/** With `clock: "submissions"` a reservation stands until its call ends it. */
const NEVER = Date.parse('9999-12-31T23:59:59.999Z');

type Use = Pick<SubmissionOf<'lock'>, 'order' | 'discount' | 'attributes' | 'matchesGoods' | 'orderCall'>;

const takesMoney = (life: Life): boolean =>
  ['amount-off', 'percent-off'].includes(life.inForce!.spec.benefit?.type ?? 'none');

/** Whether it has a whole order and, where it must, a discount from 0 to the order's amount in its currency. */
export function isPriced(life: Life, { order, discount, orderCall }: Use): boolean {
  const { combine, quantities } = life.inForce!.spec;
  const must = takesMoney(life) && (combine || quantities.budget || orderCall);
  if (!discount) return !must;
  if (!order || discount.currency !== order.currency) return false;
  return Number.isInteger(discount.amount) && discount.amount >= 0 && discount.amount <= order.amount;
}

const isSame = (one: ModelMoney | undefined, other: ModelMoney | undefined): boolean =>
  one?.amount === other?.amount && one?.currency === other?.currency;

/** Whether the claim is reserved for this very use. */
export function isKept({ lock }: ModelClaim, { orderCall, discount }: Use): boolean {
  return lock?.reserved !== undefined && lock.reserved.call === orderCall && isSame(lock.reserved.discount, discount);
}

/** Whether the lock of the claim stands against this order and call. */
export function isOthers({ lock }: ModelClaim, orderId: string, orderCall: string | undefined): boolean {
  if (!lock) return false;
  return lock.reserved ? lock.reserved.call !== orderCall : lock.orderId !== orderId;
}

/** The checks of a use after those of the claim's state and lock. A reservation of the same call does not count. */
export function useRefusal(life: Life, claim: ModelClaim, use: Use & { order: Order }, t: number): Reason | undefined {
  const { nodes, quantities, combine } = life.inForce!.spec;
  const { order, attributes, matchesGoods, discount, orderCall } = use;
  const { budget } = quantities;
  if (!mayUse(life, claim, t)) return 'outside-use-window';
  if (nodes.use.perClaim !== null && claim.uses >= nodes.use.perClaim) return 'already-redeemed';
  if (discount || orderCall || combine || budget) {
    if (combine && !orderCall) return 'order-required';
    if (usesOtherCurrency(life, order.currency)) return 'currency-mismatch';
    if (orderCall && takesMoney(life) && discount!.amount === 0) return 'no-effect';
  }
  const sight = {
    ...sightOf(life, t),
    user: { ...(attributes ?? claim.facts), id: claim.userId },
    order: { items: [], ...order, matchesGoods },
    claim: { heldAt: claim.heldAt, uses: claim.uses },
  };
  if (!holds(nodes.use.when, sight)) return 'use-rule';
  const others = { ...life, claims: life.claims.filter(({ id }) => id !== claim.id) };
  const { redeemed, discounted } = countersOf(life);
  const { reserved } = countersOf(others);
  if (quantities.redeem !== null && redeemed + reserved.uses >= quantities.redeem) return 'redeem-quantity-reached';
  if (!budget) return undefined;
  const spent = (discounted[budget.currency] ?? 0) + (reserved.discount[budget.currency] ?? 0);
  return spent + (discount?.amount ?? 0) > budget.amount ? 'budget-reached' : undefined;
}

/** Locks the claim for an order call. */
export function reserve(
  life: Life,
  claim: ModelClaim,
  { orderId, ttlSeconds, orderCall, discount }: SubmissionOf<'lock'>,
  t: number,
): void {
  const { lock } = claim;
  const lockUntil = lock?.reserved ? lock.reserved.lockUntil : lock?.until;
  const until = life.inForce!.spec.clock === 'submissions' ? NEVER : t + ttlSeconds * 1000;
  const money = discount && { amount: discount.amount, currency: discount.currency };
  claim.state = 'locked';
  claim.lock = { orderId, until, reserved: { call: orderCall!, discount: money, lockUntil } };
}

/** Ends a lock without a use. A lock that the order had before its reservation stands again. */
export function unlock(claim: ModelClaim, t: number): void {
  const { orderId, reserved } = claim.lock!;
  delete claim.lock;
  claim.state = 'held';
  if (reserved?.lockUntil === undefined || reserved.lockUntil <= t) return;
  claim.state = 'locked';
  claim.lock = { orderId, until: reserved.lockUntil };
}

export type TakenOff = ModelMoney & { version: number };

/** The discount that a granted submission says. */
export function takenOff(submission: Submission): TakenOff | undefined {
  const isUse = submission.kind === 'redemption' || (submission.kind === 'lock' && submission.orderCall !== undefined);
  if (!isUse || !submission.discount) return undefined;
  const { amount, currency, version } = submission.discount;
  return { amount, currency, version };
}
