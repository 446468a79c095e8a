// The live entries of a voucher in memory. Who is next is known without a query each: the first who wait are here,
// complete up to a horizon, and so are the offers that lapse first. Memory is limited; the rest is loaded when needed.
import { type EntryRecord, isAhead, SLICE } from '@vouchers/voucher';
import { Dues } from './dues.ts';
import { Recent } from './recent.ts';

/** The waiting entries that are loaded at once, besides those that unwritten batches change. */
export const WAITING_LOADED = 2 * SLICE;
const WAITING_KEPT = 2 * WAITING_LOADED;
/** The users that are remembered whose entry was looked up. */
const RECENT_USERS = 2_000;

class Offers extends Dues<EntryRecord> {
  protected dueOf({ offer }: EntryRecord): number | undefined {
    return offer?.until;
  }

  protected idOf({ entryId }: EntryRecord): string {
    return entryId;
  }
}

export class WaitingList {
  /** The first who wait, in order. */
  private line: EntryRecord[] = [];
  /** All who wait and are ahead of this entry are in `line`. Null: all who wait are. */
  private horizon: Pick<EntryRecord, 'rank' | 'number'> | null;
  readonly offers: Offers;
  /** The entries in `line`, and offers, by user. */
  private readonly byUser = new Map<string, EntryRecord>();
  private readonly recent = new Recent<EntryRecord | null>(RECENT_USERS);
  /** Entries with an offer by id while offers are withdrawn. `complete`: Postgres has no others. */
  private withdrawable: { entries: Map<string, EntryRecord>; complete: boolean } | undefined;

  /** @param isEmpty true if the voucher has no live entries, so that all are known */
  constructor(isEmpty: boolean) {
    this.horizon = isEmpty ? null : { rank: Infinity, number: 0 };
    this.offers = new Offers(isEmpty ? null : -Infinity);
  }

  /** Undefined if the user may have an entry in Postgres. */
  entryOf(userId: string): EntryRecord | null | undefined {
    const known = this.byUser.get(userId) ?? this.recent.get(userId);
    if (known !== undefined) return known;
    return this.horizon === null && this.offers.isComplete ? null : undefined;
  }

  /** All who wait, or at least the first `count`. Undefined if they must be loaded. */
  waiting(count: number): readonly EntryRecord[] | undefined {
    return this.horizon === null || this.line.length >= count ? this.line : undefined;
  }

  offered(): EntryRecord[] | undefined {
    const { withdrawable } = this;
    if (!withdrawable || (withdrawable.entries.size < SLICE && !withdrawable.complete)) return undefined;
    return [...withdrawable.entries.values().take(SLICE)];
  }

  /** Takes the new state of an entry. */
  update(entry: EntryRecord): void {
    const { userId, state } = entry;
    this.take(entry);
    this.offers.update(entry);
    if (state === 'waiting') this.put(entry);
    if (state === 'offered') this.withdrawable?.entries.set(entry.entryId, entry);
    else this.withdrawable?.entries.delete(entry.entryId);
    const isLive = state === 'waiting' || state === 'offered';
    if (isLive && (this.offers.get(entry.entryId) || this.line[this.place(entry)] === entry)) {
      this.byUser.set(userId, entry);
    } else {
      this.byUser.delete(userId);
    }
    this.recent.set(userId, isLive ? entry : null);
  }

  /** Remembers a user's entry that was looked up. */
  learn(userId: string, entry: EntryRecord | null): void {
    this.recent.set(userId, entry);
  }

  /** Starts again from the first who wait. @param last the last of them if Postgres may have more */
  refillLine(entries: EntryRecord[], last: EntryRecord | undefined): void {
    for (const { userId, entryId } of this.line) if (!this.offers.get(entryId)) this.byUser.delete(userId);
    this.horizon = last ?? null;
    this.line = entries.filter((entry) => !last || isAhead(entry, last)).sort((a, b) => (isAhead(a, b) ? -1 : 1));
    for (const entry of this.line) this.byUser.set(entry.userId, entry);
  }

  /** Starts again from the offers that lapse first. */
  refillOffers(entries: EntryRecord[], last: EntryRecord | undefined): void {
    this.offers.refill(entries, last);
    for (const entry of entries) if (this.offers.get(entry.entryId)) this.byUser.set(entry.userId, entry);
  }

  /** @param last the id of the last entry that was loaded if Postgres may have more */
  refillOffered(entries: EntryRecord[], last: string | undefined): void {
    const sorted = entries
      .filter(({ state, entryId }) => state === 'offered' && (last === undefined || entryId < last))
      .sort((a, b) => (a.entryId < b.entryId ? -1 : 1));
    const loaded = new Map(sorted.map((entry) => [entry.entryId, entry]));
    this.withdrawable = { entries: loaded, complete: last === undefined };
  }

  /** Call it when no offers are withdrawn. */
  keepOffers(): void {
    this.withdrawable = undefined;
  }

  /** Call it between batches. */
  trim(): void {
    this.recent.trim();
    if (this.byUser.size <= this.line.length + this.offers.size) return;
    for (const [userId, { entryId, state }] of this.byUser)
      if (state === 'offered' && !this.offers.get(entryId)) this.byUser.delete(userId);
  }

  /** The number of entries in memory. */
  get size(): number {
    return this.byUser.size + this.recent.size + this.offers.size + (this.withdrawable?.entries.size ?? 0);
  }

  private put(entry: EntryRecord): void {
    if (this.horizon && !isAhead(entry, this.horizon as EntryRecord)) return;
    this.line.splice(this.place(entry), 0, entry);
    if (this.line.length <= WAITING_KEPT) return;
    this.horizon = this.line[WAITING_LOADED]!;
    for (const { userId } of this.line.splice(WAITING_LOADED)) this.byUser.delete(userId);
  }

  /** Takes an entry out of the line. */
  private take(entry: EntryRecord): void {
    const place = this.place(entry);
    if (this.line[place]?.number === entry.number) this.line.splice(place, 1);
  }

  /** The place in the line of the first entry that is not ahead of this one. */
  private place(entry: EntryRecord): number {
    let low = 0;
    let high = this.line.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAhead(this.line[middle]!, entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
