import type { Fault, Problem } from '@vouchers/contracts';

/** An answer that is none: problem details (RFC 9457), or a service that could not be reached (status 0). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly reason: string | undefined;
  readonly errors: readonly Fault[];
  /** When to ask again. Unit: seconds. */
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

/** Any error as a problem: what is none of a service's own is one of the way to it. */
export const problemFrom = (error: unknown): ApiProblem =>
  error instanceof ApiProblem ? error : new ApiProblem({ status: 0, detail: (error as Error | null)?.message });

/** The problem that an answer tells. */
export async function problemIn(response: Response): Promise<ApiProblem> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiProblem(
    { title: response.statusText, ...problem, status: response.status },
    wait >= 0 ? wait : undefined,
  );
}
