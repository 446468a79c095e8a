// The records of one world, all of them in memory. What is due, and who is next, is found by heaps.
import { SLICE, type VoucherEvent } from '../decision.ts';
import { type Knowledge, takenOffOf, type TakenOff, type UserRecord } from '../knowledge.ts';
import { type ClaimRecord, dueAt, type EntryRecord, isAhead, isRevocable, type RedemptionRecord } from '../state.ts';
import type { WorldRecords } from './question.ts';

const NEW_USER: UserRecord = Object.freeze({ pushed: false, claims: 0 });

export class MemoryRecords implements WorldRecords, Knowledge {
  readonly #claims = new Map<string, ClaimRecord>();
  readonly #redemptions = new Map<string, RedemptionRecord>();
  readonly #users = new Map<string, UserRecord>();
  /** The entries that wait or are offered a unit, by user. */
  readonly #entries = new Map<string, EntryRecord>();
  readonly #due = new Heap<ClaimRecord>(
    (a, b) => dueAt(a)! - dueAt(b)! || order(a.claimId, b.claimId),
    (claim) => this.#claims.get(claim.claimId) === claim,
  );
  readonly #dueOffers = new Heap<EntryRecord>(
    (a, b) => a.offer!.until - b.offer!.until || order(a.entryId, b.entryId),
    (entry) => this.#entries.get(entry.userId) === entry,
  );
  readonly #waiting = new Heap<EntryRecord>(
    (a, b) => (isAhead(a, b) ? -1 : 1),
    (entry) => this.#entries.get(entry.userId) === entry,
  );
  /** The ids of the claims that are revoked one after the other, and the place of the next. */
  #revoking: { ids: string[]; next: number } | undefined;

  get knowledge(): Knowledge {
    return this;
  }

  load(): undefined {
    return undefined;
  }

  settle(): undefined {
    return undefined;
  }

  claim(claimId: string): ClaimRecord | null {
    return this.#claims.get(claimId) ?? null;
  }

  redemption(redemptionId: string): RedemptionRecord | null {
    return this.#redemptions.get(redemptionId) ?? null;
  }

  user(userId: string): UserRecord {
    return this.#users.get(userId) ?? NEW_USER;
  }

  knowsUser(): boolean {
    return true;
  }

  due(time: number): ClaimRecord[] {
    return this.#due.first(SLICE, (claim) => dueAt(claim)! <= time);
  }

  dueOffers(time: number): EntryRecord[] {
    return this.#dueOffers.first(SLICE, (entry) => entry.offer!.until <= time);
  }

  nextDue(): number | null {
    const [claim] = this.#due.first(1);
    const [entry] = this.#dueOffers.first(1);
    const next = Math.min(claim ? dueAt(claim)! : Infinity, entry ? entry.offer!.until : Infinity);
    return next === Infinity ? null : next;
  }

  live(): ClaimRecord[] {
    if (!this.#revoking) {
      const live = [...this.#claims.values()].filter(isRevocable);
      this.#revoking = { ids: live.map(({ claimId }) => claimId).sort(), next: 0 };
    }
    const found: ClaimRecord[] = [];
    const { ids } = this.#revoking;
    for (let at = this.#revoking.next; at < ids.length && found.length < SLICE; at += 1) {
      const claim = this.#claims.get(ids[at]!)!;
      if (isRevocable(claim)) found.push(claim);
      else if (found.length === 0) this.#revoking.next = at + 1;
    }
    return found;
  }

  entryOf(userId: string): EntryRecord | null {
    return this.#entries.get(userId) ?? null;
  }

  waiting(count: number): EntryRecord[] {
    return this.#waiting.first(count);
  }

  offered(): EntryRecord[] {
    const offered = [...this.#entries.values()].filter(({ state }) => state === 'offered');
    return offered.sort((a, b) => order(a.entryId, b.entryId)).slice(0, SLICE);
  }

  takenOff(asked: TakenOff): number {
    return takenOffOf(this.waiting(Infinity), asked, (userId) => this.user(userId).claims);
  }

  take(events: readonly VoucherEvent[]): void {
    for (const event of events) if (event.reason === undefined) this.#take(event);
  }

  #take(event: VoucherEvent): void {
    const { type, userId, claim, before, redemption, entry } = event;
    if (type !== 'voucher.claim-revoked.v1') this.#revoking = undefined;
    if (type === 'voucher.pushed.v1') this.#users.set(userId!, { ...this.user(userId!), pushed: true });
    if (entry) this.#setEntry(entry);
    if (redemption) {
      const known = this.#redemptions.get(redemption.redemptionId);
      // A roll back that an earlier release recorded does not say the discount.
      this.#redemptions.set(redemption.redemptionId, { ...known, ...redemption });
    }
    if (!claim) return;
    const more = type === 'voucher.claimed.v1' ? 1 : claim.state === 'released' && before !== 'released' ? -1 : 0;
    if (more !== 0) {
      const user = this.user(claim.userId);
      this.#users.set(claim.userId, { ...user, claims: user.claims + more });
    }
    this.#claims.set(claim.claimId, claim);
    if (dueAt(claim) !== undefined) this.#due.add(claim);
  }

  #setEntry(entry: EntryRecord): void {
    if (entry.state === 'waiting' || entry.state === 'offered') this.#entries.set(entry.userId, entry);
    else this.#entries.delete(entry.userId);
    if (entry.state === 'waiting') this.#waiting.add(entry);
    else if (entry.state === 'offered') this.#dueOffers.add(entry);
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The least size at which stale items are looked for. */
const SMALL = 1_024;

/** Items in order. An item that changed meanwhile is stale: it is skipped, and dropped when it comes to the front. */
class Heap<T> {
  #items: T[] = [];
  /** The size after the last cleaning. */
  #clean = SMALL;
  readonly #compare: (a: T, b: T) => number;
  readonly #isFresh: (item: T) => boolean;

  constructor(compare: (a: T, b: T) => number, isFresh: (item: T) => boolean) {
    this.#compare = compare;
    this.#isFresh = isFresh;
  }

  add(item: T): void {
    if (this.#items.length >= 2 * this.#clean) {
      const fresh = this.#items.filter((one) => this.#isFresh(one)).sort(this.#compare);
      this.#items = fresh;
      this.#clean = Math.max(SMALL, fresh.length);
    }
    this.#push(item);
  }

  /** The first items, at most `count`, as long as `holds`. */
  first(count: number, holds: (item: T) => boolean = () => true): T[] {
    const found: T[] = [];
    while (found.length < count && this.#items.length > 0) {
      const item = this.#items[0]!;
      const isFresh = this.#isFresh(item);
      if (isFresh && !holds(item)) break;
      this.#pop();
      if (isFresh && item !== found.at(-1)) found.push(item);
    }
    for (const item of found) this.#push(item);
    return found;
  }

  #push(item: T): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const above = (at - 1) >>> 1;
      if (this.#compare(items[above]!, item) <= 0) break;
      items[at] = items[above]!;
      at = above;
    }
    items[at] = item;
  }

  #pop(): void {
    const items = this.#items;
    const last = items.pop()!;
    if (items.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && this.#compare(items[below + 1]!, items[below]!) < 0) below += 1;
      if (this.#compare(last, items[below]!) <= 0) break;
      items[at] = items[below]!;
      at = below;
    }
    items[at] = last;
  }
}
