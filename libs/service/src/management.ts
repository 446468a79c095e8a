// The port for operators: metrics and documents, apart from the port that callers reach. Health is on both.
import type { FastifyInstance } from 'fastify';
import { createServer } from 'node:http';
import { requestDeadlines } from './deadlines.ts';
import { notFound } from './problem.ts';
import type { ServiceSettings } from './settings.ts';

/**
 * Routes of either port are not there on the other one. Does nothing where there is no such port.
 * @returns the function that listens on it, once the service is ready; it ends with the service
 */
export function partPorts(
  fastify: FastifyInstance,
  settings: Pick<ServiceSettings, 'host' | 'managementPort' | 'requestTimeoutMs'>,
): () => Promise<void> {
  const { host, managementPort: port } = settings;
  if (port === 0) return () => Promise.resolve();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { url = '' } = request.routeOptions;
    const isForOperators = url === '/metrics' || url.startsWith('/docs');
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
