import type { CounterValues, RefusedKind, VoucherStatus } from '@vouchers/contracts';
import type { VoucherState } from './state.ts';

type Counts = VoucherState['counters'];

export const NO_COUNTS: Counts = {
  pushed: 0,
  claimed: 0,
  redeemed: 0,
  rolledBack: 0,
  held: 0,
  locked: 0,
  used: 0,
  expired: 0,
  released: 0,
  revoked: 0,
  retired: 0,
  offered: 0,
  waiting: 0,
  joined: 0,
  claimedFromOffer: 0,
  lapsed: 0,
  left: 0,
  extended: 0,
  discounted: {},
  reserved: { uses: 0, discount: {} },
  refused: {},
};

/** Units that are not free: a user has them, or they are used or retired. */
export function unitsGone({ offered, held, locked, used, retired }: Counts): number {
  return offered + held + locked + used + retired;
}

/** The claim quantity in force, or null if there is none. Lowering the quantity takes no unit from a user. */
export function claimQuantity(voucher: VoucherState): number | null {
  const configured = voucher.definition.spec.quantities.claim;
  return configured === null ? null : Math.max(configured, unitsGone(voucher.counters));
}

/** The number of free units, or null if there is no claim quantity. */
export function freeUnits(voucher: VoucherState): number | null {
  const quantity = claimQuantity(voucher);
  return quantity === null ? null : quantity - unitsGone(voucher.counters);
}

export function countersOf(voucher: VoucherState): CounterValues {
  return { ...voucher.counters, free: freeUnits(voucher) };
}

/** A voucher's status, with the result of its enable node. */
export function statusOf(voucher: VoucherState): VoucherStatus {
  return voucher.status === 'published' && voucher.enabled ? 'enabled' : voucher.status;
}

/** The number of held or locked claims. Only these can fall due. */
export function liveClaims(voucher: VoucherState): number {
  return voucher.counters.held + voucher.counters.locked;
}

/** The number of claims that a termination with `revoke` takes back. A reserved claim waits for the end of its lock. */
export function revocableClaims(voucher: VoucherState): number {
  return liveClaims(voucher) - voucher.counters.reserved.uses;
}

/** The number of entries on the waiting list: those that wait and those that are offered a unit. */
export function liveEntries({ counters }: VoucherState): number {
  return counters.waiting + counters.offered;
}

/** Whether a unit is free and somebody waits. */
export function isWantedAndFree(voucher: VoucherState): boolean {
  return voucher.counters.waiting > 0 && (freeUnits(voucher) ?? 0) > 0;
}

/** Whether offers stand that the voucher no longer allows. They are withdrawn before anything else is decided. */
export function hasOffersToWithdraw({ status, counters, definition }: VoucherState): boolean {
  return counters.offered > 0 && (status !== 'published' || !definition.spec.waitingList);
}

/** Whether the record that was decided last has more events than fit its slice. Only that record may follow. */
export function isUnfinished(voucher: VoucherState): boolean {
  return voucher.revoking || voucher.offering === true || hasOffersToWithdraw(voucher);
}

/** The counters after one more refusal. */
export function withRefusal(counts: Counts, kind: RefusedKind, reason: string): Counts {
  const reasons = counts.refused[kind];
  const times = reasons && Object.hasOwn(reasons, reason) ? reasons[reason]! : 0;
  return { ...counts, refused: { ...counts.refused, [kind]: { ...reasons, [reason]: times + 1 } } };
}
