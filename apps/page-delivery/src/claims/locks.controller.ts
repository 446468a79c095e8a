// A claim is set aside for one order, and freed again.
import { Body, Controller, Delete, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Claim } from '@vouchers/contracts';
import { CLAIM } from '@vouchers/contracts/schemas';
import { AboutUser, badRequest, CurrentCaller, IdempotencyKey, Queries, Scopes, type Caller } from '@vouchers/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Definitions } from '../read-model/definitions.ts';
import { answered, type Pending } from '../submissions/answering.ts';
import { AnswersRepeatableDecision } from '../submissions/answers-decision.ts';
import { basisOf } from '../submissions/asked.ts';
import { SubmissionDesk } from '../submissions/submission-desk.ts';
import { KnownClaims } from '../wallet/known-claims.ts';
import { lockBody, type LockBody } from './claim.bodies.ts';

@Controller('v1/claims/:id/lock')
export class LocksController {
  constructor(
    private readonly definitions: Definitions,
    private readonly claims: KnownClaims,
    private readonly desk: SubmissionDesk,
  ) {}

  @Put()
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @ApiOperation({ summary: 'Set a claim aside for one order' })
  @AnswersRepeatableDecision(CLAIM)
  async lock(
    @Param('id') id: string,
    @Body(lockBody) body: LockBody,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Claim | Pending> {
    const claim = await this.claims.find(id, caller.userId!);
    const basis = basisOf({ request, caller, key, body }, await this.definitions.find(claim.voucherId));
    const answer = await this.desk.submit({ ...basis, kind: 'lock', claimId: claim.id, userId: claim.userId, ...body });
    return answered(reply, answer, 200, (verdict, position) => this.claims.after(verdict, position, claim.id));
  }

  @Delete()
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @ApiOperation({ summary: 'Free it again' })
  @Queries({ orderId: { type: 'string', minLength: 1, maxLength: 200 } })
  @AnswersRepeatableDecision(CLAIM)
  async unlock(
    @Param('id') id: string,
    @Query('orderId') orderId: unknown,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Claim | Pending> {
    if (typeof orderId !== 'string' || orderId.length < 1 || orderId.length > 200) {
      throw badRequest([{ pointer: '/orderId', message: 'must be given once, 1 to 200 characters' }]);
    }
    const claim = await this.claims.find(id, caller.userId!);
    const basis = basisOf({ request, caller, key, body: { orderId } }, await this.definitions.find(claim.voucherId));
    const answer = await this.desk.submit({
      ...basis,
      kind: 'unlock',
      claimId: claim.id,
      userId: claim.userId,
      orderId,
    });
    // Always a submission: what was not locked is as it was asked to be, unless the key makes the answer one for ever.
    const unless = key === undefined ? 'not-locked' : undefined;
    return answered(reply, answer, 200, (verdict, position) => this.claims.after(verdict, position, claim.id), unless);
  }
}
