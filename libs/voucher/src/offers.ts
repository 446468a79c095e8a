// Offers: free units that are set aside for those who wait, and taken back when they may no longer stand.
import { isWantedAndFree } from './counters.ts';
import { SLICE } from './decision.ts';
import { judgeTerminateNode } from './nodes.ts';
import type { Proceedings } from './proceedings.ts';
import type { EntryRecord, VoucherState } from './state.ts';
import { type Terms, termsOf, useTimesAt } from './terms.ts';
import { plus } from './time/duration.ts';
import { isOpen } from './window.ts';

/** The most events of a slice that ends with offers. It keeps room for the terminate node. */
const MOST = SLICE - 1;

/**
 * The end of an offer that is made at `at`, or undefined if none may be made.
 * @param now the time of the input that brings it about; nothing is offered that has lapsed already
 */
export function offerUntil(voucher: VoucherState, at: number, now: number): number | undefined {
  if (voucher.status !== 'published' || !voucher.enabled) return undefined;
  const terms = termsOf(voucher.definition.spec);
  const { waitingList, valid, claim, zone } = terms;
  if (!waitingList || !isOpen(valid, at) || !isOpen(claim, at) || !leavesTime(terms, waitingList, at)) return undefined;
  const until = Math.min(plus(now, waitingList.offerFor, zone), claim.to, valid.to);
  return until > now ? until : undefined;
}

/** Whether a unit that is claimed at `at` could be used, and for long enough. */
function leavesTime(terms: Terms, { minUse }: NonNullable<Terms['waitingList']>, at: number): boolean {
  const { useFrom, useUntil } = useTimesAt(terms, at);
  return at < useUntil && plus(Math.max(useFrom, at), minUse, terms.zone) <= useUntil;
}

/**
 * Offers free units to those who are next, as long as a unit is free and somebody waits. False: the slice is full.
 * @param at the time of the event from which they follow
 */
export function makeOffers(proceedings: Proceedings, at: number): boolean {
  if (!isWantedAndFree(proceedings.voucher)) return true;
  const until = offerUntil(proceedings.voucher, at, Math.max(proceedings.now, at));
  if (until === undefined) return true;
  while (isWantedAndFree(proceedings.voucher)) {
    if (proceedings.events.length >= MOST) return false;
    offerTo(proceedings, proceedings.next()!, at, until);
  }
  return true;
}

function offerTo(proceedings: Proceedings, entry: EntryRecord, at: number, until: number): void {
  const { userId } = entry;
  if (hasReachedLimit(proceedings, userId)) {
    const left = entryEnded(entry, 'left', at);
    const why = 'per-user-limit';
    proceedings.record({
      type: 'voucher.waiting-list-left.v1',
      at,
      userId,
      entry: left,
      entryBefore: 'waiting',
      why,
    });
  } else {
    const offered: EntryRecord = { ...entry, state: 'offered', offer: { at, until } };
    proceedings.record({ type: 'voucher.offered.v1', at, userId, entry: offered, entryBefore: 'waiting' });
  }
}

/**
 * The number of events that follow a slice with a verdict which is full of users who are taken off the list: the others
 * of them, the offer of the one unit that is free, and a termination with all that it takes back.
 */
export function eventsToCome(proceedings: Proceedings): number {
  const { voucher, events } = proceedings;
  const { counters, definition } = voucher;
  const left = proceedings.takenOff(events.at(-1)!.entry!, definition.spec.nodes.claim.perUser!);
  const offered = left < counters.waiting ? 1 : 0;
  const after = { ...counters, waiting: counters.waiting - left - offered, left: counters.left + left };
  after.offered += offered;
  const rest = proceedings.from({ ...voucher, counters: after });
  judgeTerminateNode(rest);
  return left + offered + rest.events.length + rest.toTakeBack;
}

function hasReachedLimit(proceedings: Proceedings, userId: string): boolean {
  const { perUser } = proceedings.voucher.definition.spec.nodes.claim;
  return perUser !== null && proceedings.claimsOf(userId) >= perUser;
}

/** Whether somebody else than this user waits who could be offered a unit now, if one were free. */
export function othersWait(proceedings: Proceedings, userId: string): boolean {
  const { voucher, at } = proceedings;
  if (voucher.counters.waiting === 0 || offerUntil(voucher, at, at) === undefined) return false;
  for (const entry of proceedings.line())
    if (entry.userId !== userId && !hasReachedLimit(proceedings, entry.userId)) return true;
  return false;
}

/** The entry after its offer has ended without a claim. It waits again, in its old place. */
export function withdrawn({ offer: _, ...entry }: EntryRecord): EntryRecord {
  return { ...entry, state: 'waiting' };
}

/** The entry after its end. */
export function entryEnded(
  { offer: _, ...entry }: EntryRecord,
  state: 'claimed' | 'lapsed' | 'left',
  endedAt: number,
): EntryRecord {
  return { ...entry, state, endedAt };
}
