// Decorators with which a route declares its rules.
import { applyDecorators, type Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ApiBody, ApiHeader, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from '@vouchers/contracts';
import { TIME } from '@vouchers/contracts/schemas';
import { Refuses } from './answers.decorator.ts';
import { ClassBody } from './body.pipe.ts';
import { CompiledBody } from './compiled.body.ts';
import { declareRoute } from './route-declaration.ts';

export { declareRoute };

/** Name of the security scheme that the scopes are of. */
export const TOKEN = 'token';

/** The token must have any one of these scopes. */
export const Scopes = (...scopes: Scope[]): MethodDecorator =>
  applyDecorators(
    declareRoute({ access: scopes }),
    takeBody,
    // Each of its own: any one of them will do.
    ...scopes.map((scope) => ApiSecurity(TOKEN, [scope])),
  );
/** No token is asked for. */
export const Public = (): MethodDecorator => applyDecorators(declareRoute({ access: 'public' }), takeBody);
/**
 * For the hottest routes: Fastify calls the method itself, as `method(request, reply)`, without Nest's guards, pipes and
 * interceptors. It sets its own status and headers; `@ApiParam` and `@TakesBody` document its parameters.
 */
export const Direct = (): MethodDecorator => (target, property, descriptor) =>
  declareRoute({ direct: { type: target.constructor as Type, property: String(property) } })(
    target,
    property,
    descriptor,
  );
/** Another limit of the body than 256 kB. Unit: bytes. */
export const BodyLimit = (bytes: number): MethodDecorator => declareRoute({ bodyLimit: bytes });
/** The handler is given the bytes: a thread parses and checks them. */
export const Unparsed = (): MethodDecorator => declareRoute({ unparsed: true });
/** 428 without If-Match. */
export const NeedsIfMatch = (): MethodDecorator =>
  applyDecorators(declareRoute({ needs: 'if-match' }), IfMatch(true), Refuses([412, 428]));
/** If-Match may be sent: 412 where it does not name the newest version. */
export const TakesIfMatch = (): MethodDecorator => applyDecorators(IfMatch(false), Refuses([412]));
const IfMatch = (required: boolean): MethodDecorator =>
  ApiHeader({ name: 'If-Match', required, description: 'The ETag that was read', schema: { type: 'string' } });
/** 428 without Idempotency-Key. */
export const NeedsIdempotencyKey = (): MethodDecorator =>
  applyDecorators(declareRoute({ needs: 'idempotency-key' }), Key(true), Refuses([428]));
/** Idempotency-Key may be sent. */
export const TakesIdempotencyKey = (): MethodDecorator => Key(false);
const IDEMPOTENCY_KEY = { type: 'string', pattern: '^[!-~]{1,255}$' } as const;
const Key = (required: boolean): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required,
    description: 'Asked again, it is answered as decided',
    schema: IDEMPOTENCY_KEY,
  });
const USER_ID_HEADER = { type: 'string', pattern: '^([!#-~][!-~]{0,254}|"[ -~]+")$' } as const;
/** The route is about a user: under claims:act X-User-Id is required (400 without), or optional. */
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
      schema: TIME as object,
    }),
  );

/** The body of a `@Direct()` method. It is checked before the method is called. */
export const TakesBody = (compiled: CompiledBody<unknown>): MethodDecorator =>
  applyDecorators(declareRoute({ body: compiled }), documentedBody(compiled));
const documentedBody = ({ documented }: CompiledBody<unknown>): MethodDecorator =>
  ApiBody({ required: 'required' in documented, schema: documented as object });

interface BodyParameter {
  index: number;
  pipes: unknown[];
}

/**
 * The body is checked before Nest's handler and documented by its schema. As a pipe the check would cost a claim more
 * than all else that Nest does: each parameter of its route would get promises of its own.
 * Parameters are decorated before their method.
 */
const takeBody: MethodDecorator = (target, property, descriptor) => {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, property) ?? {}) as object;
  const [, parameter] = Object.entries(parameters).find(([key]) => key.startsWith(`${RouteParamtypes.BODY}:`)) ?? [];
  if (!parameter) return;
  const { index, pipes } = parameter as BodyParameter;
  const compiled = pipes.find((pipe) => pipe instanceof CompiledBody);
  (parameter as BodyParameter).pipes = pipes.filter((pipe) => pipe !== compiled);
  const types = Reflect.getMetadata('design:paramtypes', target, property) as unknown[];
  const body = compiled ?? ClassBody.of(types[index]);
  if (body) declareRoute({ body })(target, property, descriptor);
  if (compiled) documentedBody(compiled)(target, property, descriptor);
};
