import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Facts } from '@vouchers/contracts';
import type { FastifyRequest } from 'fastify';

/** The caller, from the token and (under claims:act) X-User-Id and X-User-Attrs. */
export interface Caller {
  sub: string;
  /** The token's `team`, else `default`. */
  team: string;
  /** Team and sub in one. */
  key: string;
  /**
   * When the token runs out, or must be verified again: what goes on for longer than a request ends then. Unix
   * milliseconds.
   */
  goodUntil: number;
  scopes: ReadonlySet<string>;
  /** The token's own `attrs`. */
  attributes: Facts;
  /** The token has claims:act: a service that acts for a user. */
  acting: boolean;
  /** The user it is about: X-User-Id of an acting token (undefined where optional and not given), else `sub`. */
  userId?: string;
  /** Attributes of that user: X-User-Attrs of an acting token ({} without), else `attributes`. */
  userAttributes: Facts;
  /** An acting token sent X-User-Attrs. */
  attributesGiven: boolean;
  /** X-Occurred-At of a token with clock:set. */
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

/** The Idempotency-Key: 1–255 visible ASCII characters, checked before; undefined where there is none. */
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
