// Moves the end of a claim, for its user.
import { Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Claim } from '@vouchers/contracts';
import { CLAIM } from '@vouchers/contracts/schemas';
import { AboutUser, NeedsIdempotencyKey, Scopes, TakesBody } from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import type { Pending } from '../submissions/answering.ts';
import { AnswersDecision } from '../submissions/answers-decision.ts';
import { Write, type WriteRequest } from '../submissions/write-request.ts';
import { ClaimReads } from '../wallet/claim.reads.ts';
import { ClaimDesk } from './claim-desk.ts';
import { extensionBody } from './claim.bodies.ts';

@Controller('v1/claims/:id/extensions')
export class ExtensionsController {
  constructor(
    private readonly claims: ClaimReads,
    private readonly desk: ClaimDesk,
  ) {}

  @Post()
  @HttpCode(200)
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @NeedsIdempotencyKey()
  @ApiOperation({ summary: 'Extend a claim: its user moves its end' })
  @AnswersDecision(200, CLAIM)
  @TakesBody(extensionBody)
  async extendClaim(
    @Param('id') id: string,
    @Write() write: WriteRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Claim | Pending> {
    const claim = await this.claims.find(id, write.caller.userId!);
    return this.desk.decide(reply, claim, write, { kind: 'extension', userId: claim.userId });
  }
}
