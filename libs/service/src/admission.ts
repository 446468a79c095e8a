// Admits or refuses a request before its handler, in the contract's order: 401, 403 scope, 429, 413, 415, 428, 400.
// It uses Fastify's hooks and parser, because Nest's guards run after the body is parsed.
import { SCOPES } from '@vouchers/contracts';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { Caller } from './caller.ts';
import { checkHeaders, actingHeaders, occurredAtHeader, userHeaders } from './headers.ts';
import { parseJson } from './json.ts';
import { badRequest, forbidden, preconditionRequired, ProblemError } from './problem.ts';
import { QueryCheck } from './query.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RouteDeclaration } from './route-declaration.ts';
import type { Tenancy } from './tenancy.ts';
import type { TokenVerifier, VerifiedToken } from './verifier.ts';

export const DEFAULT_BODY_BYTES = 256 * 1024;

const NO_QUERY = new QueryCheck({});

/** The routes of plugins, which have no declaration. */
const OPEN_PREFIXES = ['/docs'];

export function admit(
  fastify: FastifyInstance,
  verifier: TokenVerifier,
  expectWithinLimits: RateLimits,
  tenancy: Tenancy,
): void {
  fastify.addHook('onRoute', checkDeclaration);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { access, ofAllTeams } = request.routeOptions.config;
    if (request.is404 || !access || access === 'public') return done();
    const admitted = (claims: VerifiedToken): void => {
      admitCaller(request, access, claims);
      if (ofAllTeams && tenancy.seenBy(claims) !== undefined)
        throw forbidden('The scope audit:read is needed, too, because this shows the things of all teams.');
      expectWithinLimits(request);
    };
    const claims = verifier.claimsOf(request.headers.authorization ?? '', request.raw.socket);
    if (claims instanceof Promise) return void claims.then(admitted).then(() => done(), done);
    admitted(claims);
    done();
  });
  fastify.removeAllContentTypeParsers();
  // JSON is named, too, because Fastify finds named types by a look-up, but parses the header of other types each time.
  fastify.addContentTypeParser(['application/json', '*'], { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, parseBody(request, body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    const { needs, query, user, body, unparsed } = request.routeOptions.config;
    checkNeeds(request, needs);
    checkHeaders(request);
    if (query?.isNeeded || request.url.includes('?')) checkQuery(request, query);
    if (request.caller) takeUser(request, request.caller, user);
    if (body && !unparsed) request.body = body.transform(request.body);
    done();
  });
}

/** Denies by default: a service with a route that declares no access does not start. */
function checkDeclaration(route: RouteOptions): void {
  const { access, bodyLimit } = route.config ?? {};
  if (bodyLimit) route.bodyLimit = bodyLimit;
  if (access === 'public' || (access && access.length > 0 && access.every((scope) => SCOPES.includes(scope)))) return;
  const preflight = route.method === 'OPTIONS' && route.url === '*';
  if (preflight || OPEN_PREFIXES.some((prefix) => route.url.startsWith(prefix))) return;
  throw new Error(`${String(route.method)} ${route.url} declares no scope: use @Scopes(…) or @Public()`);
}

/** Sets the caller even if it is then refused, so that the log names it. */
function admitCaller(request: FastifyRequest, access: readonly string[], claims: VerifiedToken): void {
  const acting = claims.scopes.has('claims:act');
  request.caller = {
    ...claims,
    acting,
    userId: acting ? undefined : claims.sub,
    userAttributes: acting ? {} : claims.attributes,
    attributesGiven: false,
  };
  if (!access.some((scope) => claims.scopes.has(scope)))
    throw forbidden(`One of these scopes is needed: ${access.join(', ')}.`);
  if (!acting && actingHeaders(request)) throw forbidden('X-User-Id and X-User-Attrs need the scope claims:act.');
  if (!claims.scopes.has('clock:set') && request.headers['x-occurred-at'] !== undefined) {
    throw forbidden('X-Occurred-At needs the scope clock:set.');
  }
}

/** Checks the query of routes under /v1. Other routes accept any query, because trackers add parameters. */
function checkQuery({ routeOptions, query, url }: FastifyRequest, check: RouteDeclaration['query'] = NO_QUERY): void {
  if (routeOptions.url?.startsWith('/v1/')) check.judge(query as Record<string, string | string[]>, url);
}

function takeUser(request: FastifyRequest, caller: Caller, user: RouteDeclaration['user']): void {
  caller.occurredAt = occurredAtHeader(request);
  if (!caller.acting || !user) return;
  const { userId, attributes } = userHeaders(request);
  if (userId === undefined && user === 'required') throw badRequest('X-User-Id is needed: the token acts for a user.');
  caller.userId = userId;
  caller.userAttributes = attributes ?? {};
  caller.attributesGiven = attributes !== undefined;
}

function parseBody(request: FastifyRequest, body: Buffer): unknown {
  if (request.is404) return undefined;
  const type = request.headers['content-type'];
  if (!type) {
    if (body.length === 0) return undefined;
    throw new ProblemError(415, { detail: 'The body must be application/json.' });
  }
  const [media, ...parameters] = type.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.replace(/^charset=|"/g, '');
  if (
    media !== 'application/json' ||
    (charset && charset !== 'utf-8' && charset !== 'utf8') ||
    request.headers['content-encoding']
  ) {
    throw new ProblemError(415, { detail: 'The body must be application/json in UTF-8, not compressed.' });
  }
  checkNeeds(request, request.routeOptions.config.needs);
  if (request.routeOptions.config.unparsed) return body;
  return body.length === 0 ? undefined : parseJson(body);
}

function checkNeeds(request: FastifyRequest, needs: RouteDeclaration['needs']): void {
  if (needs && !request.headers[needs])
    throw preconditionRequired(needs === 'if-match' ? 'If-Match' : 'Idempotency-Key');
}
