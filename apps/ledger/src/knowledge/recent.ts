/** Recent answers of Postgres and recent commits, by key. It keeps between `limit` and twice as many. */
export class Recent<T> {
  private young = new Map<string, T>();
  private old = new Map<string, T>();

  constructor(private readonly limit: number) {}

  get(key: string): T | undefined {
    const young = this.young.get(key);
    return young === undefined ? this.old.get(key) : young;
  }

  set(key: string, value: T): void {
    this.young.set(key, value);
  }

  /** Forgets the oldest entries. Called only between batches, so that a batch keeps what it asked for. */
  trim(): void {
    if (this.young.size < this.limit) return;
    this.old = this.young;
    this.young = new Map();
  }

  get size(): number {
    return this.young.size + this.old.size;
  }
}
