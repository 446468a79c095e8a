// Changes that need no submission: claims unlock, give notice or expire, offers lapse or are withdrawn, and a
// termination revokes held claims.
import { hasOffersToWithdraw, liveClaims } from './counters.ts';
import { SLICE } from './decision.ts';
import { entryEnded, makeOffers, withdrawn } from './offers.ts';
import { ended } from './pool.ts';
import type { Proceedings } from './proceedings.ts';
import { endOverdue, unreserved } from './reservation.ts';
import { type ClaimRecord, dueAt, type EntryRecord, isRevocable } from './state.ts';

/** The events for which a slice keeps room: both nodes, the verdict, and the terminate node again. */
const ROOM = 4;

/** Something that may fall due: a claim, or an entry that is offered a unit. */
type Due = ClaimRecord | EntryRecord;
const NONE: readonly EntryRecord[] = [];

/** Whether the slice has room for what follows. */
export function hasRoom({ events }: Proceedings): boolean {
  return events.length <= SLICE - ROOM;
}

/** Makes all due changes in order of due time and id, each with its offers. False: the slice is full; more may be due. */
export function bringDue(proceedings: Proceedings): boolean {
  const isAnyHeld = liveClaims(proceedings.voucher) > 0;
  if (!isAnyHeld && proceedings.voucher.counters.offered === 0) return true;
  const claims = isAnyHeld ? proceedings.due() : [];
  const offers = proceedings.voucher.counters.offered > 0 ? proceedings.dueOffers() : NONE;
  if (claims.length === 0 && offers.length === 0) return true;
  const waiting: Due[] = offers.length === 0 ? [...claims] : [...claims, ...offers].sort(compare);
  // After the last of the given ones, others that were not given may come first.
  const last = [claims, offers].filter(({ length }) => length >= SLICE).map((full: readonly Due[]) => full.at(-1)!);
  for (let due = waiting[0], next = 1; due !== undefined; due = waiting[next++]) {
    if (proceedings.events.length >= SLICE - (isReserved(due) ? 1 : 0)) return false;
    const at = momentOf(due);
    if (at === undefined || at > proceedings.at) continue;
    if (last.some((one) => compare(due!, one) > 0)) return false;
    let after: Due = due;
    if (!proceedings.whole(() => makeOffersAfter(proceedings, (after = fallDue(proceedings, due!, at)), at)))
      return false;
    const again = momentOf(after);
    if (again !== undefined && again <= proceedings.at) insert(waiting, next, after);
  }
  return last.length === 0 && hasRoom(proceedings);
}

function makeOffersAfter(proceedings: Proceedings, due: Due, at: number): boolean {
  const isLive = 'claimId' in due && (due.state === 'held' || due.state === 'locked');
  return isLive || makeOffers(proceedings, at);
}

function momentOf(due: Due): number | undefined {
  if ('claimId' in due) return dueAt(due);
  return due.state === 'offered' ? due.offer!.until : undefined;
}

function fallDue(proceedings: Proceedings, due: Due, at: number): Due {
  const { userId } = due;
  if ('entryId' in due) {
    const entry = entryEnded(due, 'lapsed', at);
    proceedings.record({ type: 'voucher.offer-lapsed.v1', at, userId, entry, entryBefore: 'offered' });
    return entry;
  }
  const { state: before, lock } = due;
  if (lock !== undefined && lock.until <= at) return unlocked(proceedings, due, at);
  if (due.noticesAt !== undefined && due.noticesAt[0]! <= at) {
    const claim = noticed(due);
    proceedings.record({ type: 'voucher.claim-expiring.v1', at, userId, claim, before });
    return claim;
  }
  const claim = ended(due, 'expired');
  proceedings.record({ type: 'voucher.claim-expired.v1', at, userId, claim, before });
  return claim;
}

/** Ends a lock. The end of a reservation may end the claim at the same time, in an event of its own. */
function unlocked(proceedings: Proceedings, due: ClaimRecord, at: number): ClaimRecord {
  const { state: before, userId } = due;
  const endedReservation = due.lock!.reservation;
  const claim = unreserved(due, at);
  const event = { type: 'voucher.unlocked.v1', at, userId, claim, before } as const;
  if (endedReservation === undefined) proceedings.record(event);
  else proceedings.record({ ...event, endedReservation });
  return endedReservation === undefined ? claim : endOverdue(proceedings, claim, at);
}

const isReserved = (due: Due): boolean => 'claimId' in due && due.lock?.reservation !== undefined;

/** The claim after its first notice. */
function noticed({ noticesAt, ...claim }: ClaimRecord): ClaimRecord {
  return noticesAt!.length > 1 ? { ...claim, noticesAt: noticesAt!.slice(1) } : claim;
}

const idOf = (due: Due): string => ('claimId' in due ? due.claimId : due.entryId);

function compare(a: Due, b: Due): number {
  return momentOf(a)! - momentOf(b)! || (idOf(a) < idOf(b) ? -1 : idOf(a) > idOf(b) ? 1 : 0);
}

/** Inserts into the waiting ones from index `start` on, which stay in order. */
function insert(waiting: Due[], start: number, due: Due): void {
  let low = start;
  let high = waiting.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(waiting[middle]!, due) < 0) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, due);
}

/**
 * Revokes held and locked claims of a voucher that is terminated with `revoke`, and then withdraws offers that may no
 * longer stand. False: more remain than fit the slice.
 */
export function takeBack(proceedings: Proceedings): boolean {
  for (const claim of proceedings.voucher.revoking ? proceedings.live() : []) {
    if (proceedings.events.length >= SLICE) return false;
    if (!isRevocable(claim)) continue;
    const revoked = ended(claim, 'revoked');
    proceedings.record({ type: 'voucher.claim-revoked.v1', userId: claim.userId, claim: revoked, before: claim.state });
  }
  if (proceedings.voucher.revoking) return false;
  for (const entry of hasOffersToWithdraw(proceedings.voucher) ? proceedings.offered() : []) {
    // The terminate node is judged after them.
    if (proceedings.events.length >= SLICE - 1) return false;
    proceedings.record({
      type: 'voucher.offer-withdrawn.v1',
      userId: entry.userId,
      entry: withdrawn(entry),
      entryBefore: 'offered',
    });
  }
  return !hasOffersToWithdraw(proceedings.voucher);
}
