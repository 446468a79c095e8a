// What all partitions of this process may keep in memory, in bytes. It is asked before something is loaded; what a
// batch adds cannot be refused, so the vouchers used least lately are given up for it afterwards.

/** A voucher as the budget sees it. */
export interface Keeper {
  /** As last counted. */
  bytes: number;
  /** Batches under way that use it: it is not given up meanwhile. */
  readonly pins: number;
  /** Gives up what can be asked for again one by one. False: there is nothing of that kind. */
  shrink(): boolean;
  /** Gives up all. */
  forget(): void;
}

export class KnowledgeBudget {
  private used = 0;
  /** In order of use: the first was used least lately. */
  private readonly keepers = new Set<Keeper>();

  /** @param limit bytes */
  constructor(readonly limit: number) {}

  /** Bytes in use. */
  get bytes(): number {
    return this.used;
  }

  /** Bytes that are left. */
  get room(): number {
    return this.limit - this.used;
  }

  /** One voucher's users are kept by name up to this share: the others need room, too. */
  get mostForOne(): number {
    return this.limit / 4;
  }

  /** Takes the bytes if they fit. */
  ask(bytes: number): boolean {
    if (bytes > this.room) return false;
    this.used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }

  /** It is used now, and holds so many bytes. */
  use(keeper: Keeper, bytes: number): void {
    this.keepers.delete(keeper);
    this.keepers.add(keeper);
    this.recount(keeper, bytes);
    if (bytes > this.mostForOne) keeper.shrink();
  }

  recount(keeper: Keeper, bytes: number): void {
    this.used += bytes - keeper.bytes;
    keeper.bytes = bytes;
  }

  drop(keeper: Keeper): void {
    if (this.keepers.delete(keeper)) this.used -= keeper.bytes;
    keeper.bytes = 0;
  }

  /** Keeps within the limit, as far as what is under way allows. */
  trim(): void {
    for (const keeper of this.keepers) {
      if (this.used <= this.limit) return;
      if (keeper.pins === 0) keeper.forget();
    }
    for (const keeper of this.keepers) {
      if (this.used <= this.limit) return;
      keeper.shrink();
    }
  }
}
