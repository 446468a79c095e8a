// The declaration of a route. It is stored in Fastify's route config, because hooks need it before the body is read.
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { Scope } from '@vouchers/contracts';
import type { FastifyContextConfig } from 'fastify';
import type { BodyCheck } from './compiled.body.ts';
import type { DirectHandler } from './direct.ts';
import type { QueryCheck } from './query.ts';

export interface RouteDeclaration {
  /**
   * The caller needs one of these scopes, or no token if the route is `public`. A service with a route that declares
   * neither does not start.
   */
  access?: 'public' | readonly Scope[];
  /** The largest body in bytes. Default 256 kB. */
  bodyLimit?: number;
  /** A required header. Without it the answer is 428. */
  needs?: 'if-match' | 'idempotency-key';
  /** Whether X-User-Id is required or optional with the scope claims:act. */
  user?: 'required' | 'optional';
  /** The handler that Fastify calls itself: see `Direct`. */
  direct?: DirectHandler;
  /** Set by `@Queries`. Without it a route under `/v1` takes no query. */
  query?: QueryCheck;
  /** Set for a `@Body()` that has a schema or a class with rules. */
  body?: BodyCheck;
  /** Whether the handler receives the body as bytes: see `Unparsed`. */
  unparsed?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig extends RouteDeclaration {}
}

/** Adds to the route's declaration, which hooks read from `request.routeOptions.config`. */
export const declareRoute =
  (declaration: FastifyContextConfig): MethodDecorator =>
  (_target, _property, descriptor) => {
    const handler = descriptor.value as object;
    const before = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as FastifyContextConfig | undefined;
    Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, { ...before, ...declaration }, handler);
  };
