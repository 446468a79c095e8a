// Work whose amount a caller chooses: counted where it arises, in slices, so many at once for each caller, and ended when
// the caller goes.
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AtOnce } from './at-once.ts';
import { tooCostly } from './problem.ts';
import { ServiceSettings } from './settings.ts';
import { Slices } from './slices.ts';

/** A row that is read or replayed, in steps of a condition's evaluator. */
export const ROW_COST = 100;

/** What one request may cost. Unit: steps of a condition's evaluator. */
export class Budget {
  private spent = 0;

  constructor(
    private readonly limit: number,
    private readonly slices: Slices,
    /** What would cost less. */
    private readonly advice: string,
  ) {}

  /** Counts what was done. @throws 422 too-costly */
  spend(cost: number): void {
    this.spent += cost;
    if (this.spent > this.limit) throw tooCostly(this.spent, this.limit, this.advice);
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
    return this.slices.over ? this.slices.giveWay() : undefined;
  }

  /** After each wait for something else. @throws ProblemError 499 */
  expectCaller(): void {
    this.slices.expectCaller();
  }
}

@Injectable()
export class CostlyWork {
  private readonly atOnce: AtOnce;

  constructor(@Inject(ServiceSettings) private readonly settings: ServiceSettings) {
    const { costlyAtOnce } = settings;
    this.atOnce = new AtOnce(
      { each: costlyAtOnce || undefined },
      {
        detail: `At most ${costlyAtOnce} calls like this one of the same caller at once (COSTLY_AT_ONCE).`,
        retryAfterSeconds: 1,
      },
    );
  }

  /** @param advice what would cost less, as a sentence. @throws 429, 422 too-costly, and 499 for nobody to hear */
  async run<Result>(
    request: FastifyRequest,
    advice: string,
    work: (budget: Budget) => Promise<Result>,
  ): Promise<Result> {
    const leave = this.atOnce.enter(callerOf(request));
    try {
      return await work(new Budget(this.settings.costLimit, new Slices(request), advice));
    } finally {
      leave();
    }
  }
}

/** The user whom a service names, else who asks. */
function callerOf({ caller, headers }: FastifyRequest): string {
  const user = caller?.acting ? headers['x-user-id'] : undefined;
  return user === undefined ? (caller?.key ?? '') : JSON.stringify(['user', user]);
}
