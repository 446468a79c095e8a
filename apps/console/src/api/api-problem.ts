import type { Fault, Problem } from '@vouchers/contracts';

/** A failed request: the problem details of the answer (RFC 9457), or status 0 if the service cannot be reached. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly reason: string | undefined;
  readonly errors: readonly Fault[];
  /** The value of the header Retry-After. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Partial<Problem> & { status: number }, retryAfterSeconds?: number) {
    super(problem.detail ?? problem.title ?? String(problem.status));
    this.name = 'ApiProblem';
    this.status = problem.status;
    this.title = problem.title ?? '';
    this.detail = problem.detail;
    this.reason = problem.reason;
    this.errors = problem.errors ?? [];
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The issuer refused the sign-in. Title and detail are shown as they are: in the reader's language, or the issuer's. */
export class SignInRefused extends ApiProblem {}

/** Turns any error into an ApiProblem. An error that no service sent counts as an unreachable service. */
export const problemFrom = (error: unknown): ApiProblem =>
  error instanceof ApiProblem ? error : new ApiProblem({ status: 0, detail: (error as Error | null)?.message });

/** Reads the problem of an answer. */
export async function problemIn(response: Response): Promise<ApiProblem> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiProblem(
    { title: response.statusText, ...problem, status: response.status },
    wait >= 0 ? wait : undefined,
  );
}
