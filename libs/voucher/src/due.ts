// Changes that need no submission: claims unlock or expire, and a termination revokes held claims.
import { liveClaims } from './counters.ts';
import { SLICE } from './decision.ts';
import { ended } from './pool.ts';
import type { Proceedings } from './proceedings.ts';
import { type ClaimRecord, dueAt } from './state.ts';

/** The events for which a slice keeps room: both nodes, the verdict, and the terminate node again. */
const ROOM = 4;

/** Changes all due claims in order of due time and claim id. False: the slice is full, and more may be due. */
export function bringDue(proceedings: Proceedings): boolean {
  if (liveClaims(proceedings.voucher) === 0) return true;
  const due = proceedings.due();
  if (due.length === 0) return true;
  const waiting = [...due];
  const complete = waiting.length < SLICE;
  const last = waiting.at(-1);
  for (let claim = waiting[0], next = 1; claim !== undefined; claim = waiting[next++]) {
    if (proceedings.events.length >= SLICE) return false;
    const at = dueAt(claim);
    if (at === undefined || at > proceedings.at) continue;
    // After the last of the given claims, claims that were not given may come first.
    if (!complete && compare(claim, last!) > 0) return false;
    const after = fallDue(proceedings, claim, at);
    const again = dueAt(after);
    if (again !== undefined && again <= proceedings.at) insert(waiting, next, after);
  }
  return complete && proceedings.events.length <= SLICE - ROOM;
}

function fallDue(proceedings: Proceedings, claim: ClaimRecord, at: number): ClaimRecord {
  const { state: before, userId } = claim;
  if (before === 'locked') {
    const { lock: _, ...rest } = claim;
    const held: ClaimRecord = { ...rest, state: 'held' };
    proceedings.record({ type: 'voucher.unlocked.v1', at, userId, claim: held, before });
    return held;
  }
  const expired = ended(claim, 'expired');
  proceedings.record({ type: 'voucher.claim-expired.v1', at, userId, claim: expired, before });
  return expired;
}

function compare(a: ClaimRecord, b: ClaimRecord): number {
  return dueAt(a)! - dueAt(b)! || (a.claimId < b.claimId ? -1 : a.claimId > b.claimId ? 1 : 0);
}

/** Inserts a claim into the waiting ones from index `start` on, which stay in order. */
function insert(waiting: ClaimRecord[], start: number, claim: ClaimRecord): void {
  let low = start;
  let high = waiting.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(waiting[middle]!, claim) < 0) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, claim);
}

/**
 * Revokes held and locked claims of a voucher that is terminated with `revoke`. False: more remain than fit the slice.
 */
export function revokeLive(proceedings: Proceedings): boolean {
  for (const claim of proceedings.voucher.revoking ? proceedings.live() : []) {
    if (proceedings.events.length >= SLICE) break;
    const revoked = ended(claim, 'revoked');
    proceedings.record({ type: 'voucher.claim-revoked.v1', userId: claim.userId, claim: revoked, before: claim.state });
  }
  return !proceedings.voucher.revoking && proceedings.events.length <= SLICE - ROOM;
}
