// The states of one attempt, from the press to the decision, as pure functions. The controller acts on them.
import type { Claim, Entry, Reason } from '@vouchers/contracts';
import {
  retryAfterMs,
  type Answer,
  type Refusal,
  type Request,
  type SubmissionStatus,
} from '../platform/platform.client.ts';

/** An attempt that is not decided. */
interface Undecided {
  readonly request: Request;
  /** The time of the first press. Unix milliseconds. */
  readonly since: number;
  /** Counts the failed requests, or after a 202 the polls. */
  readonly tries: number;
}

export type Attempt =
  | { readonly status: 'none' }
  /** The request is being sent. */
  | (Undecided & { readonly status: 'sending' })
  /** The platform accepted the request, but has not decided it (202). */
  | (Undecided & { readonly status: 'waiting'; readonly location: string })
  /** The platform is away. The widget sends the request again by itself after `forMs`. */
  | (Undecided & { readonly status: 'retrying'; readonly forMs: number })
  | (Undecided & { readonly status: 'offline' | 'signed-out' })
  /** Too many requests failed. Another press sends the request again. */
  | (Undecided & { readonly status: 'failed' })
  /** The platform rejected the request itself. Another press begins another attempt. */
  | { readonly status: 'faulty'; readonly request: Request }
  /** `shown`: the page was loaded again since, so its module tells the result. */
  | (Granted & { readonly status: 'granted'; readonly request: Request; readonly shown?: true })
  | { readonly status: 'refused'; readonly request: Request; readonly reason: Reason | undefined };

/** The result: a claim, or of joining and leaving the entry on the waiting list. */
interface Granted {
  readonly claim?: Claim;
  readonly entry?: Entry;
}

export const NONE: Attempt = { status: 'none' };
const MOST_TRIES = 5;
const LONGEST_RETRY_PAUSE_MS = 30_000;
const POLL_PAUSES_MS = [500, 1_000, 2_000, 4_000];
const LAST_POLL_PAUSE_MS = 5_000;
const LATE_AFTER_MS = 60_000;

/** True while the attempt is not decided, so that it must be repeated with the same key. */
export const isUndecided = (attempt: Attempt): attempt is Extract<Attempt, Undecided> => 'since' in attempt;

/** True if the attempt goes on by itself, so that a press is not needed. */
export const isUnderWay = ({ status }: Attempt): boolean =>
  status === 'sending' || status === 'waiting' || status === 'retrying';

const isOfEntry = (request: Request): boolean => request === 'join' || request === 'leave';

/** The state after a press, or after a stored attempt was found at a reload. */
export function pressed(attempt: Attempt, at: number, request: Request): Attempt {
  if (!isUndecided(attempt)) return { status: 'sending', request, since: at, tries: 0 };
  return attempt.status === 'sending' || attempt.status === 'waiting' ? attempt : sentAgain(attempt);
}

const sentAgain = ({ request, since }: Undecided, tries = 0): Attempt => ({ status: 'sending', request, since, tries });

/** The state without a network or a token. An attempt that waits for its decision still waits. */
export const interrupted = (attempt: Attempt, status: 'offline' | 'signed-out'): Attempt =>
  isUndecided(attempt) && attempt.status !== 'waiting' ? { ...attempt, status, tries: 0 } : attempt;

/** The state after the answer to the request. */
export function answered(
  attempt: Undecided & { readonly status: 'sending' },
  answer: Answer<(Claim | Entry) & Refusal>,
  online: boolean,
): Attempt {
  if (answer.type === 'signed-out') return interrupted(attempt, 'signed-out');
  if (answer.type === 'unreachable') return online ? retryLater(attempt, 0) : interrupted(attempt, 'offline');
  const { status, body, headers } = answer;
  const { request, since } = attempt;
  const location = headers.get('location');
  if (status === 200 || status === 201)
    return { status: 'granted', request, [isOfEntry(request) ? 'entry' : 'claim']: body };
  if (status === 202 && location) return { status: 'waiting', request, since, tries: 0, location };
  if (status === 409) return { status: 'refused', request, reason: body?.reason };
  if (status === 429 || status >= 500) return retryLater(attempt, retryAfterMs(headers));
  return { status: 'faulty', request };
}

/** The state after the answer to a poll. */
export function polled(attempt: Undecided & { readonly status: 'waiting' }, answer: Answer<SubmissionStatus>): Attempt {
  const { request, since, tries } = attempt;
  if (answer.type === 'signed-out') return { status: 'signed-out', request, since, tries: 0 };
  if (answer.type === 'answered') {
    const { status, body } = answer;
    if (status === 404) return sentAgain(attempt, tries); // the platform no longer knows it
    if (body?.status === 'accepted') return { status: 'granted', request, claim: body.claim, entry: body.entry };
    if (body?.status === 'refused') return { status: 'refused', request, reason: body.reason };
  }
  return { ...attempt, tries: tries + 1 } as Attempt;
}

/** The pause before the next poll. */
export const pollPauseMs = (tries: number): number => POLL_PAUSES_MS[tries] ?? LAST_POLL_PAUSE_MS;

/** True if the customer should be told that it takes longer than usual. */
export const isLate = (attempt: Attempt, now: number): boolean =>
  isUndecided(attempt) && now - attempt.since >= LATE_AFTER_MS;

function retryLater({ request, since, tries }: Undecided, retryAfter: number): Attempt {
  if (tries >= MOST_TRIES) return { status: 'failed', request, since, tries: 0 };
  const forMs = Math.min(LONGEST_RETRY_PAUSE_MS, Math.max(retryAfter, 1_000 * 2 ** tries));
  return { status: 'retrying', request, since, tries: tries + 1, forMs };
}
