// Limits work whose amount the caller chooses: its cost is counted, it runs in slices, each caller may have only a few
// such calls at once, and it ends when the caller goes.
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AtOnce } from './at-once.ts';
import { Budget } from './budget.ts';
import { callerGone } from './problem.ts';
import { ServiceSettings } from './settings.ts';
import { Slices } from './slices.ts';

/** The terms of work that another thread does. */
export interface WorkElsewhere {
  costLimit: number;
  /** A sentence that says how to ask for less. */
  advice: string;
  /** Aborts when the caller goes. */
  signal: AbortSignal;
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

  /**
   * @param advice a sentence that says how to ask for less
   * @throws 429, 422 too-costly, 499 if the caller has gone
   */
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

  /** Runs work that another thread does, under the same rules. */
  async runElsewhere<Result>(
    request: FastifyRequest,
    advice: string,
    work: (terms: WorkElsewhere) => Promise<Result>,
  ): Promise<Result> {
    const leave = this.atOnce.enter(callerOf(request));
    try {
      return await untilGone(request, (signal) => work({ costLimit: this.settings.costLimit, advice, signal }));
    } finally {
      leave();
    }
  }
}

/** Runs work whose signal aborts when the caller goes. */
export async function untilGone<Result>(
  request: FastifyRequest,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { socket } = request.raw;
  const gone = new AbortController();
  const abort = (): void => gone.abort(callerGone());
  socket.once('close', abort);
  if (socket.destroyed) abort();
  try {
    return await work(gone.signal);
  } finally {
    socket.off('close', abort);
  }
}

/** The user that a service names, else the caller itself. */
function callerOf({ caller, headers }: FastifyRequest): string {
  const user = caller?.acting ? headers['x-user-id'] : undefined;
  return user === undefined ? (caller?.key ?? '') : JSON.stringify(['user', user]);
}
