// Limits the requests per second of a caller and about a user. Each replica counts in its own memory.
import type { FastifyRequest } from 'fastify';
import { isParty } from '@vouchers/contracts';
import { namedUser } from './headers.ts';
import { tooManyRequests } from './problem.ts';
import type { ServiceSettings } from './settings.ts';

const WINDOW_MS = 1_000;

/** Counts a request whose caller is known. @throws 429 with Retry-After if it is one too many */
export type RateLimits = (request: FastifyRequest) => void;

export function rateLimits(settings: Pick<ServiceSettings, 'callerRateLimit' | 'userRateLimit'>): RateLimits {
  const ofCaller = limited(settings.callerRateLimit);
  const ofUser = limited(settings.userRateLimit);
  return (request) => {
    // Both limits share one look at the clock, which costs as much as the counting on some virtual machines.
    const now = performance.now();
    ofCaller?.(request.caller!.key, now);
    const user = ofUser && userOf(request);
    if (user !== undefined) ofUser?.(user, now);
  };
}

/**
 * A function that counts by key, or undefined without a limit. Counts are deleted when their window ends, so memory is
 * limited.
 */
function limited(max: number): ((key: string, now: number) => void) | undefined {
  if (max === 0) return undefined;
  const counts = new Map<string, number>();
  let ends = 0;
  return (key, now) => {
    if (now >= ends) {
      counts.clear();
      ends = now + WINDOW_MS;
    }
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count > max) throw tooManyRequests(Math.ceil((ends - now) / 1_000));
  };
}

/**
 * The user that a request is about, if there is one: the user that a service names, or the caller on routes that only
 * users call.
 */
function userOf(request: FastifyRequest): string | undefined {
  const { caller, routeOptions } = request;
  if (!caller!.acting) return routeOptions.config.user === 'required' ? caller!.sub : undefined;
  const user = namedUser(request);
  // An invalid user is refused later.
  return isParty(user) ? user : undefined;
}
