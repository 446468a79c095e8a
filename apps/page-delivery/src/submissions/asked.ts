// From a request to what every submission bears: its id, its time, and the hash of who asked and of the body.
import { readTraceparent, type Definition } from '@vouchers/contracts';
import { badRequest, type Caller } from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { askerOf, hashOfBody, submissionIdOf } from './idempotency.ts';

/** A write as it was asked. `body`: also what stands in the query of a DELETE. */
export interface Asked {
  request: FastifyRequest;
  caller: Caller;
  key: string | undefined;
  body: object;
}

export interface SubmissionBasis {
  submissionId: string;
  voucherId: string;
  at: string;
  asker: string;
  bodyHash: string;
  traceparent?: string;
}

/** @throws ProblemError 400 for X-Occurred-At where the voucher's clock is the wall's. */
export function basisOf({ request, caller, key, body }: Asked, { voucherId, spec }: Definition): SubmissionBasis {
  if (caller.occurredAt && spec.clock !== 'submissions') {
    throw badRequest('X-Occurred-At is only for vouchers with "clock": "submissions".');
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
