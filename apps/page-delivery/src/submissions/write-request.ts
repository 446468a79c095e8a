// Makes the fields of a submission that all kinds have: its id, its time, and the hashes of its asker and its body.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { readTraceparent, type Actor, type Definition } from '@vouchers/contracts';
import { badRequest, callerOf, idempotencyKeyOf, otherTeam, type Caller } from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { askerOf, hashOfBody, submissionIdOf } from './idempotency.ts';

/** The request for a write. The parameters of a DELETE are in its `body`. */
export interface WriteRequest<Body extends object = object> {
  request: FastifyRequest;
  caller: Caller;
  key: string | undefined;
  body: Body;
}

export const writeRequestOf = <Body extends object>(request: FastifyRequest): WriteRequest<Body> => ({
  request,
  caller: callerOf(request),
  key: idempotencyKeyOf(request),
  body: (request.method === 'DELETE' ? { ...(request.query as object) } : request.body) as Body,
});

/** The parameter of a handler that is the request for a write. */
export const Write = createParamDecorator((_: unknown, context: ExecutionContext) =>
  writeRequestOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** The actor of a submission that staff or a service sends, so that events name who acted. */
export const actorOf = ({ sub, team, name }: Caller): Actor => ({ sub, team, ...(name !== undefined && { name }) });

export interface SubmissionBasis {
  submissionId: string;
  voucherId: string;
  at: string;
  asker: string;
  bodyHash: string;
  traceparent?: string;
}

/**
 * @throws ProblemError 400 for X-Occurred-At if the voucher has the wall clock; 403 if the voucher belongs to another
 * team, since its time decides which later submissions are possible.
 */
export function basisOf(
  { request, caller, key, body }: WriteRequest,
  { voucherId, spec, team }: Definition,
): SubmissionBasis {
  if (caller.occurredAt) {
    if (spec.clock !== 'submissions')
      throw badRequest('X-Occurred-At is only for vouchers with "clock": "submissions".');
    if (team !== caller.team) throw otherTeam();
  }
  const path = request.url.split('?', 1)[0]!;
  const { traceparent } = request.headers;
  return {
    submissionId: submissionIdOf(caller, request.method, path, key),
    voucherId,
    at: (caller.occurredAt ?? new Date()).toISOString(),
    asker: askerOf(caller),
    bodyHash: hashOfBody(body),
    ...(typeof traceparent === 'string' && readTraceparent(traceparent) && { traceparent }),
  };
}
