// The items of a voucher that fall due first. Memory holds a limited number of items, complete up to a horizon. When time
// reaches the horizon, the next items are loaded by Postgres's index.
import { SLICE } from '@vouchers/voucher';

/** The items that are loaded at once, besides those that unwritten batches change. `keep` cuts down to this number. */
export const DUE_LOADED = 2 * SLICE;
const DUE_KEPT = 2 * DUE_LOADED;
const NOTHING: readonly never[] = [];

interface Due<T> {
  at: number;
  id: string;
  item: T;
}

const byDue = (a: Due<unknown>, b: Due<unknown>): number => a.at - b.at || (a.id < b.id ? -1 : 1);

export abstract class Dues<T> {
  private readonly entries = new Map<string, Due<T>>();
  /** No entry is due before this time. */
  private earliest = Infinity;
  /** True if the entry with the time `earliest` may be removed. */
  private stale = false;
  /** All items that are due before this time, or at it with a smaller id, are in `entries`. */
  private horizonAt: number;
  private horizonId = '';

  /** @param firstDueAt the earliest due time of the voucher's items in Postgres, or null */
  constructor(firstDueAt: number | null) {
    this.horizonAt = firstDueAt ?? Infinity;
  }

  /** The time at which the item falls due. Undefined if it does not. */
  protected abstract dueOf(item: T): number | undefined;
  protected abstract idOf(item: T): string;

  /** Nothing falls due before this time. Infinity if nothing ever does. */
  get lowerBound(): number {
    if (this.stale) {
      this.earliest = Infinity;
      for (const { at } of this.entries.values()) if (at < this.earliest) this.earliest = at;
      this.stale = false;
    }
    return Math.min(this.earliest, this.horizonAt);
  }

  /** The earliest due time. Infinity if nothing falls due; undefined if the first item must be loaded. */
  get first(): number | undefined {
    return this.entries.size > 0 || this.isComplete ? this.lowerBound : undefined;
  }

  /** At most SLICE due items by due time and id. Undefined if more must be loaded to know them. */
  until(time: number): readonly T[] | undefined {
    if (time < this.lowerBound || this.entries.size === 0) return time < this.horizonAt ? NOTHING : undefined;
    const due = [...this.entries.values()].filter((entry) => entry.at <= time).sort(byDue);
    if (due.length < SLICE && this.horizonAt <= time) return undefined;
    return due.slice(0, SLICE).map(({ item }) => item);
  }

  /** Takes the new state of an item. */
  update(item: T): void {
    const id = this.idOf(item);
    const at = this.dueOf(item);
    if (at === undefined || !this.reaches(at, id)) {
      if (this.entries.delete(id)) this.stale = true;
      return;
    }
    if (this.entries.has(id)) this.stale = true;
    this.entries.set(id, { at, id, item });
    if (at < this.earliest) this.earliest = at;
    if (this.entries.size > DUE_KEPT) this.keep(DUE_LOADED);
  }

  /**
   * Starts again from the first items by due time in Postgres.
   * @param last the last of these if Postgres may have more
   */
  refill(items: Iterable<T>, last: T | undefined): void {
    this.entries.clear();
    this.earliest = Infinity;
    this.stale = false;
    this.horizonAt = last ? this.dueOf(last)! : Infinity;
    this.horizonId = last ? this.idOf(last) : '';
    for (const item of items) this.update(item);
  }

  get(id: string): T | undefined {
    return this.entries.get(id)?.item;
  }

  get size(): number {
    return this.entries.size;
  }

  /** Whether nothing that falls due is missing. */
  get isComplete(): boolean {
    return this.horizonAt === Infinity;
  }

  private reaches(at: number, id: string): boolean {
    return at < this.horizonAt || (at === this.horizonAt && id < this.horizonId);
  }

  private keep(count: number): void {
    const all = [...this.entries.values()].sort(byDue);
    for (const { id } of all.slice(count)) this.entries.delete(id);
    this.horizonAt = all[count]!.at;
    this.horizonId = all[count]!.id;
    this.earliest = all[0]!.at;
  }
}
