// How often one caller may ask, and one user: counted in memory, by each replica for itself.
import type { FastifyRequest } from 'fastify';
import { isParty } from '@vouchers/contracts';
import { namedUser } from './headers.ts';
import { tooManyRequests } from './problem.ts';
import type { ServiceSettings } from './settings.ts';

const WINDOW_MS = 1_000;

/** Throws 429 with Retry-After where the request is one too many. To be asked once it is known who asks. */
export type RateLimits = (request: FastifyRequest) => void;

export function rateLimits(settings: Pick<ServiceSettings, 'callerRateLimit' | 'userRateLimit'>): RateLimits {
  const ofCaller = limited(settings.callerRateLimit);
  const ofUser = limited(settings.userRateLimit);
  return (request) => {
    ofCaller?.(request.caller!.key);
    const user = userOf(request);
    if (user !== undefined) ofUser?.(user);
  };
}

/**
 * Counts by key; undefined where any number may come. What is counted is forgotten with its window, so memory is
 * bounded.
 */
function limited(max: number): ((key: string) => void) | undefined {
  if (max === 0) return undefined;
  const counts = new Map<string, number>();
  let ends = 0;
  return (key) => {
    const now = performance.now();
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
 * Whom a call is about, where that is a user: as a service says, or the caller itself on routes that are only for
 * users.
 */
function userOf(request: FastifyRequest): string | undefined {
  const { caller, routeOptions } = request;
  if (!caller!.acting) return routeOptions.config.user === 'required' ? caller!.sub : undefined;
  const user = namedUser(request);
  // An invalid user is refused later.
  return isParty(user) ? user : undefined;
}
