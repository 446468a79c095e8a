// A voucher's claims that fall due first. Memory holds a limited number of them, complete up to a horizon. When time
// reaches the horizon, the next claims are loaded by Postgres's index.
import { dueAt, SLICE, type ClaimRecord } from '@vouchers/voucher';
import type { KnownClaim } from './known.claim.ts';

/** The claims that are loaded at once, besides those that unwritten batches change. `keep` cuts down to this number. */
export const DUE_LOADED = 2 * SLICE;
const DUE_KEPT = 2 * DUE_LOADED;
const NOTHING: readonly ClaimRecord[] = [];

interface Due {
  at: number;
  claim: KnownClaim;
}

const byDue = (a: Due, b: Due): number => a.at - b.at || (a.claim.record.claimId < b.claim.record.claimId ? -1 : 1);

export class DueClaims {
  private readonly entries = new Map<string, Due>();
  /** No entry is due before this time. */
  private earliest = Infinity;
  /** True if the entry with the time `earliest` may be removed. */
  private stale = false;
  /** All claims that are due before this time, or at it with a smaller id, are in `entries`. */
  private horizonAt: number;
  private horizonId = '';

  /** @param firstDueAt the earliest due time of the voucher's claims in Postgres, or null */
  constructor(firstDueAt: number | null) {
    this.horizonAt = firstDueAt ?? Infinity;
  }

  /** No claim falls due before this time. Infinity if none ever does. */
  get lowerBound(): number {
    if (this.stale) {
      this.earliest = Infinity;
      for (const { at } of this.entries.values()) if (at < this.earliest) this.earliest = at;
      this.stale = false;
    }
    return Math.min(this.earliest, this.horizonAt);
  }

  /** At most SLICE due claims by due time and claim id. Undefined if more claims must be loaded to know them. */
  until(time: number): readonly ClaimRecord[] | undefined {
    if (time < this.lowerBound || this.entries.size === 0) return time < this.horizonAt ? NOTHING : undefined;
    const due = [...this.entries.values()].filter((entry) => entry.at <= time).sort(byDue);
    if (due.length < SLICE && this.horizonAt <= time) return undefined;
    return due.slice(0, SLICE).map(({ claim }) => claim.record);
  }

  /** Takes the new state of a claim. */
  update(claim: KnownClaim): void {
    const { claimId } = claim.record;
    const at = dueAt(claim.record);
    if (at === undefined || !this.reaches(at, claimId)) {
      if (this.entries.delete(claimId)) this.stale = true;
      return;
    }
    if (this.entries.has(claimId)) this.stale = true;
    this.entries.set(claimId, { at, claim });
    if (at < this.earliest) this.earliest = at;
    if (this.entries.size > DUE_KEPT) this.keep(DUE_LOADED);
  }

  /**
   * Starts again from the first claims by due time in Postgres.
   * @param last the last of these claims if Postgres may have more
   */
  refill(claims: Iterable<KnownClaim>, last: KnownClaim | undefined): void {
    this.entries.clear();
    this.earliest = Infinity;
    this.stale = false;
    this.horizonAt = last ? dueAt(last.record)! : Infinity;
    this.horizonId = last ? last.record.claimId : '';
    for (const claim of claims) this.update(claim);
  }

  get(claimId: string): KnownClaim | undefined {
    return this.entries.get(claimId)?.claim;
  }

  get size(): number {
    return this.entries.size;
  }

  private reaches(at: number, claimId: string): boolean {
    return at < this.horizonAt || (at === this.horizonAt && claimId < this.horizonId);
  }

  private keep(count: number): void {
    const all = [...this.entries.values()].sort(byDue);
    for (const { claim } of all.slice(count)) this.entries.delete(claim.record.claimId);
    this.horizonAt = all[count]!.at;
    this.horizonId = all[count]!.claim.record.claimId;
    this.earliest = all[0]!.at;
  }
}
