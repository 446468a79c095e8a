// The bytes that all partitions of this process may keep in memory. Loading asks for bytes first. What a batch adds
// cannot be refused, so the vouchers that were not used for longest are given up afterwards.

/** A voucher as the budget counts it. */
export interface Keeper {
  /** Bytes, as last counted. */
  bytes: number;
  /** The number of unwritten batches that use it. It is kept while there are any. */
  readonly pins: number;
  /** Gives up the part that can be looked up one by one. False if there is none. */
  shrink(): boolean;
  /** Gives up everything. */
  forget(): void;
}

export class KnowledgeBudget {
  private used = 0;
  /** In order of use: the first one was not used for longest. */
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

  /** The share of the budget up to which one voucher's users are kept by name, since others need room, too. */
  get mostForOne(): number {
    return this.limit / 2;
  }

  /** Reserves the bytes if they fit. */
  ask(bytes: number): boolean {
    if (bytes > this.room) return false;
    this.used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }

  /** Notes that the voucher is used now, and its bytes. */
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

  /** Gives up vouchers until the limit holds, except those that unwritten batches use. */
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
