import type { Reason } from '@vouchers/contracts';
import { constant, ID, named, record, type TypeOf } from '@vouchers/contracts/schemas';
import { conflict } from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import type { AwaitedDecision } from './outcomes.waiter.ts';
import { answerHeaders, type Answer } from './submission-desk.ts';

/** The body of a 202. */
export const PENDING = named('Pending', record({ submissionId: ID, status: constant('pending') }));
export type Pending = TypeOf<typeof PENDING>;

/**
 * Sets the status and the headers of a write's answer. Returns its body: the result of `show` for a grant, or a 202.
 * @param unless the reason of a refusal that counts as success, because the write would change nothing
 * @throws ProblemError 409 with the reason of another refusal
 */
export async function answered<T>(
  reply: FastifyReply,
  answer: Answer,
  status: 200 | 201,
  show: (decision: AwaitedDecision) => T | Promise<T>,
  unless?: Reason,
): Promise<T | Pending> {
  const { submissionId } = answer;
  if (answer.status === 'pending') {
    void reply.code(202).headers({ ...answerHeaders(submissionId), location: `/v1/submissions/${submissionId}` });
    return { submissionId, status: 'pending' };
  }
  const { data, position } = answer.decision;
  const headers = answerHeaders(submissionId, position);
  if (data.reason !== undefined && data.reason !== unless) throw conflict(data.reason, headers);
  void reply.code(status).headers(headers);
  return show(answer.decision);
}
