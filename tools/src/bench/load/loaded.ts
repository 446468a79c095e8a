// What a load asks, and what came back.

/** What is asked, how often. `{n}` in the path or a header becomes a number that goes up with each request. */
export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly connections: number;
  readonly seconds: number;
  /** The numbers begin again after so many; never by default. */
  readonly cycle?: number;
}

/** What came back. */
export interface Loaded {
  /** Answered; what was under way at the end is not among them. */
  readonly requests: number;
  readonly perSecond: number;
  /** Unit: milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Connections that broke, answers above 399, none in time. */
  readonly errors: number;
}

export const LONGEST_ANSWER_SECONDS = 30;
