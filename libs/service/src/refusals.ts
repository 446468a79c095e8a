// Counts refused callers and logs those that are known.
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { metrics } from './metrics.ts';
import type { ProblemError } from './problem.ts';
import { idsOf } from './request-context.ts';

const refused = new Counter({
  name: 'access_refused_total',
  help: 'Calls refused by 401 (why the token was refused) or 403 (scope, or another team)',
  labelNames: ['status', 'why'],
  registers: [metrics],
});
/** The most lines per second, because a caller could cause any number of them with bad tokens. */
const MOST_LINES = 20;
const WINDOW_MS = 1_000;

export class Refusals {
  private ends = 0;
  private lines = 0;
  private unlogged = 0;

  constructor(private readonly logger: Logger) {}

  note(request: FastifyRequest, { status, about: { reason, detail, cause, explained } }: ProblemError): void {
    refused.inc({ status, why: cause ?? (reason === 'other-team' ? reason : 'scope') });
    if (!this.mayLog()) return;
    const { method, routeOptions, caller } = request;
    const who = caller && { sub: caller.sub, team: caller.team };
    const why = { status, detail, cause, explained };
    const about = { method, route: routeOptions?.url, ...why, ...who, unlogged: this.unlogged || undefined };
    this.unlogged = 0;
    this.logger.warn({ ...idsOf(request), ...about }, 'refused');
  }

  private mayLog(): boolean {
    const now = performance.now();
    if (now >= this.ends) [this.ends, this.lines] = [now + WINDOW_MS, 0];
    this.lines += 1;
    if (this.lines > MOST_LINES) this.unlogged += 1;
    return this.lines <= MOST_LINES;
  }
}
