// Users get claims and give them back, and staff revoke them.
import { Body, Controller, Delete, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { UUID, type Claim } from '@vouchers/contracts';
import { CLAIM } from '@vouchers/contracts/schemas';
import { partitionOfKey } from '@vouchers/messaging';
import {
  AboutUser,
  callerOf,
  CurrentCaller,
  Direct,
  IdempotencyKey,
  idempotencyKeyOf,
  NeedsIdempotencyKey,
  notFound,
  otherTeam,
  Scopes,
  TakesBody,
  type Caller,
} from '@vouchers/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Definitions } from '../read-model/definitions.ts';
import { PageDeliverySettings } from '../settings.ts';
import { answered, type Pending } from '../submissions/answering.ts';
import { AnswersDecision, AnswersRepeatableDecision } from '../submissions/answers-decision.ts';
import { actorOf, basisOf } from '../submissions/write-request.ts';
import { idInPartition } from '../submissions/idempotency.ts';
import { SubmissionDesk } from '../submissions/submission-desk.ts';
import { ClaimReads } from '../wallet/claim.reads.ts';
import { ClaimDesk } from './claim-desk.ts';
import { claimBody, reasonBody, type ClaimBody, type ReasonBody } from './claim.bodies.ts';

@Controller('v1')
export class ClaimsController {
  constructor(
    private readonly settings: PageDeliverySettings,
    private readonly definitions: Definitions,
    private readonly claims: ClaimReads,
    private readonly desk: SubmissionDesk,
    private readonly claimDesk: ClaimDesk,
  ) {}

  @Post('vouchers/:id/claims')
  @Direct()
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @NeedsIdempotencyKey()
  @ApiOperation({ summary: 'Claim a voucher' })
  @AnswersDecision(201, CLAIM)
  @ApiParam({ name: 'id', type: String })
  @TakesBody(claimBody)
  async claimVoucher(
    request: FastifyRequest<{ Params: { id: string }; Body: ClaimBody }>,
    reply: FastifyReply,
  ): Promise<Claim | Pending> {
    const { body } = request;
    const { id } = request.params;
    const caller = callerOf(request);
    const key = idempotencyKeyOf(request)!;
    if (!UUID.test(id)) throw notFound('unknown-voucher');
    const definition = await this.definitions.find(id.toLowerCase());
    const basis = basisOf({ request, caller, key, body }, definition);
    const claimId = idInPartition(Date.parse(basis.at), partitionOfKey(definition.voucherId, this.settings.partitions));
    const answer = await this.desk.submit({
      ...basis,
      kind: 'claim',
      claimId,
      userId: caller.userId!,
      ...body,
      ...(await this.definitions.strip(definition.voucherId, caller.userAttributes)),
    });
    return answered(reply, answer, 201, (verdict, position) => {
      const { id } = verdict.data.claim!;
      void reply.header('location', `/v1/claims/${id}`);
      return this.claims.after({ ...verdict, repeated: verdict.repeated || id !== claimId }, position, id);
    });
  }

  @Delete('claims/:id')
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @ApiOperation({ summary: 'Give a claim back' })
  @AnswersRepeatableDecision(CLAIM)
  async releaseClaim(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Claim | Pending> {
    const claim = await this.find(id, caller.userId, key);
    if (key === undefined && claim.state === 'released') return claim;
    const unless = key === undefined ? 'claim-released' : undefined;
    const write = { request, caller, key, body: {} };
    return this.claimDesk.decide(reply, claim, write, { kind: 'release', userId: claim.userId }, unless);
  }

  @Post('claims/:id/revoke')
  @HttpCode(200)
  @Scopes('vouchers:publish')
  @ApiOperation({ summary: 'Take a claim back' })
  @AnswersRepeatableDecision(CLAIM)
  async revokeClaim(
    @Param('id') id: string,
    @Body(reasonBody) body: ReasonBody,
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Claim | Pending> {
    const claim = await this.find(id, undefined, key);
    if ((await this.definitions.find(claim.voucherId)).team !== caller.team) throw otherTeam();
    if (key === undefined && claim.state === 'revoked') return claim;
    const unless = key === undefined ? 'claim-revoked' : undefined;
    const write = { request, caller, key, body };
    const revocation = { kind: 'revoke' as const, reason: body.reason, by: actorOf(caller) };
    return this.claimDesk.decide(reply, claim, write, revocation, unless);
  }

  /** Without a key, the claim's own state may be the answer, so the claim must be up to date. */
  private find(id: string, userId: string | undefined, key: string | undefined): Promise<Claim> {
    return key === undefined ? this.claims.findSettled(id, userId) : this.claims.find(id, userId);
  }
}
