// What is asked of a claim that exists becomes a submission, and its decision the answer: release, lock, unlock, revoke.
import { Injectable } from '@nestjs/common';
import type { Claim, Reason, SubmissionOf } from '@vouchers/contracts';
import type { FastifyReply } from 'fastify';
import { Definitions } from '../read-model/definitions.ts';
import { answered, type Pending } from '../submissions/answering.ts';
import { basisOf, type Asked, type SubmissionBasis } from '../submissions/asked.ts';
import { SubmissionDesk } from '../submissions/submission-desk.ts';
import { KnownClaims } from '../wallet/known-claims.ts';

type OwnFields<Of> = Of extends unknown ? Omit<Of, keyof SubmissionBasis | 'claimId'> : never;
/** What a submission of that kind says beside what all of them do. */
export type AskedOfClaim = OwnFields<SubmissionOf<'release' | 'lock' | 'unlock' | 'revoke'>>;

@Injectable()
export class ClaimDesk {
  constructor(
    private readonly definitions: Definitions,
    private readonly claims: KnownClaims,
    private readonly desk: SubmissionDesk,
  ) {}

  /**
   * @param unless a refusal that is none, because the claim is as it was asked to be.
   * @throws ProblemError as SubmissionDesk.submit, and 409 with the reason of a refusal.
   */
  async decide(
    reply: FastifyReply,
    { id: claimId, voucherId }: Claim,
    asked: Asked,
    what: AskedOfClaim,
    unless?: Reason,
  ): Promise<Claim | Pending> {
    const basis = basisOf(asked, await this.definitions.find(voucherId));
    const answer = await this.desk.submit({ ...basis, claimId, ...what });
    return answered(reply, answer, 200, (verdict, position) => this.claims.after(verdict, position, claimId), unless);
  }
}
