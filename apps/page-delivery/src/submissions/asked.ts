// From a request to what every submission bears: its id, its time, and the hash of who asked and of the body.
import { readTraceparent, type Definition } from '@vouchers/contracts';
import { badRequest, otherTeam, type Caller } from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { askerOf, hashOfBody, submissionIdOf } from './idempotency.ts';

/** A write as it was asked. `body`: also what stands in the query of a DELETE. */
export interface Asked {
  request: FastifyRequest;
  caller: Caller;
  key: string | undefined;
  body: object;
}

/** Stands with what staff and services do, so that the trail of a claim says who it was. */
export const actorOf = ({ sub, team }: Caller): { sub: string; team: string } => ({ sub, team });

export interface SubmissionBasis {
  submissionId: string;
  voucherId: string;
  at: string;
  asker: string;
  bodyHash: string;
  traceparent?: string;
}

/**
 * @throws ProblemError 400 for X-Occurred-At where the voucher's clock is the wall's, 403 where it is another team's:
 * whoever sets the clock of a voucher decides what may still happen to it.
 */
export function basisOf({ request, caller, key, body }: Asked, { voucherId, spec, team }: Definition): SubmissionBasis {
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
