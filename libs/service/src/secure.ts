// Headers for browsers: they limit which pages may read an answer and what pages may do.
import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { ServiceSettings } from './settings.ts';

/** The headers of each answer. Routes of documents and public files set their own policy and caching. */
const HEADERS = {
  // Helmet's default, except that an address without TLS, such as a developer's machine, can be reached.
  'content-security-policy':
    "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';" +
    "img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';" +
    "style-src 'self' https: 'unsafe-inline'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  // Most answers belong to a user or a team.
  'cache-control': 'no-store',
};
/** Headers that a page of another origin may read. */
const EXPOSED_HEADERS = [
  ...['ETag', 'Location', 'Retry-After', 'Voucher-Position', 'Submission-Id', 'Date'],
  ...['Link', 'Event-Partitions'],
];

export async function secure(fastify: FastifyInstance, { corsOrigins }: ServiceSettings): Promise<void> {
  fastify.addHook('onRequest', (_request, reply, done) => {
    reply.headers(HEADERS);
    done();
  });
  const readers = corsOrigins.includes('*') ? '*' : corsOrigins;
  await fastify.register(cors, {
    // Services send no `Origin`, so their answers need no more than `Vary`.
    origin: (origin, done) => done(null, origin !== undefined && readers),
    exposedHeaders: EXPOSED_HEADERS.join(', '),
    methods: 'GET, HEAD, POST, PUT, DELETE',
    maxAge: 600,
  });
}
