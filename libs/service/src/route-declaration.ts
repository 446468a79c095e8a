// The declaration of a route. It is stored in Fastify's route config, because hooks need it before the body is read.
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Scope } from '@vouchers/contracts';
import type { FastifyContextConfig } from 'fastify';
import type { CompiledBody } from './compiled.body.ts';
import type { DirectHandler } from './direct.ts';
import type { QueryCheck } from './query.ts';

export interface RouteDeclaration {
  /**
   * The caller needs one of these scopes, or no token if the route is `public`. A service with a route that declares
   * neither does not start.
   */
  access?: 'public' | readonly Scope[];
  /** Whether the route shows the things of all teams. With TENANCY=team it then needs the scope audit:read, too. */
  ofAllTeams?: boolean;
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
  /** Set by `@TakesBody`. */
  body?: CompiledBody;
  /** Whether the handler receives the body as bytes: see `Unparsed`. */
  unparsed?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig extends RouteDeclaration {}
}

const declarations = new WeakMap<object, FastifyContextConfig>();

/** Adds to the route's declaration, which hooks read from `request.routeOptions.config`. */
export const declareRoute =
  (more: FastifyContextConfig): MethodDecorator =>
  (target, property, descriptor) => {
    const handler = descriptor.value as object;
    const declaration = { ...declarations.get(handler), ...more };
    declarations.set(handler, declaration);
    RouteConfig(declaration)(target, property, descriptor);
  };
