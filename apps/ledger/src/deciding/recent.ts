/**
 * What was set lately, by key: at least the last `limit`, at most twice as many. `limit` exceeds what two batches can
 * set, so whatever is not committed yet is found here, and what is not found may be asked of Postgres.
 */
export class Recent<T> {
  private young: Map<string, T>;
  private old: Map<string, T>;

  constructor(
    private readonly limit = 5_000,
    from: Map<string, T> = new Map(),
  ) {
    this.young = new Map();
    this.old = from;
  }

  get(key: string): T | undefined {
    return this.young.get(key) ?? this.old.get(key);
  }

  set(key: string, value: T): void {
    this.young.set(key, value);
    if (this.young.size < this.limit) return;
    this.old = this.young;
    this.young = new Map();
  }

  get size(): number {
    return this.young.size + this.old.size;
  }
}
