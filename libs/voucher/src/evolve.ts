// Applies an event to a voucher's state. Deciding and replaying both use it.
import type { ClaimState, Definition, EntryState, EventType, RefusedKind } from '@vouchers/contracts';
import { withMoney, withReserved } from './amounts.ts';
import { isWantedAndFree, NO_COUNTS, revocableClaims, withRefusal } from './counters.ts';
import type { VoucherEvent } from './decision.ts';
import { retires } from './pool.ts';
import type { VoucherState } from './state.ts';

type Counts = VoucherState['counters'];

/** The counter of the claims in a state. */
const COLUMN = {
  held: 'held',
  locked: 'locked',
  redeemed: 'used',
  expired: 'expired',
  released: 'released',
  revoked: 'revoked',
} as const satisfies Record<ClaimState, keyof Counts>;

/** The counter of the entries in a state. */
const ENTRIES = {
  waiting: 'waiting',
  offered: 'offered',
  claimed: 'claimedFromOffer',
  lapsed: 'lapsed',
  left: 'left',
} as const satisfies Record<EntryState, keyof Counts>;

/** The event that makes a voucher. Its state is `evolve(undefined, event)`. */
export function firstEvent(definition: Definition, at: number): VoucherEvent {
  const { voucherId, version: voucherVersion } = definition;
  return { type: 'voucher.defined.v1', voucherId, voucherVersion, at, occurredAt: at, definition };
}

/**
 * The state after an event. `head.seq` does not change: the caller that numbers the events sets it. The returned
 * object and its `head` are new, so the caller may change them.
 */
export function evolve(voucher: VoucherState | undefined, event: VoucherEvent): VoucherState {
  const next = happened(voucher, event);
  next.head = { seq: next.head.seq, at: event.at };
  if (next.offering || event.entry) setOffering(next, event);
  if (event.submissionId !== undefined) next.lastVerdict = event.submissionId;
  if (event.at > next.time && movesTime(next, event.type)) next.time = event.at;
  return next;
}

function happened(voucher: VoucherState | undefined, event: VoucherEvent): VoucherState {
  const type: EventType = event.type;
  if (type === 'voucher.defined.v1') return defined(voucher, event.definition!);
  if (voucher === undefined) throw new Error(`${type} before voucher.defined.v1`);
  switch (type) {
    case 'voucher.enabled.v1':
      return { ...voucher, enabled: true };
    case 'voucher.terminated.v1':
      return terminated({ ...voucher });
    case 'voucher.pushed.v1':
      return { ...voucher, counters: { ...voucher.counters, pushed: voucher.counters.pushed + 1 } };
    case 'voucher.claimed.v1':
    case 'voucher.locked.v1':
    case 'voucher.unlocked.v1':
    case 'voucher.redeemed.v1':
    case 'voucher.redemption-rolled-back.v1':
    case 'voucher.claim-expired.v1':
    case 'voucher.claim-released.v1':
    case 'voucher.claim-revoked.v1':
    case 'voucher.claim-expiring.v1':
    case 'voucher.claim-extended.v1':
      return claimMoved(voucher, event);
    case 'voucher.waiting-list-joined.v1':
    case 'voucher.waiting-list-left.v1':
    case 'voucher.offered.v1':
    case 'voucher.offer-lapsed.v1':
    case 'voucher.offer-withdrawn.v1':
      return { ...voucher, counters: entryMoved({ ...voucher.counters }, event) };
    case 'voucher.claim-refused.v1':
    case 'voucher.lock-refused.v1':
    case 'voucher.unlock-refused.v1':
    case 'voucher.release-refused.v1':
    case 'voucher.revoke-refused.v1':
    case 'voucher.redemption-refused.v1':
    case 'voucher.rollback-refused.v1':
    case 'voucher.join-refused.v1':
    case 'voucher.leave-refused.v1':
    case 'voucher.extension-refused.v1':
      return { ...voucher, counters: withRefusal(voucher.counters, event.kind as RefusedKind, event.reason!) };
    case 'voucher.user-forgotten.v1':
      throw new Error(`${type} belongs to no voucher`);
    default:
      throw new Error(`unknown event ${type satisfies never}`);
  }
}

