// Locks a claim for one order, and unlocks it.
import { Body, Controller, Delete, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Claim } from '@vouchers/contracts';
import { CLAIM } from '@vouchers/contracts/schemas';
import { AboutUser, CurrentCaller, IdempotencyKey, Queries, Scopes, type Caller } from '@vouchers/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Pending } from '../submissions/answering.ts';
import { AnswersRepeatableDecision } from '../submissions/answers-decision.ts';
import { ClaimReads } from '../wallet/claim.reads.ts';
import { ClaimDesk } from './claim-desk.ts';
import { lockBody, type LockBody } from './claim.bodies.ts';

@Controller('v1/claims/:id/lock')
export class LocksController {
  constructor(
    private readonly claims: ClaimReads,
    private readonly desk: ClaimDesk,
  ) {}

  @Put()
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @ApiOperation({ summary: 'Lock a claim for one order' })
  @AnswersRepeatableDecision(CLAIM)
  async lockClaim(
    @Param('id') id: string,
    @Body(lockBody) body: LockBody,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Claim | Pending> {
    const claim = await this.claims.find(id, caller.userId!);
    const write = { request, caller, key, body };
    return this.desk.decide(reply, claim, write, { kind: 'lock', userId: claim.userId, ...body });
  }

  @Delete()
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @ApiOperation({ summary: 'Unlock a claim' })
  @Queries({ orderId: { type: 'string', minLength: 1, maxLength: 200 } })
  @AnswersRepeatableDecision(CLAIM)
  async unlockClaim(
    @Param('id') id: string,
    @Query('orderId') orderId: string,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Claim | Pending> {
    const claim = await this.claims.find(id, caller.userId!);
    const write = { request, caller, key, body: { orderId } };
    // Without a key, the unlocking of a claim that is not locked counts as success. With a key it is refused, and every
    // repeat of the key gets the same refusal.
    const unless = key === undefined ? 'not-locked' : undefined;
    return this.desk.decide(reply, claim, write, { kind: 'unlock', userId: claim.userId, orderId }, unless);
  }
}
