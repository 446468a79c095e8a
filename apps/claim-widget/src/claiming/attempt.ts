// One attempt to claim, from the press to the decision: pure. What each state makes the widget do is the controller's.
import type { Claim, Reason } from '@vouchers/contracts';
import { retryAfterMs, type Answer, type Refusal, type SubmissionStatus } from '../platform/platform.client.ts';

/** An attempt without its decision. */
interface Undecided {
  /** When it was first pressed. Unix milliseconds. */
  readonly since: number;
  /** How often the platform was away, or since a 202 how often it was asked. */
  readonly tries: number;
}

/** How far an attempt has come. */
export type Attempt =
  | { readonly status: 'none' }
  /** The request is on its way. */
  | (Undecided & { readonly status: 'sending' })
  /** Accepted, not decided (202). */
  | (Undecided & { readonly status: 'waiting'; readonly location: string })
  /** The platform is away; it is asked again by itself. */
  | (Undecided & { readonly status: 'resting'; readonly forMs: number })
  | (Undecided & { readonly status: 'offline' | 'signed-out' })
  /** Asked too often in vain; a press asks again. */
  | (Undecided & { readonly status: 'failed' })
  /** The request itself is at fault; a press is another attempt. */
  | { readonly status: 'faulty' }
  | { readonly status: 'claimed'; readonly claim: Claim | undefined }
  | { readonly status: 'refused'; readonly reason: Reason | undefined };

export const NONE: Attempt = { status: 'none' };
const MOST_TRIES = 5;
const LONGEST_REST_MS = 30_000;
const POLL_PAUSES_MS = [500, 1_000, 2_000, 4_000];
const LAST_POLL_PAUSE_MS = 5_000;
const LATE_AFTER_MS = 60_000;

/** Whether nothing has been decided: the same key is to be used again. */
export const isOpen = (attempt: Attempt): attempt is Extract<Attempt, Undecided> => 'since' in attempt;

/** Whether it goes on by itself, so that a press changes nothing. */
export const isUnderWay = ({ status }: Attempt): boolean =>
  status === 'sending' || status === 'waiting' || status === 'resting';

/** The customer wants it, or it is found kept after a reload. */
export const pressed = (attempt: Attempt, at: number): Attempt =>
  attempt.status === 'sending' || attempt.status === 'waiting'
    ? attempt
    : { status: 'sending', since: isOpen(attempt) ? attempt.since : at, tries: 0 };

/** Nobody could be asked, or nobody was signed in; what is waited for is still waited for. */
export const halted = (attempt: Attempt, status: 'offline' | 'signed-out'): Attempt =>
  isOpen(attempt) && attempt.status !== 'waiting' ? { status, since: attempt.since, tries: 0 } : attempt;

/** After the answer to the claim itself. */
export function answered(
  attempt: Undecided & { readonly status: 'sending' },
  answer: Answer<Claim & Refusal>,
  online: boolean,
): Attempt {
  if (answer.type === 'signed-out') return halted(attempt, 'signed-out');
  if (answer.type === 'unreachable') return online ? rested(attempt, 0) : halted(attempt, 'offline');
  const { status, body, headers } = answer;
  const location = headers.get('location');
  if (status === 201) return { status: 'claimed', claim: body };
  if (status === 202 && location) return { status: 'waiting', since: attempt.since, tries: 0, location };
  if (status === 409) return { status: 'refused', reason: body?.reason };
  if (status === 429 || status >= 500) return rested(attempt, retryAfterMs(headers));
  return { status: 'faulty' };
}

/** After a poll. */
export function polled(attempt: Undecided & { readonly status: 'waiting' }, answer: Answer<SubmissionStatus>): Attempt {
  const { since, tries } = attempt;
  if (answer.type === 'signed-out') return { status: 'signed-out', since, tries: 0 };
  if (answer.type === 'answered') {
    const { status, body } = answer;
    if (status === 404) return { status: 'sending', since, tries }; // not known any more: it is sent again
    if (body?.status === 'accepted') return { status: 'claimed', claim: body.claim };
    if (body?.status === 'refused') return { status: 'refused', reason: body.reason };
  }
  return { ...attempt, tries: tries + 1 } as Attempt;
}

/** How long to wait before the next poll. Unit: milliseconds. */
export const pollPauseMs = (tries: number): number => POLL_PAUSES_MS[tries] ?? LAST_POLL_PAUSE_MS;

/** Whether to tell that it takes longer than usual. */
export const isLate = (attempt: Attempt, now: number): boolean =>
  isOpen(attempt) && now - attempt.since >= LATE_AFTER_MS;

function rested({ since, tries }: Undecided, retryAfter: number): Attempt {
  if (tries >= MOST_TRIES) return { status: 'failed', since, tries: 0 };
  const forMs = Math.min(LONGEST_REST_MS, Math.max(retryAfter, 1_000 * 2 ** tries));
  return { status: 'resting', since, tries: tries + 1, forMs };
}
