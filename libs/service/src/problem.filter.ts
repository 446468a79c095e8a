import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { idsOf } from './request-context.ts';
import { notFound, ProblemError, unavailable } from './problem.ts';
import { problemPage, PROBLEM_PAGE_POLICY, wantsPage } from './problem.page.ts';
import { Refusals } from './refusals.ts';

/** Answers errors as problem details. Errors of the service itself are logged, and their answers hide internals. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly refusals: Refusals;

  constructor(private readonly logger: Logger) {
    this.refusals = new Refusals(logger);
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOf(error);
    if (problem.status >= 500) {
      const { message, stack, code } = error as Error & { code?: string };
      const about = { ...idsOf(request), route: request.routeOptions?.url, code };
      if (problem.status === 500) this.logger.error({ ...about, stack }, message);
      else this.logger.warn(about, problem.message);
    }
    if (problem.status === 401 || problem.status === 403) this.refusals.note(request, problem);
    if (reply.sent) return;
    if (wantsPage(request.method, request.url, request.headers.accept)) {
      void reply
        .code(problem.status)
        .headers({ ...problem.about.headers, 'content-security-policy': PROBLEM_PAGE_POLICY, vary: 'Accept-Language' })
        .type('text/html; charset=utf-8')
        .send(problemPage(problem.status, request.headers['accept-language']));
      return;
    }
    reply
      .code(problem.status)
      .headers(problem.about.headers ?? {})
      .type('application/problem+json; charset=utf-8');
    const id = problem.status === 500 ? { requestId: request.id } : {};
    void reply.serializer(JSON.stringify).send({ ...problem.body, ...id });
  }
}

/** Turns an error into the problem for the caller. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isDatabaseAway(error)) return unavailable('Postgres is away.');
  const status = statusOf(error);
  if (status === 404) return notFound();
  if (status >= 400 && status < 500) return new ProblemError(status, { detail: (error as Error).message });
  return status === 503
    ? unavailable()
    : new ProblemError(500, { detail: 'Something went wrong here. The request id says where to look.' });
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}

const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/**
 * SQLSTATE classes of outside faults that pass: connection, transaction state (a standby is read only), rollback,
 * resources, not in that state, operator, system error. XX001 and XX002: corrupted. 3D000 and 42P01: the database or
 * its tables do not exist yet.
 */
const WORLDLY_STATES = /^(?:08|25|40|53|55|57|58)...$|^(?:XX00[12]|3D000|42P01)$/;

/** Whether an error means that Postgres cannot be reached or used now, by its code or message. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError, errors } = error as Error & { code?: unknown; driverError?: unknown; errors?: unknown[] };
  if (driverError instanceof Error) return isDatabaseAway(driverError);
  if (error instanceof AggregateError && errors?.length) return isDatabaseAway(errors[0]);
  if (typeof code === 'string' && (AWAY_CODES.has(code) || WORLDLY_STATES.test(code))) return true;
  return /connection terminated|timeout exceeded when trying to connect|connection timeout|Client has encountered a connection error|Cannot use a pool after|Client was closed|Query read timeout/i.test(
    error.message,
  );
}
