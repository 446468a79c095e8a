// What a route declares about itself. It travels as Fastify's route config, so that hooks before the body see it.
import type { Scope } from '@vouchers/contracts';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';

export interface RouteDeclaration {
  /** Any of these scopes; `public`: no token. A route without either does not start. */
  access?: 'public' | readonly Scope[];
  /** Bytes. Default 256 kB. */
  bodyLimit?: number;
  /** Header that must be there, else 428. */
  needs?: 'if-match' | 'idempotency-key';
  /** Under claims:act X-User-Id must, or may, name the user. */
  user?: 'required' | 'optional';
}

declare module 'fastify' {
  interface FastifyContextConfig extends RouteDeclaration {}
}

const declare =
  (declaration: RouteDeclaration): MethodDecorator =>
  (_target, _property, descriptor) => {
    const handler = descriptor.value as object;
    const before = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as RouteDeclaration | undefined;
    Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, { ...before, ...declaration }, handler);
  };

/** The token must have any one of these scopes. */
export const Scopes = (...scopes: Scope[]): MethodDecorator => declare({ access: scopes });
/** No token is asked for. */
export const Public = (): MethodDecorator => declare({ access: 'public' });
/** Another limit of the body than 256 kB. Unit: bytes. */
export const BodyLimit = (bytes: number): MethodDecorator => declare({ bodyLimit: bytes });
/** 428 without If-Match. */
export const NeedsIfMatch = (): MethodDecorator => declare({ needs: 'if-match' });
/** 428 without Idempotency-Key. */
export const NeedsIdempotencyKey = (): MethodDecorator => declare({ needs: 'idempotency-key' });
/** The route is about a user: under claims:act X-User-Id is required (400 without), or optional. */
export const AboutUser = (user: 'required' | 'optional' = 'required'): MethodDecorator => declare({ user });
