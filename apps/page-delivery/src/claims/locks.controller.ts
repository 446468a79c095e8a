// Locks a claim for one order, and unlocks it.
import { Controller, Delete, Param, Put, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Claim } from '@vouchers/contracts';
import { CLAIM } from '@vouchers/contracts/schemas';
import { AboutUser, Queries, Scopes, TakesBody } from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import type { Pending } from '../submissions/answering.ts';
import { AnswersRepeatableDecision } from '../submissions/answers-decision.ts';
import { Write, type WriteRequest } from '../submissions/write-request.ts';
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
  @TakesBody(lockBody)
  async lockClaim(
    @Param('id') id: string,
    @Write() write: WriteRequest<LockBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Claim | Pending> {
    const claim = await this.claims.find(id, write.caller.userId!);
    return this.desk.decide(reply, claim, write, { kind: 'lock', userId: claim.userId, ...write.body });
  }

  @Delete()
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @ApiOperation({ summary: 'Unlock a claim' })
  @AnswersRepeatableDecision(CLAIM)
  @Queries({ orderId: { type: 'string', minLength: 1, maxLength: 200 } })
  async unlockClaim(
    @Param('id') id: string,
    @Write() write: WriteRequest<{ orderId: string }>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Claim | Pending> {
    const claim = await this.claims.find(id, write.caller.userId!);
    // Without a key, the unlocking of a claim that is not locked counts as success. With a key it is refused, and every
    // repeat of the key gets the same refusal.
    const unless = write.key === undefined ? 'not-locked' : undefined;
    return this.desk.decide(reply, claim, write, { kind: 'unlock', userId: claim.userId, ...write.body }, unless);
  }
}
