// Services use claims for orders, roll uses back, and read redemptions. They may see the redemptions of every user.
import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { fault, UUID, type List, type Redemption } from '@vouchers/contracts';
import { ID, listOf, maybe, maybeWithout, REDEMPTION, text } from '@vouchers/contracts/schemas';
import { partitionOfKey } from '@vouchers/messaging';
import {
  AboutUser,
  Answers,
  badRequest,
  CurrentCaller,
  NeedsIdempotencyKey,
  pageOf,
  PAGING,
  paging,
  Queries,
  Refuses,
  Scopes,
  TakesBody,
  type Caller,
} from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import { reasonBody, type ReasonBody } from '../claims/claim.bodies.ts';
import { Definitions } from '../read-model/definitions.ts';
import { Parked, type Unavailable } from '../parked/parked.ts';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { PageDeliverySettings } from '../settings.ts';
import { answered, type Pending } from '../submissions/answering.ts';
import { AnswersDecision } from '../submissions/answers-decision.ts';
import { actorOf, basisOf, Write, type WriteRequest } from '../submissions/write-request.ts';
import { idInPartition } from '../submissions/idempotency.ts';
import { SubmissionDesk } from '../submissions/submission-desk.ts';
import { TeamVouchers } from '../team/team.vouchers.ts';
import { ClaimReads } from '../wallet/claim.reads.ts';
import { discountAlone } from './alone.price.ts';
import { attributesOf, userNamed } from './named-user.ts';
import { RedemptionReads } from './redemption.reads.ts';
import { orderBody, type OrderBody } from './order.body.ts';

@Controller('v1')
export class RedemptionsController {
  constructor(
    private readonly settings: PageDeliverySettings,
    private readonly definitions: Definitions,
    private readonly claims: ClaimReads,
    private readonly redemptions: RedemptionReads,
    private readonly parked: Parked,
    private readonly desk: SubmissionDesk,
    private readonly teams: TeamVouchers,
  ) {}

  @Post('claims/:id/redemptions')
  @Scopes('redemptions:write')
  @ApiOperation({ summary: 'Use a claim for an order' })
  @AnswersDecision(201, REDEMPTION)
  @AboutUser('optional')
  @NeedsIdempotencyKey()
  @TakesBody(orderBody)
  async redeemClaim(
    @Param('id') id: string,
    @Write() write: WriteRequest<OrderBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Redemption | Pending> {
    const { caller, body } = write;
    const claim = await this.claims.find(id, userNamed(caller), this.teams.redeemedBy(caller));
    const definition = await this.definitions.find(claim.voucherId);
    const basis = basisOf(write, definition);
    const redemptionId = idInPartition(Date.parse(basis.at), partitionOfKey(claim.voucherId, this.settings.partitions));
    const matches = await this.definitions.matchesGoods(claim.voucherId, body.order);
    const attributes = attributesOf(caller, claim);
    const discount = discountAlone(definition, body.order, await this.definitions.reachedGoodsOf(claim.voucherId));
    const answer = await this.desk.submit({
      ...basis,
      kind: 'redemption',
      redemptionId,
      claimId: claim.id,
      order: body.order,
      by: actorOf(caller),
      ...(discount && { discount }),
      ...(attributes && (await this.definitions.strip(claim.voucherId, attributes))),
      ...matches,
    });
    return answered(reply, answer, 201, (decision) => {
      const { id } = decision.data.redemption!;
      void reply.header('location', `/v1/redemptions/${id}`);
      return this.redemptions.after({ ...decision, repeated: decision.repeated || id !== redemptionId });
    });
  }

  @Post('redemptions/:id/rollback')
  @Scopes('redemptions:write')
  @ApiOperation({ summary: 'Roll a redemption back' })
  @AnswersDecision(200, REDEMPTION)
  @AboutUser('optional')
  @NeedsIdempotencyKey()
  @TakesBody(reasonBody)
  async rollBackRedemption(
    @Param('id') id: string,
    @Write() write: WriteRequest<ReasonBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Redemption | Pending> {
    const { caller, body } = write;
    const found = await this.redemptions.find(id, userNamed(caller), this.teams.redeemedBy(caller));
    const { id: redemptionId, claimId, voucherId } = found;
    const basis = basisOf(write, await this.definitions.find(voucherId));
    const answer = await this.desk.submit({
      ...basis,
      kind: 'rollback',
      redemptionId,
      claimId,
      reason: body.reason,
      by: actorOf(caller),
    });
    return answered(reply, answer, 200, (decision) => this.redemptions.after(decision));
  }

  @Get('redemptions/:id')
  @Scopes('redemptions:write')
  @ApiOperation({ summary: 'A redemption as it is now' })
  @TakesPosition()
  @Answers(200, REDEMPTION)
  @Refuses([404])
  @AboutUser('optional')
  getRedemption(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<Redemption> {
    return this.redemptions.show(id, userNamed(caller), this.teams.readBy(caller));
  }

  @Get('redemptions')
  @Scopes('redemptions:write')
  @ApiOperation({ summary: 'Redemptions of an order or a claim' })
  @Queries({ orderId: maybe(text()), claimId: maybe(ID), ...PAGING })
  @TakesPosition()
  @Answers(200, maybeWithout(listOf(REDEMPTION)))
  @AboutUser('optional')
  async listRedemptions(
    @Query() query: Record<string, string | undefined>,
    @CurrentCaller() caller: Caller,
  ): Promise<List<Redemption> & Unavailable> {
    const { limit, after } = paging(query);
    const { orderId, claimId } = query;
    if (orderId === undefined && claimId === undefined) throw badRequest([fault('/orderId', 'order-or-claim')]);
    if (after && !UUID.test(after[0]!)) throw badRequest([fault('/after', 'cursor')]);
    const filter = { orderId, claimId, userId: userNamed(caller), team: this.teams.reader(caller), after: after?.[0] };
    const sees = this.teams.readBy(caller);
    const redemptions = await this.redemptions.list({ ...filter, limit: limit + 1 }, sees);
    const page = pageOf(
      redemptions,
      limit,
      ({ id }) => [id],
      (redemption) => redemption,
    );
    if (claimId !== undefined) return page;
    return { ...page, ...this.parked.inAnswer(await this.teams.readable(this.parked.ids(), caller)) };
  }
}
