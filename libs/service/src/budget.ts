// Counts the cost of one request. The replay thread uses it, too.
import { tooCostly } from './problem.ts';

/** The cost of reading or replaying one row. Unit: steps of a condition's evaluator. */
export const ROW_COST = 100;

/** Work that pauses now and then and ends when its caller has gone. */
export interface Pausable {
  /** True if it has run long enough without a pause. */
  readonly over: boolean;
  /** Lets everything else run. @throws ProblemError 499 if the caller has gone */
  giveWay(): Promise<void>;
  /** @throws ProblemError 499 if the caller has gone */
  expectCaller(): void;
}

/** The cost that one request may reach. Unit: steps of a condition's evaluator. */
export class Budget {
  private readonly limit: number;
  private readonly work: Pausable;
  private readonly advice: string;
  private spent = 0;

  /** @param advice a sentence that says how to ask for less */
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

  /** The cost so far. */
  get cost(): number {
    return this.spent;
  }

  /** The number of rows that may still be read. */
  get rows(): number {
    return Math.max(0, Math.floor((this.limit - this.spent) / ROW_COST));
  }

  /** Call it before work whose cost is known. @throws 422 too-costly */
  expect(cost: number): void {
    if (this.spent + cost > this.limit) throw tooCostly(this.spent + cost, this.limit, this.advice);
  }

  /** Call it after each small part of the work. It pauses if the slice is over, and throws if the caller has gone. */
  pause(): Promise<void> | undefined {
    return this.work.over ? this.work.giveWay() : undefined;
  }

  /** Call it after each wait for something else. @throws ProblemError 499 if the caller has gone */
  expectCaller(): void {
    this.work.expectCaller();
  }
}
