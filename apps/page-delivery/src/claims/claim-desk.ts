// Makes a submission from a command to an existing claim (release, lock, unlock, revoke or extend), and an answer from its
// decision.
import { Injectable } from '@nestjs/common';
import type { Claim, Reason, SubmissionOf } from '@vouchers/contracts';
import type { FastifyReply } from 'fastify';
import { Definitions } from '../read-model/definitions.ts';
import { answered, type Pending } from '../submissions/answering.ts';
import { basisOf, type WriteRequest, type SubmissionBasis } from '../submissions/write-request.ts';
import { SubmissionDesk } from '../submissions/submission-desk.ts';
import { ClaimReads } from '../wallet/claim.reads.ts';

type OwnFields<Of> = Of extends unknown ? Omit<Of, keyof SubmissionBasis | 'claimId'> : never;
/** The fields of a submission that differ between the commands. */
export type ClaimCommand = OwnFields<SubmissionOf<'release' | 'lock' | 'unlock' | 'revoke' | 'extension'>>;

@Injectable()
export class ClaimDesk {
  constructor(
    private readonly definitions: Definitions,
    private readonly claims: ClaimReads,
    private readonly desk: SubmissionDesk,
  ) {}

  /**
   * @param unless the reason of a refusal that counts as success, because the claim already is as the command wants it
   * @throws ProblemError as SubmissionDesk.submit does, and 409 with the reason of another refusal
   */
  async decide(
    reply: FastifyReply,
    { id: claimId, voucherId }: Claim,
    write: WriteRequest,
    command: ClaimCommand,
    unless?: Reason,
  ): Promise<Claim | Pending> {
    const basis = basisOf(write, await this.definitions.find(voucherId));
    const answer = await this.desk.submit({ ...basis, claimId, ...command });
    return answered(reply, answer, 200, (decision) => this.claims.after(decision, claimId), unless);
  }
}
