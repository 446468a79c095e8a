// Headers for browsers: they limit which pages may read an answer and what pages may do.
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
    // Most answers belong to a user or a team. Routes of public files set their own header.
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

/** Helmet's headers, made once. Making them for each answer costs more than a small answer, and they never change. */
async function helmetHeaders(): Promise<Record<string, string>> {
  const once = plainFastify();
  await once.register(helmet, {
    // Otherwise addresses without TLS on a developer's machine could not be reached.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    // The first is only for documents, and pages set it. The second is for private resources, and there are none.
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: false,
    // These are for browsers and plugins that no longer exist, and each header costs as much as a look-up.
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

/** Calls the CORS plugin only for requests with an `Origin` and for preflights, because services send no `Origin`. */
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
