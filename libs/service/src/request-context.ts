// The ids of the current request, for log lines and for calls and records that the request causes.
import { AsyncLocalStorage } from 'node:async_hooks';
import { readTraceparent } from '@vouchers/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Small and without the request itself, because sockets that open during the request keep it as long as they live. */
interface RequestContext {
  requestId: string;
  traceparent: string | undefined;
}

const requests = new AsyncLocalStorage<RequestContext>();

/**
 * Sets the context of each request before its handler. Earlier hooks would lose it, because the body's events have
 * none.
 */
export function knowRequests(fastify: FastifyInstance): void {
  fastify.addHook('preHandler', (request, _reply, done) => requests.run(contextOf(request), done));
}

/** The `traceparent` of the current request: its own span or the caller's. Undefined outside of requests. */
export function currentTraceparent(): string | undefined {
  return requests.getStore()?.traceparent;
}

/** The ids for log lines of the given or current request. */
export function idsOf(request?: FastifyRequest): { requestId?: string; traceId?: string } {
  const context = request ? contextOf(request) : requests.getStore();
  if (!context) return {};
  const traceId = readTraceparent(context.traceparent)?.traceId;
  return { requestId: context.requestId, ...(traceId && { traceId }) };
}

function contextOf({ id, headers: { traceparent } }: FastifyRequest): RequestContext {
  const isOne = typeof traceparent === 'string' && readTraceparent(traceparent) !== undefined;
  return { requestId: id, traceparent: isOne ? traceparent : undefined };
}
