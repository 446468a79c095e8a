// Headers for browsers: who else may read an answer, and what a page may do with it.
import cors, { type FastifyCorsOptions } from '@fastify/cors';
import helmet from '@fastify/helmet';
import { fastify as plainFastify, type FastifyInstance, type onRequestHookHandler } from 'fastify';
import type { ServiceSettings } from './settings.ts';

/** Headers that a page of another origin may read. */
const EXPOSED_HEADERS = ['ETag', 'Location', 'Retry-After', 'Voucher-Position', 'Submission-Id', 'Date'];

export async function secure(fastify: FastifyInstance, { corsOrigins }: ServiceSettings): Promise<void> {
  const anyOrigin = corsOrigins.includes('*');
  const headers = {
    ...(await helmetHeaders()),
    ...(anyOrigin ? {} : { vary: 'Origin' }),
    // Most answers are a user's or a team's. Files that anybody may keep say so themselves.
    'cache-control': 'no-store',
  };
  fastify.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  await allowOrigins(fastify, {
    origin: anyOrigin ? '*' : corsOrigins,
    exposedHeaders: EXPOSED_HEADERS.join(', '),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    maxAge: 600,
  });
}

/** Helmet makes its headers anew for each answer, which costs more than all else of a small one. They never change. */
async function helmetHeaders(): Promise<Record<string, string>> {
  const once = plainFastify();
  await once.register(helmet, {
    // Addresses without TLS on a developer's machine stay reachable.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    // For documents alone, and for resources that nobody else may have: pages say the one, and there are none of the other.
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: false,
    // For browsers and plugins that are no more; each header costs as much as a look-up.
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  once.get('/', async (_request, reply) => reply.raw.getHeaders());
  const answer = await once.inject('/');
  await once.close();
  return answer.json();
}

/** The plugin is asked only where a browser asks for a page of another origin: services send no `Origin`. */
async function allowOrigins(fastify: FastifyInstance, options: FastifyCorsOptions): Promise<void> {
  const addHook = (name: 'onRequest', hook: onRequestHookHandler): FastifyInstance =>
    fastify.addHook(name, function (request, reply, done) {
      if (request.headers.origin === undefined && request.method !== 'OPTIONS') return done();
      return hook.call(this, request, reply, done);
    });
  await new Promise<void>((resolve, reject) => {
    cors(Object.create(fastify, { addHook: { value: addHook } }) as FastifyInstance, options, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
