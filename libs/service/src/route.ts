// Decorators with which a route declares its rules.
import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from '@vouchers/contracts';
import { Refuses } from './answers.decorator.ts';
import type { CompiledBody } from './compiled.body.ts';
import { declareRoute } from './route-declaration.ts';

export { declareRoute };

/** The name of the security scheme that has the scopes. */
export const TOKEN = 'token';

/** The caller needs a token with one of these scopes. */
export const Scopes = (...scopes: Scope[]): MethodDecorator =>
  applyDecorators(
    declareRoute({ access: scopes }),
    // One requirement per scope, because one of them is enough.
    ...scopes.map((scope) => ApiSecurity(TOKEN, [scope])),
  );
/** The route shows the things of all teams: with TENANCY=team, the caller needs the scope audit:read, too. */
export const OfAllTeams = (): MethodDecorator => declareRoute({ ofAllTeams: true });
/** The caller needs no token. */
export const Public = (): MethodDecorator => declareRoute({ access: 'public' });
/**
 * For the hottest routes: Fastify calls the method itself, as `method(request, reply)`, without Nest's guards, pipes
 * and interceptors. It sets its own status and headers; `@ApiParam` and `@TakesBody` document its parameters.
 */
export const Direct = (): MethodDecorator => (target, property, descriptor) =>
  declareRoute({ direct: { type: target.constructor as Type, property: String(property) } })(
    target,
    property,
    descriptor,
  );
/** Sets a limit for the body other than 256 kB. */
export const BodyLimit = (bytes: number): MethodDecorator => declareRoute({ bodyLimit: bytes });
/** The handler receives the body as bytes, because a thread parses and checks it. */
export const Unparsed = (): MethodDecorator => declareRoute({ unparsed: true });
/** If-Match is required. Without it the answer is 428. */
export const NeedsIfMatch = (): MethodDecorator =>
  applyDecorators(declareRoute({ needs: 'if-match' }), IfMatch(true), Refuses([412, 428]));
/** If-Match is optional. The answer is 412 if it does not name the newest version. */
export const TakesIfMatch = (): MethodDecorator => applyDecorators(IfMatch(false), Refuses([412]));
const IfMatch = (required: boolean): MethodDecorator =>
  ApiHeader({ name: 'If-Match', required, description: 'The ETag that was read', schema: { type: 'string' } });
/** Idempotency-Key is required. Without it the answer is 428. */
export const NeedsIdempotencyKey = (): MethodDecorator =>
  applyDecorators(declareRoute({ needs: 'idempotency-key' }), Key(true), Refuses([428]));
/** Idempotency-Key is optional. */
export const TakesIdempotencyKey = (): MethodDecorator => Key(false);
const IDEMPOTENCY_KEY = { type: 'string', pattern: '^[!-~]{1,255}$' } as const;
const Key = (required: boolean): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required,
    description: 'Asked again, it is answered as decided',
    schema: IDEMPOTENCY_KEY,
  });
/** A pattern instead of the format date-time: some generators leave out calls with a header of that format. */
const OCCURRED_AT = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT' } as const;
const USER_ID_HEADER = { type: 'string', pattern: '^([!#-~][!-~]{0,254}|"[ -~]+")$' } as const;
/** The route is about a user. With the scope claims:act, X-User-Id is optional or required (400 without it). */
export const AboutUser = (user: 'required' | 'optional' = 'required'): MethodDecorator =>
  applyDecorators(
    declareRoute({ user }),
    ApiHeader({
      name: 'X-User-Id',
      required: false,
      description: `With the scope claims:act: ${user}. At most 255 characters; one with others than visible ASCII, or that begins with a quotation mark, as a JSON string: "\\u00e9 a"`,
      schema: USER_ID_HEADER,
    }),
    ApiHeader({
      name: 'X-User-Attrs',
      required: false,
      description: 'With the scope claims:act: a JSON object, non-ASCII as \\uXXXX',
      schema: { type: 'string', pattern: '^[ -~]*$' },
    }),
    ApiHeader({
      name: 'X-Occurred-At',
      required: false,
      description: 'With the scope clock:set, for vouchers with the clock `submissions`',
      schema: OCCURRED_AT,
    }),
  );

/**
 * Declares the route's body: it is documented, and checked before the handler runs. The check is no pipe, because with a
 * pipe Nest makes promises for each parameter, which costs more than all its other work.
 */
export const TakesBody = (body: CompiledBody): MethodDecorator =>
  applyDecorators(
    declareRoute({ body }),
    ApiBody({ required: 'required' in body.documented, schema: body.documented as object }),
  );
