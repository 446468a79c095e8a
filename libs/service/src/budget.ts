// Counts what one request costs. The thread that replays uses it, too.
import { tooCostly } from './problem.ts';

/** The cost of reading or replaying one row. Unit: steps of a condition's evaluator. */
export const ROW_COST = 100;

/** Tells when work should pause, and when nobody waits for it any more. */
export interface Pausable {
  /** True if it has run long enough without a pause. */
  readonly over: boolean;
  /** Lets everything else run. @throws ProblemError 499 if the caller has gone */
  giveWay(): Promise<void>;
  /** @throws ProblemError 499 if nobody waits for the answer any more */
  expectCaller(): void;
}

/** The cost that one request may reach. Unit: steps of a condition's evaluator. */
export class Budget {
  private readonly limit: number;
  private readonly work: Pausable;
  private readonly advice: string;
  private spent = 0;

  /** @param advice a sentence that says what would cost less */
  constructor(limit: number, work: Pausable, advice: string) {
    this.limit = limit;
    this.work = work;
    this.advice = advice;
  }

  /** Counts work that was done. @throws 422 too-costly */
  spend(cost: number): void {
    this.spent += cost;
    if (this.spent > this.limit) throw tooCostly(this.spent, this.limit, this.advice);
  }

  /** The cost of everything so far. */
  get cost(): number {
    return this.spent;
  }

  /** How many rows may still be read. */
  get rows(): number {
    return Math.max(0, Math.floor((this.limit - this.spent) / ROW_COST));
  }

  /** To be called before work whose cost is known. @throws 422 too-costly */
  expect(cost: number): void {
    if (this.spent + cost > this.limit) throw tooCostly(this.spent + cost, this.limit, this.advice);
  }

  /**
   * To be called after each small part of the work. Pauses if the slice is over; ends work for a caller who has gone.
   */
  pause(): Promise<void> | undefined {
    return this.work.over ? this.work.giveWay() : undefined;
  }

  /** To be called after each wait for something else. @throws ProblemError 499 */
  expectCaller(): void {
    this.work.expectCaller();
  }
}
