// Users get claims and give them back, and staff revoke them.
import { Controller, Delete, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { UUID, type Claim } from '@vouchers/contracts';
import { CLAIM } from '@vouchers/contracts/schemas';
import { partitionOfKey } from '@vouchers/messaging';
import { AboutUser, Direct, NeedsIdempotencyKey, notFound, Scopes, TakesBody, Tenancy } from '@vouchers/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Sees } from '../ledger/reads-by-id.ts';
import { Definitions } from '../read-model/definitions.ts';
import { PageDeliverySettings } from '../settings.ts';
import { answered, type Pending } from '../submissions/answering.ts';
import { AnswersDecision, AnswersRepeatableDecision } from '../submissions/answers-decision.ts';
import { actorOf, basisOf, Write, writeRequestOf, type WriteRequest } from '../submissions/write-request.ts';
import { idInPartition } from '../submissions/idempotency.ts';
import { SubmissionDesk } from '../submissions/submission-desk.ts';
import { TeamVouchers } from '../team/team.vouchers.ts';
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
    private readonly tenancy: Tenancy,
    private readonly teams: TeamVouchers,
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
    request: FastifyRequest<{ Params: { id: string } }>,
    reply: FastifyReply,
  ): Promise<Claim | Pending> {
    const { id } = request.params;
    if (!UUID.test(id)) throw notFound('unknown-voucher');
    const definition = await this.definitions.find(id.toLowerCase());
    const write = writeRequestOf<ClaimBody>(request);
    const { caller, body } = write;
    const basis = basisOf(write, definition);
    const claimId = idInPartition(Date.parse(basis.at), partitionOfKey(definition.voucherId, this.settings.partitions));
    const answer = await this.desk.submit({
      ...basis,
      kind: 'claim',
      claimId,
      userId: caller.userId!,
      ...body,
      ...(await this.definitions.strip(definition.voucherId, caller.userAttributes)),
    });
    return answered(reply, answer, 201, (decision) => {
      const { id } = decision.data.claim!;
      void reply.header('location', `/v1/claims/${id}`);
      return this.claims.after({ ...decision, repeated: decision.repeated || id !== claimId }, id);
    });
  }

  @Delete('claims/:id')
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @ApiOperation({ summary: 'Give a claim back' })
  @AnswersRepeatableDecision(CLAIM)
  async releaseClaim(
    @Param('id') id: string,
    @Write() write: WriteRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Claim | Pending> {
    const { caller, key } = write;
    const claim = await this.find(id, caller.userId, key);
    if (key === undefined && claim.state === 'released') return claim;
    const unless = key === undefined ? 'claim-released' : undefined;
    return this.claimDesk.decide(reply, claim, write, { kind: 'release', userId: claim.userId }, unless);
  }

  @Post('claims/:id/revoke')
  @HttpCode(200)
  @Scopes('vouchers:publish')
  @ApiOperation({ summary: 'Take a claim back' })
  @AnswersRepeatableDecision(CLAIM)
  @TakesBody(reasonBody)
  async revokeClaim(
    @Param('id') id: string,
    @Write() write: WriteRequest<ReasonBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Claim | Pending> {
    const { caller, key, body } = write;
    const claim = await this.find(id, undefined, key, this.teams.seenByStaff(caller));
    this.tenancy.expectOwn(caller, (await this.definitions.find(claim.voucherId)).team);
    if (key === undefined && claim.state === 'revoked') return claim;
    const unless = key === undefined ? 'claim-revoked' : undefined;
    const revocation = { kind: 'revoke' as const, reason: body.reason, by: actorOf(caller) };
    return this.claimDesk.decide(reply, claim, write, revocation, unless);
  }

  /** Without a key, the claim's own state may be the answer, so the claim must be up to date. */
  private find(id: string, userId: string | undefined, key: string | undefined, sees?: Sees): Promise<Claim> {
    return key === undefined ? this.claims.findSettled(id, userId, sees) : this.claims.find(id, userId, sees);
  }
}