function defined(voucher: VoucherState | undefined, definition: Definition): VoucherState {
  if (voucher === undefined) {
    return {
      voucherId: definition.voucherId,
      definition,
      lastVersion: definition.version,
      status: definition.intent,
      enabled: false,
      revoking: false,
      time: 0,
      head: { seq: 0, at: 0 },
      counters: NO_COUNTS,
    };
  }
  if (voucher.status === 'terminated') return { ...voucher, lastVersion: definition.version };
  const time = startsAnew(voucher, definition) ? 0 : voucher.time;
  const next = { ...voucher, definition, lastVersion: definition.version, status: definition.intent, time };
  return next.status === 'terminated' ? terminated(next) : next;
}

/** A draft that goes by another clock from now on: the time of the one says nothing about the other. */
export function startsAnew({ status, definition: { spec } }: VoucherState, next: Definition): boolean {
  return status === 'draft' && spec.clock !== next.spec.clock;
}

function terminated(voucher: VoucherState): VoucherState {
  voucher.status = 'terminated';
  voucher.revoking = voucher.definition.spec.nodes.terminate.claims === 'revoke' && revocableClaims(voucher) > 0;
  return voucher;
}

function claimMoved(voucher: VoucherState, event: VoucherEvent): VoucherState {
  const counters = { ...voucher.counters };
  const after = event.claim!.state;
  if (event.before === undefined) counters.claimed += 1;
  else counters[COLUMN[event.before]] -= 1;
  counters[COLUMN[after]] += 1;
  const rollback = event.type === 'voucher.redemption-rolled-back.v1';
  if (event.type === 'voucher.redeemed.v1') {
    counters.redeemed += 1;
    counters.discounted = withMoney(counters.discounted, event.discount, 1);
  }
  if (rollback) {
    counters.redeemed -= 1;
    counters.rolledBack += 1;
    counters.discounted = withMoney(counters.discounted, event.redemption!.discount, -1);
  }
  moveReserved(counters, event);
  if (event.type === 'voucher.claim-extended.v1') counters.extended += 1;
  if (event.entry) entryMoved(counters, event);
  if (after !== event.before && retires(voucher.definition.spec.pool, after, rollback && !event.hold))
    counters.retired += 1;
  const next = { ...voucher, counters };
  if (next.revoking) next.revoking = revocableClaims(next) > 0;
  return next;
}

/** A lock of an order call reserves a use and its discount until an event ends the reservation. */
function moveReserved(counters: Counts, { type, claim, endedReservation }: VoucherEvent): void {
  if (endedReservation) counters.reserved = withReserved(counters.reserved, endedReservation, -1);
  const made = type === 'voucher.locked.v1' && claim!.lock!.reservation;
  if (made) counters.reserved = withReserved(counters.reserved, made, 1);
}

/** Moves an entry in these counters. */
function entryMoved(counters: Counts, { entry, entryBefore }: VoucherEvent): Counts {
  if (entryBefore === undefined) counters.joined += 1;
  else counters[ENTRIES[entryBefore]] -= 1;
  counters[ENTRIES[entry!.state]] += 1;
  return counters;
}

/**
 * Offers are made until no unit is free or nobody waits. If the last event is one of them, and a unit is free and
 * somebody waits, more follow.
 */
function setOffering(voucher: VoucherState, { type, submissionId }: VoucherEvent): void {
  const isOfOffers = type === 'voucher.offered.v1' || (type === 'voucher.waiting-list-left.v1' && !submissionId);
  if (isOfOffers && isWantedAndFree(voucher)) voucher.offering = true;
  else delete voucher.offering;
}

/** With `clock: "submissions"` a definition happens at the voucher's time as it stands. */
function movesTime(voucher: VoucherState, type: EventType): boolean {
  return type !== 'voucher.defined.v1' || voucher.definition.spec.clock === 'wall';
}
