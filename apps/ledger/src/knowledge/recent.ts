/** A cache of recent entries by key. It keeps `limit` entries or up to twice as many. */
export class Recent<T> {
  private young = new Map<string, T>();
  private old = new Map<string, T>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get(key: string): T | undefined {
    const young = this.young.get(key);
    return young === undefined ? this.old.get(key) : young;
  }

  set(key: string, value: T): void {
    this.young.set(key, value);
  }

  /** Forgets the oldest entries. Call it only between batches, so that a batch keeps the entries that it loaded. */
  trim(): void {
    if (this.young.size < this.limit) return;
    this.old = this.young;
    this.young = new Map();
  }

  get size(): number {
    return this.young.size + this.old.size;
  }
}
