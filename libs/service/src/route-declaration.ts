// A route's declaration. It is stored in Fastify's route config, so that hooks that run before the body is read see it.
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { Scope } from '@vouchers/contracts';
import type { FastifyContextConfig } from 'fastify';
import type { BodyCheck } from './compiled.body.ts';
import type { DirectHandler } from './direct.ts';
import type { QueryCheck } from './query.ts';

export interface RouteDeclaration {
  /**
   * One of these scopes is needed; `public`: no token is needed. A service with a route that has neither does not
   * start.
   */
  access?: 'public' | readonly Scope[];
  /** Bytes. Default 256 kB. */
  bodyLimit?: number;
  /** A required header; without it 428. */
  needs?: 'if-match' | 'idempotency-key';
  /** Whether X-User-Id must, or may, name the user under claims:act. */
  user?: 'required' | 'optional';
  /** Whether Fastify calls the handler itself: see `Direct`. */
  direct?: DirectHandler;
  /** Set by `@Queries`. Without it a route under `/v1` takes no query. */
  query?: QueryCheck;
  /** Set for a `@Body()` that has a schema or a class with rules. */
  body?: BodyCheck;
  /** The body is handed on as bytes: see `Unparsed`. */
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
