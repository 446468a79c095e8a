import type { FastifyInstance } from 'fastify';
import type { ServiceSettings } from './settings.ts';

/** Puts the gateway's path before each `Location` of this service. */
export function keepBasePath(
  fastify: FastifyInstance,
  { publicBasePath }: Pick<ServiceSettings, 'publicBasePath'>,
): void {
  if (publicBasePath === '') return;
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    const location = reply.getHeader('location');
    if (typeof location === 'string' && /^\/(?!\/)/.test(location)) reply.header('location', publicBasePath + location);
    done(null, payload);
  });
}
