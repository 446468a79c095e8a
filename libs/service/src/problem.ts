import type { Check, Fault, Problem, ProblemReason } from '@vouchers/contracts';
import { STATUS_CODES } from 'node:http';

/** A problem without its status. It is plain data, so that it can be sent to another thread. */
export interface AboutProblem {
  detail?: string;
  reason?: ProblemReason;
  errors?: Fault[];
  /** The claim of an order that was refused, and what was checked. */
  claimId?: string;
  checks?: Check[];
  headers?: Record<string, string>;
  /** The cause and its explanation for operators, which callers are not told. */
  cause?: RefusalCause;
  explained?: string;
}

/** Why a token was refused. Values of a metric's label. */
export type RefusalCause =
  | 'missing'
  | 'malformed'
  | 'type'
  | 'algorithm'
  | 'key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'early'
  | 'age'
  | 'claim';

/** An error that is answered as problem details (RFC 9457). Any code behind a request may throw it. */
export class ProblemError extends Error {
  readonly status: number;
  readonly about: AboutProblem;

  constructor(status: number, about: AboutProblem = {}) {
    super(about.detail ?? about.reason ?? STATUS_CODES[status] ?? String(status));
    this.status = status;
    this.about = about;
  }

  get body(): Problem {
    const { detail, reason, errors, claimId, checks } = this.about;
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail,
      reason,
      errors,
      claimId,
      checks,
    };
  }
}

/** 400 with a list of faults, or with a text if the fault has no pointer. */
export const badRequest = (errors: Fault[] | string): ProblemError =>
  typeof errors === 'string'
    ? new ProblemError(400, { detail: errors })
    : new ProblemError(400, { detail: 'The request breaks the contract.', errors });
export const unauthorized = (cause: RefusalCause, detail = 'A valid bearer token is needed.'): ProblemError =>
  new ProblemError(401, { detail, headers: { 'www-authenticate': 'Bearer' }, cause });
/** 401 for a reason that only operators are told. */
export const unacceptable = (cause: RefusalCause, explained: string): ProblemError => {
  const { status, about } = unauthorized(cause);
  return new ProblemError(status, { ...about, explained });
};
export const forbidden = (detail: string, reason?: ProblemReason): ProblemError =>
  new ProblemError(403, { detail, reason });
export const otherTeam = (): ProblemError => forbidden('It belongs to another team.', 'other-team');
/** The thing does not exist or belongs to another user. The answer is the same. */
export const notFound = (reason?: ProblemReason): ProblemError =>
  new ProblemError(404, { detail: 'There is no such thing.', reason });
/** A rule or a state refused the request. */
export const conflict = (reason: ProblemReason, headers?: Record<string, string>): ProblemError =>
  new ProblemError(409, { detail: `Refused: ${reason}.`, reason, headers });
export const preconditionFailed = (): ProblemError =>
  new ProblemError(412, { detail: 'If-Match does not name the newest version.' });
export const preconditionRequired = (header: string): ProblemError =>
  new ProblemError(428, { detail: `${header} is needed.` });
/** The Idempotency-Key was used with another body. */
export const keyReused = (): ProblemError =>
  new ProblemError(422, { detail: 'This Idempotency-Key was used for another body.' });
export const tooManyRequests = (retryAfterSeconds = 1, detail = 'Too many requests.'): ProblemError =>
  new ProblemError(429, { detail, headers: { 'retry-after': String(retryAfterSeconds) } });
/** The request asks for too much work. `advice` is a sentence that says how to ask for less. */
export const tooCostly = (cost: number, limit: number, advice: string): ProblemError =>
  new ProblemError(422, {
    detail: `It costs ${Math.ceil(cost)} steps or more, and one request may cost ${limit} (COST_LIMIT). ${advice}`,
    reason: 'too-costly',
  });
/** The caller has gone. The status (nginx's 499) is only seen in metrics. */
export const callerGone = (): ProblemError => new ProblemError(499, { detail: 'The caller has gone.' });
/** Kafka or Postgres is away. Nothing was accepted; with a `submission-id` header, the submission may have been. */
export const unavailable = (
  detail = 'A part of the platform is away for the moment.',
  headers?: Record<string, string>,
): ProblemError => new ProblemError(503, { detail, headers: { 'retry-after': '1', ...headers } });
