import { tooManyRequests } from './problem.ts';

/** The most things that may run at once per key and in total. Unset means no limit. */
interface Most {
  each?: number;
  all?: number;
}

/** Counts things that run at the same time. */
export class AtOnce {
  private readonly counts = new Map<string, number>();
  private total = 0;

  /** @param refused the answer to a refused caller; it names the setting that an operator may change */
  constructor(
    private readonly most: Most,
    private readonly refused: { detail: string; retryAfterSeconds: number },
  ) {}

  /** Counts one more. @returns a function that ends it; calling it again does nothing. @throws 429 with Retry-After */
  enter(key = ''): () => void {
    const { each = Infinity, all = Infinity } = this.most;
    const count = this.counts.get(key) ?? 0;
    if (count >= each || this.total >= all) throw tooManyRequests(this.refused.retryAfterSeconds, this.refused.detail);
    this.counts.set(key, count + 1);
    this.total += 1;
    let entered = true;
    return () => {
      if (entered) this.leave(key);
      entered = false;
    };
  }

  private leave(key: string): void {
    this.total -= 1;
    const count = this.counts.get(key)! - 1;
    if (count > 0) this.counts.set(key, count);
    else this.counts.delete(key);
  }
}
