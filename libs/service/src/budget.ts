// How much one request may cost. A thread that replays counts by it, too.
import { tooCostly } from './problem.ts';

/** A row that is read or replayed, in steps of a condition's evaluator. */
export const ROW_COST = 100;

/** The work that a budget is for, as far as it can be paused and may be for nothing. */
export interface Pausable {
  /** It has run long enough. */
  readonly over: boolean;
  /** Lets everything else run. @throws ProblemError 499 where the caller has gone */
  giveWay(): Promise<void>;
  /** @throws ProblemError 499 where nobody waits for the answer any more */
  expectCaller(): void;
}

/** What one request may cost. Unit: steps of a condition's evaluator. */
export class Budget {
  private readonly limit: number;
  private readonly work: Pausable;
  private readonly advice: string;
  private spent = 0;

  /** @param advice what would cost less, as a sentence */
  constructor(limit: number, work: Pausable, advice: string) {
    this.limit = limit;
    this.work = work;
    this.advice = advice;
  }

  /** Counts what was done. @throws 422 too-costly */
  spend(cost: number): void {
    this.spent += cost;
    if (this.spent > this.limit) throw tooCostly(this.spent, this.limit, this.advice);
  }

  /** All that was done so far. */
  get cost(): number {
    return this.spent;
  }

  /** How many rows may still be read. */
  get rows(): number {
    return Math.max(0, Math.floor((this.limit - this.spent) / ROW_COST));
  }

  /** Before work whose cost is known. @throws 422 too-costly */
  expect(cost: number): void {
    if (this.spent + cost > this.limit) throw tooCostly(this.spent + cost, this.limit, this.advice);
  }

  /** To be asked after each small part: a slice that is over ends here, and so does work for a caller who has gone. */
  pause(): Promise<void> | undefined {
    return this.work.over ? this.work.giveWay() : undefined;
  }

  /** After each wait for something else. @throws ProblemError 499 */
  expectCaller(): void {
    this.work.expectCaller();
  }
}
