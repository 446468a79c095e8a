// The bytes that all partitions of this process may keep in memory. Loading reserves bytes first. The additions of a
// batch cannot be refused, so the least recently used vouchers are given up afterwards.

/** The part of a voucher that the budget uses. */
export interface Keeper {
  /** The bytes at the last count. */
  bytes: number;
  /** The number of unwritten batches that use it. It is kept in memory while there are any. */
  readonly pins: number;
  /** Gives up the part that can be looked up one by one. False if there is none. */
  shrink(): boolean;
  /** Gives up everything. */
  forget(): void;
}

export class KnowledgeBudget {
  private used = 0;
  /** The vouchers, least recently used first. */
  private readonly keepers = new Set<Keeper>();

  /** @param limit bytes */
  constructor(readonly limit: number) {}

  /** The bytes in use. */
  get bytes(): number {
    return this.used;
  }

  /** The free bytes. */
  get room(): number {
    return this.limit - this.used;
  }

  /** The most bytes of one voucher's users by name, because other vouchers need room, too. */
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

  /** Marks the voucher as just used, with its present bytes. */
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
