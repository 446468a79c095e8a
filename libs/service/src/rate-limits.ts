// How often one caller may ask, and one user: counted in memory, by each replica for itself.
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { tooManyRequests } from './problem.ts';
import type { ServiceSettings } from './settings.ts';

const WINDOW_MS = 1_000;
/** Callers and users counted at once; of more, those seen last. */
const COUNTED = 20_000;

/** Throws 429 with Retry-After where the request is one too many. To be asked once it is known who asks. */
export type RateLimits = (request: FastifyRequest) => Promise<void>;

export async function rateLimits(fastify: FastifyInstance, settings: ServiceSettings): Promise<RateLimits> {
  await fastify.register(rateLimit, { global: false, cache: COUNTED });
  const limit = (max: number, keyGenerator: (request: FastifyRequest) => string) =>
    max === 0 ? undefined : fastify.createRateLimit({ max, timeWindow: WINDOW_MS, keyGenerator });
  const ofCaller = limit(settings.callerRateLimit, ({ caller }) => JSON.stringify([caller!.team, caller!.sub]));
  const ofUser = limit(settings.userRateLimit, (request) => userOf(request)!);
  return async (request) => {
    await expectWithin(request, ofCaller);
    if (userOf(request) !== undefined) await expectWithin(request, ofUser);
  };
}

/** Whom a call is about, where that is a user: as a service says, or the caller itself on routes that are only for users. */
function userOf({ caller, headers, routeOptions: { config } }: FastifyRequest): string | undefined {
  if (caller!.acting) return headers['x-user-id'] as string | undefined;
  return config.user === 'required' ? caller!.sub : undefined;
}

async function expectWithin(
  request: FastifyRequest,
  limit: ReturnType<FastifyInstance['createRateLimit']> | undefined,
) {
  const counted = await limit?.(request);
  if (counted && !counted.isAllowed && counted.isExceeded) throw tooManyRequests(Math.max(1, counted.ttlInSeconds));
}
