// A voucher's users: all of them in memory while that is affordable, else a filter that says surely who is not one.
import { BloomFilter } from './bloom.filter.ts';
import { Recent } from './recent.ts';

export interface UserKnown {
  readonly pushed: boolean;
  readonly claims: number;
}

/** How many users all vouchers of a process together may keep exactly. One costs about 100 bytes. */
export interface UserBudget {
  exact: number;
  readonly limit: number;
}

/** Of whom nothing was ever written. */
export const NEW_USER: UserKnown = { pushed: false, claims: 0 };

export class VoucherUsers {
  /** userId → claims × 2 + pushed. */
  private exact?: Map<string, number> = new Map();
  private filter?: BloomFilter;
  private recent?: Recent<number>;

  constructor(private readonly budget: UserBudget) {}

  /** undefined: it may be one, Postgres must be asked. */
  get(userId: string): UserKnown | undefined {
    const known = this.exact ? this.exact.get(userId) : this.recent!.get(userId);
    if (known !== undefined) return { pushed: (known & 1) === 1, claims: known >> 1 };
    return this.exact || !this.filter!.mayHave(userId) ? NEW_USER : undefined;
  }

  /** Whether `get` answers. */
  knows(userId: string): boolean {
    return this.exact !== undefined || this.recent!.get(userId) !== undefined || !this.filter!.mayHave(userId);
  }

  set(userId: string, { pushed, claims }: UserKnown): void {
    const value = claims * 2 + (pushed ? 1 : 0);
    if (this.exact) {
      const before = this.exact.size;
      this.exact.set(userId, value);
      this.budget.exact += this.exact.size - before;
    } else {
      if (!this.filter!.mayHave(userId)) this.filter!.add(userId);
      this.recent!.set(userId, value);
    }
  }

  /** What Postgres said of a user that may be one: nothing is known of who is none. */
  learn(userId: string, known: UserKnown | undefined): void {
    this.recent?.set(userId, known ? known.claims * 2 + (known.pushed ? 1 : 0) : 0);
  }

  /** Users that Postgres has, for the filter: none of them is known yet. */
  addWritten(userIds: readonly string[]): void {
    for (const userId of userIds) this.filter!.add(userId);
  }

  get isExact(): boolean {
    return this.exact !== undefined;
  }

  get exactSize(): number {
    return this.exact?.size ?? 0;
  }

  /** Frees the exact users. `unwritten`: some of them may not be committed yet and are kept a while longer. */
  shrink(unwritten: boolean): void {
    if (!this.exact) return;
    this.filter = new BloomFilter(this.exact.size * 2);
    for (const userId of this.exact.keys()) this.filter.add(userId);
    this.recent = new Recent(undefined, unwritten ? this.exact : undefined);
    this.budget.exact -= this.exact.size;
    this.exact = undefined;
  }

  /** The voucher is forgotten. */
  drop(): void {
    this.budget.exact -= this.exact?.size ?? 0;
    this.exact = new Map();
  }

  get bytes(): number {
    return this.exact ? this.exact.size * 100 : this.filter!.bytes + this.recent!.size * 100;
  }
}
