// The states of a voucher, a claim and a redemption as plain JSON. Times are Unix milliseconds.
import type { ClaimState, CounterValues, Definition, Discount, EntryState, Facts, Order } from '@vouchers/contracts';
import type { Money } from './amounts.ts';

/** The state of a voucher. Its size does not depend on the number of users. */
export interface VoucherState {
  voucherId: string;
  /** The version in force. It does not change after termination, even if later versions arrive. */
  definition: Definition;
  /** The newest version that was decided (≥ definition.version). */
  lastVersion: number;
  status: 'draft' | 'published' | 'paused' | 'terminated';
  /** Whether the enable node has turned. A published voucher then has the status `enabled`. */
  enabled: boolean;
  /** True while a termination revokes the held and locked claims. Nothing else is decided before it is done. */
  revoking: boolean;
  /** True while a slice has ended amid the offers that follow from one event. Absent otherwise. */
  offering?: true;
  /** The voucher's time. It never goes back. It is 0 before the first input that moves it. */
  time: number;
  /** The submission that was decided last. Its verdict is final while the slices that follow from it are written. */
  lastVerdict?: string;
  /** The last event's seq within the partition, and its `at`. */
  head: { seq: number; at: number };
  /** The stored counters. `freeUnits` computes `free` from them. */
  counters: Omit<CounterValues, 'free'>;
}

export interface ClaimRecord {
  claimId: string;
  voucherId: string;
  voucherVersion: number;
  userId: string;
  state: ClaimState;
  uses: number;
  heldAt: number;
  useFrom: number;
  useUntil: number;
  lock?: { orderId: string; until: number; reservation?: Reservation };
  /** How a `redeemed` claim ended. It can be held again only if it was ended by its uses. */
  endedBy?: 'uses' | 'expiry' | 'release' | 'revocation';
  /** The attributes that were kept when it was granted. They are flat: `{"user.tier": "gold"}`. */
  facts: Facts;
  /** The times, in order, at which an event is still to say that it expires soon. Absent if there are none. */
  noticesAt?: readonly number[];
  /** How often its end was moved. Absent if it never was and the voucher had no extension when it was granted. */
  extensions?: number;
}

/** The use that the lock of an order call keeps for it. Until the lock ends, the claim does not expire and is not revoked. */
export interface Reservation {
  /** The id of the call. */
  orderCall: string;
  /** Absent if the benefit takes no money off. */
  discount?: Money;
  /** The end of the lock that the same order had before. It stands again if the reservation ends without a use. */
  lockUntil?: number;
}

/** Whether a termination with `revoke` takes the claim back. A reserved one waits for the end of its lock. */
export function isRevocable({ state, lock }: ClaimRecord): boolean {
  return state === 'held' || (state === 'locked' && lock!.reservation === undefined);
}

/** One user's entry on the waiting list of a voucher. It is live while it is `waiting` or `offered`. */
export interface EntryRecord {
  entryId: string;
  voucherId: string;
  /** The version in force when its user joined. */
  voucherVersion: number;
  userId: string;
  state: EntryState;
  rank: number;
  /** The number of its joining: the voucher's `joined` after it. Of equal ranks the lowest is next. */
  number: number;
  joinedAt: number;
  offer?: { at: number; until: number };
  endedAt?: number;
}

export interface RedemptionRecord {
  redemptionId: string;
  claimId: string;
  voucherId: string;
  userId: string;
  order: Order;
  at: number;
  rolledBackAt?: number;
  /** Absent if the benefit takes no money off, or if an earlier release recorded it. */
  discount?: Discount;
}

/** The time at which a claim unlocks, gives notice or expires. Undefined if it has ended. */
export function dueAt(claim: ClaimRecord): number | undefined {
  if (claim.state !== 'locked' && claim.state !== 'held') return undefined;
  const ends = claim.state === 'locked' ? lockEnd(claim) : claim.useUntil;
  return claim.noticesAt === undefined ? ends : Math.min(claim.noticesAt[0]!, ends);
}

function lockEnd({ lock, useUntil }: ClaimRecord): number {
  return lock!.reservation === undefined ? Math.min(lock!.until, useUntil) : lock!.until;
}

/** Whether an entry comes before another on the waiting list. */
export function isAhead(one: EntryRecord, other: EntryRecord): boolean {
  return one.rank > other.rank || (one.rank === other.rank && one.number < other.number);
}
