import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Facts } from '@vouchers/contracts';
import type { FastifyRequest } from 'fastify';

/** The caller, from the token and (under claims:act) X-User-Id and X-User-Attrs. */
export interface Caller {
  sub: string;
  /** The name to show. */
  name?: string;
  /** The token's `team`, or `default`. */
  team: string;
  /** Team and sub in one text. */
  key: string;
  /**
   * The time at which the token expires or must be verified again (Unix ms). Streams end then.
   */
  goodUntil: number;
  scopes: ReadonlySet<string>;
  /** The token's own `attrs`. */
  attributes: Facts;
  /** True if the token has the scope claims:act: a service that acts for a user. */
  acting: boolean;
  /** The user of the request: X-User-Id of an acting token (undefined if optional and absent), otherwise `sub`. */
  userId?: string;
  /** The attributes of that user: X-User-Attrs of an acting token (or {}), otherwise `attributes`. */
  userAttributes: Facts;
  /** True if an acting token sent X-User-Attrs. */
  attributesGiven: boolean;
  /** X-Occurred-At of a token with the scope clock:set. */
  occurredAt?: Date;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller?: Caller;
  }
}

/** The caller of a request to a route with `@Scopes`. */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (!caller) throw new Error('a route without @Scopes has no caller');
  return caller;
}

/** The Idempotency-Key of a request: 1 to 255 visible ASCII characters. It is undefined if absent. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  return Array.isArray(key) ? key[0] : key;
}

const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest<FastifyRequest>();
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callerOf(requestOf(context)),
);
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext) =>
  idempotencyKeyOf(requestOf(context)),
);
