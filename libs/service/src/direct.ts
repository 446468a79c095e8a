// The hottest routes: their handler is called by Fastify itself. Nest's own way to it (a proxy, pipes, observables, ten
// promises) costs as much as Fastify's whole answer. Declared, documented and wired they are as all others.
import type { ExecutionContext, INestApplicationContext, Type } from '@nestjs/common';
import {
  CUSTOM_ROUTE_ARGS_METADATA,
  HEADERS_METADATA,
  HTTP_CODE_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';

/** A controller's method that Fastify calls. */
export interface DirectHandler {
  type: Type;
  property: string;
}

type Extract = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** What Nest keeps of a parameter, under `type:index`. */
interface Parameter {
  index: number;
  data?: unknown;
  pipes?: unknown[];
  factory?(data: unknown, context: ExecutionContext): unknown;
}

/** Routes that declare it are called so. */
export function callDirectly(fastify: FastifyInstance, app: INestApplicationContext): void {
  fastify.addHook('onRoute', (route) => {
    const { direct } = route.config ?? {};
    if (direct) route.handler = directHandler(app, direct, String(route.method));
  });
}

/**
 * Makes the handler. Guards and interceptors are not called, and what the method gives is sent as it is.
 * @throws Error where a parameter has a pipe, or is of a kind that is not known here.
 */
function directHandler(
  app: INestApplicationContext,
  { type, property }: DirectHandler,
  method: string,
): RouteHandlerMethod {
  const controller = app.get<Record<string, (...parameters: unknown[]) => unknown>>(type, { strict: false });
  const call = controller[property]!;
  const status =
    (Reflect.getMetadata(HTTP_CODE_METADATA, call) as number | undefined) ?? (method === 'POST' ? 201 : 200);
  const headers = (Reflect.getMetadata(HEADERS_METADATA, call) ?? []) as { name: string; value: string }[];
  const metadata = (Reflect.getMetadata(ROUTE_ARGS_METADATA, type, property) ?? {}) as Record<string, Parameter>;
  const extracts: Extract[] = [];
  for (const [key, parameter] of Object.entries(metadata)) extracts[parameter.index] = extractOf(key, parameter);
  return (request, reply) => {
    reply.code(status);
    for (const { name, value } of headers) reply.header(name, value);
    return call.apply(
      controller,
      extracts.map((extract) => extract(request, reply)),
    );
  };
}

function extractOf(key: string, { data, pipes = [], factory }: Parameter): Extract {
  if (pipes.length > 0) throw new Error(`${key}: a pipe is not called by @Direct()`);
  if (key.includes(CUSTOM_ROUTE_ARGS_METADATA)) return (request, reply) => factory!(data, contextOf(request, reply));
  const name = data as string | undefined;
  const field = (of: object | undefined): unknown => (name === undefined ? of : of?.[name as keyof typeof of]);
  switch (Number(key.split(':', 1)[0])) {
    case RouteParamtypes.REQUEST:
      return (request) => request;
    case RouteParamtypes.RESPONSE:
      return (_request, reply) => reply;
    case RouteParamtypes.BODY:
      return ({ body }) => field(body as object);
    case RouteParamtypes.PARAM:
      return ({ params }) => field(params as object);
    default:
      throw new Error(`${key}: such a parameter is not known to @Direct()`);
  }
}

/** As much of it as decorators of parameters ask for. */
function contextOf(request: FastifyRequest, reply: FastifyReply): ExecutionContext {
  return { switchToHttp: () => ({ getRequest: () => request, getResponse: () => reply }) } as ExecutionContext;
}
