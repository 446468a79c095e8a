// The auditor's own count of a voucher's waiting list. It uses only the events, and none of the platform's code.
import type { EntryState } from '@vouchers/contracts';
import type { LedgerEvent } from './evidence.ts';

interface Place {
  id: string;
  rank: number;
  number: number;
}

/** The entries of one voucher. */
export class Line {
  readonly #states = new Map<string, EntryState>();
  readonly #inState: Record<EntryState, number> = { waiting: 0, offered: 0, claimed: 0, lapsed: 0, left: 0 };
  /** A heap of those who wait, who is next first. Some of them may not wait any more. */
  readonly #heap: Place[] = [];
  #extended = 0;

  /** Applies the next event. @returns how it breaks the rule that a free unit is for who is next */
  take({ type, data: { entry, entryBefore, claim, reason } }: LedgerEvent): string[] {
    if (reason !== undefined) return [];
    const faults: string[] = [];
    if (type === 'voucher.claim-extended.v1') this.#extended += 1;
    if (type === 'voucher.claimed.v1' && entry?.state !== 'claimed') {
      const others = this.#inState.waiting - (entry ? 1 : 0);
      if (others > 0) faults.push(`claim ${claim!.id} took a unit while ${others} others waited`);
    }
    if (!entry) return faults;
    const before = this.#states.get(entry.id);
    if (before !== entryBefore) faults.push(`entry ${entry.id} was ${before}, not ${entryBefore}`);
    if (type === 'voucher.offered.v1' && this.#next()?.id !== entry.id)
      faults.push(`entry ${entry.id} was offered a unit before ${this.#next()?.id}`);
    if (before) this.#inState[before] -= 1;
    this.#inState[entry.state] += 1;
    this.#states.set(entry.id, entry.state);
    if (entry.state === 'waiting') this.#add(entry);
    return faults;
  }

  /** Units that are set aside. */
  get offered(): number {
    return this.#inState.offered;
  }

  /** The part of the ledger's projection that counts entries. */
  projection(): Record<string, number> {
    const { waiting, offered, claimed, lapsed, left } = this.#inState;
    const joined = this.#states.size;
    return { waiting, offered, claimedFromOffer: claimed, lapsed, left, joined, extended: this.#extended };
  }

  #next(): Place | undefined {
    while (this.#heap.length > 0 && this.#states.get(this.#heap[0]!.id) !== 'waiting') this.#remove();
    return this.#heap[0];
  }

  #add({ id, rank, number }: Place): void {
    const heap = this.#heap;
    heap.push({ id, rank, number });
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at]!, heap[parent]!)) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  #remove(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let first = at;
      if (left < heap.length && isBefore(heap[left]!, heap[first]!)) first = left;
      if (right < heap.length && isBefore(heap[right]!, heap[first]!)) first = right;
      if (first === at) return;
      [heap[at], heap[first]] = [heap[first]!, heap[at]!];
      at = first;
    }
  }
}

const isBefore = (one: Place, other: Place): boolean =>
  one.rank > other.rank || (one.rank === other.rank && one.number < other.number);
