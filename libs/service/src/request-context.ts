// What log lines, and what a request causes elsewhere, tell of the request that they belong to.
import { AsyncLocalStorage } from 'node:async_hooks';
import { readTraceparent } from '@vouchers/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Little, and nothing of the request itself: sockets opened meanwhile keep it for as long as they live. */
interface RequestContext {
  requestId: string;
  traceparent: string | undefined;
}

const requests = new AsyncLocalStorage<RequestContext>();

/** Each request's handler, and all that it awaits, knows its request. After the body: its events know no context. */
export function knowRequests(fastify: FastifyInstance): void {
  fastify.addHook('preHandler', (request, _reply, done) => requests.run(contextOf(request), done));
}

/** W3C `traceparent` of the request that is being handled: its own span's, or what came with it. Undefined elsewhere. */
export function currentTraceparent(): string | undefined {
  return requests.getStore()?.traceparent;
}

/** The ids that a request's log lines bear: those of the one being handled where none is given. */
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
