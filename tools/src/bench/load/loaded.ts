// The requests of a load, and their results.

/** Requests and their number. `{n}` in the path or a header is replaced by a number that grows with each request. */
export interface LoadOptions {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly connections: number;
  readonly seconds: number;
  /** The numbers start again after this many. By default never. */
  readonly cycle?: number;
}

/** The results. */
export interface LoadResult {
  /** Answered requests. Requests under way at the end do not count. */
  readonly requests: number;
  readonly perSecond: number;
  /** Unit: milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Broken connections, statuses above 399, and time-outs. */
  readonly errors: number;
}

export const LONGEST_ANSWER_SECONDS = 30;
