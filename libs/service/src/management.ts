// The port for operators has metrics and documents. The port for callers then lacks them. Health is on both.
import type { FastifyInstance } from 'fastify';
import { createServer } from 'node:http';
import { requestDeadlines } from './deadlines.ts';
import { notFound } from './problem.ts';
import type { ServiceSettings } from './settings.ts';

/**
 * Refuses the routes of each port on the other one. Without a port for operators, this does nothing.
 * @returns a function that listens on that port; call it when the service is ready
 */
export function partPorts(
  fastify: FastifyInstance,
  settings: Pick<ServiceSettings, 'host' | 'managementPort' | 'requestTimeoutMs'>,
): () => Promise<void> {
  const { host, managementPort: port } = settings;
  if (port === 0) return () => Promise.resolve();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { url = '' } = request.routeOptions;
    const isForOperators = url === '/metrics' || url.startsWith('/docs') || url === '/oauth2-redirect.html';
    const isAtPort = request.socket.localPort === port;
    done(isForOperators === isAtPort || url.startsWith('/health/') ? undefined : notFound());
  });
  const server = createServer(requestDeadlines(settings).http, (request, response) =>
    fastify.routing(request, response),
  );
  fastify.addHook('preClose', (done) => {
    server.close();
    server.closeAllConnections();
    done();
  });
  return () => new Promise((resolve, reject) => server.once('error', reject).listen({ host, port }, resolve));
}
