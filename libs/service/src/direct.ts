// Lets Fastify call the methods of the hottest routes itself, as `method(request, reply)`. Nest's way to a method (a
// proxy, pipes, observables, ten promises) costs as much as Fastify's whole answer.
import type { INestApplicationContext, Type } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A controller's method that Fastify calls. */
export interface DirectHandler {
  type: Type;
  property: string;
}

type Method = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** Gives the methods of `@Direct()` routes to Fastify. Nest's guards, pipes and interceptors are not called. */
export function callDirectly(fastify: FastifyInstance, app: INestApplicationContext): void {
  fastify.addHook('onRoute', (route) => {
    const { direct } = route.config ?? {};
    if (!direct) return;
    const controller = app.get<Record<string, Method>>(direct.type, { strict: false });
    route.handler = (request, reply) => controller[direct.property]!(request, reply);
  });
}
