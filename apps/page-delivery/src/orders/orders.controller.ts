// Services use all claims of an order at once, or none, and roll an order back.
import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { fault, type Fault } from '@vouchers/contracts';
import { linesOf } from '@vouchers/pricing';
import {
  AboutUser,
  Answers,
  badRequest,
  conflict,
  CurrentCaller,
  NeedsIdempotencyKey,
  notFound,
  ProblemError,
  Refuses,
  Scopes,
  TakesBody,
  type Caller,
} from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import { Definitions } from '../read-model/definitions.ts';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { VoucherStates } from '../read-model/voucher-states.ts';
import { userNamed } from '../redemptions/named-user.ts';
import { basisOf, Write, type SubmissionBasis, type WriteRequest } from '../submissions/write-request.ts';
import { TeamVouchers } from '../team/team.vouchers.ts';
import { ClaimReads } from '../wallet/claim.reads.ts';
import type { Plan, Positions } from './order.call.ts';
import { OrderCallsStore, type OrderKey } from './order-calls.store.ts';
import { OrderPlanner, planBasis, type LeasedOrder, type Planned } from './order.planner.ts';
import { OrderReads } from './order.reads.ts';
import {
  ORDER_STATUS,
  ORDER_USE,
  PENDING_ORDER,
  redemptionsBody,
  rollbackBody,
  type OrderStatus,
  type OrderUse,
  type PendingOrder,
  type RedemptionsBody,
  type RollbackBody,
} from './order.schema.ts';
import { callShown, type OrderRedemption } from './order.view.ts';
import { OrdersDesk, type Answered } from './orders.desk.ts';

@Controller('v1/orders/:orderId')
export class OrdersController {
  constructor(
    private readonly definitions: Definitions,
    private readonly claims: ClaimReads,
    private readonly teams: TeamVouchers,
    private readonly planner: OrderPlanner,
    private readonly store: OrderCallsStore,
    private readonly reads: OrderReads,
    private readonly desk: OrdersDesk,
    private readonly states: VoucherStates,
  ) {}

  @Post('redemptions')
  @Scopes('redemptions:write')
  @AboutUser('optional')
  @NeedsIdempotencyKey()
  @ApiOperation({ summary: 'Use claims for an order: all of them, or none' })
  @Answers(201, ORDER_USE, 'Location', 'Voucher-Position')
  @Answers(202, PENDING_ORDER, 'Location')
  @Refuses([404, 422])
  @Refuses([409], 'Submission-Id?', 'Voucher-Position?')
  @TakesBody(redemptionsBody)
  async redeemOrder(
    @Param('orderId') orderId: string,
    @Write() write: WriteRequest<RedemptionsBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderUse | PendingOrder> {
    const { caller, body } = write;
    const claimIds = checked(orderId, body);
    const sees = this.teams.redeemedBy(caller);
    const claims = await Promise.all(claimIds.map((id) => this.claims.find(id, userNamed(caller), sees)));
    const basis = await this.basisFor(write, claims);
    return this.answer(reply, 201, { team: caller.team, orderId }, basis, 'redemption', (order) =>
      this.planner.redemptions({ caller, basis }, order, body.order, claims),
    );
  }

  @Post('rollback')
  @HttpCode(200)
  @Scopes('redemptions:write')
  @AboutUser('optional')
  @NeedsIdempotencyKey()
  @ApiOperation({ summary: 'Roll back the redemptions of an order, or some of them' })
  @Answers(200, ORDER_USE, 'Voucher-Position?')
  @Answers(202, PENDING_ORDER, 'Location')
  @Refuses([404, 422])
  @Refuses([409], 'Submission-Id?', 'Voucher-Position?')
  @TakesBody(rollbackBody)
  async rollBackOrder(
    @Param('orderId') orderId: string,
    @Write() write: WriteRequest<RollbackBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderUse | PendingOrder> {
    const { caller, body } = write;
    const key = { team: caller.team, orderId };
    const claimIds = body.claimIds?.map((id) => id.toLowerCase());
    if (claimIds) expectOnce(claimIds);
    // Looked at before the lease is waited for, and again under it.
    const known = await this.toRollBack(key, claimIds, caller);
    const basis = await this.basisFor(
      write,
      known.map(({ redemption }) => redemption),
    );
    return this.answer(reply, 200, key, basis, 'rollback', async (order) =>
      rollback(await this.toRollBack(order.key, claimIds, caller), body.reason, caller, basis, orderId),
    );
  }

  @Get()
  @Scopes('redemptions:write')
  @AboutUser('optional')
  @ApiOperation({ summary: 'An order with its redemptions, its price and its calls' })
  @TakesPosition()
  @Answers(200, ORDER_STATUS)
  @Refuses([404])
  async getOrder(@Param('orderId') orderId: string, @CurrentCaller() caller: Caller): Promise<OrderStatus> {
    const key = { team: caller.team, orderId };
    const order = await this.store.order(expectOrderId(key));
    const userId = userNamed(caller);
    if (!order || (userId !== undefined && order.userId !== userId)) throw notFound();
    const { use, calls } = await this.reads.use(key);
    if (calls.length === 0) throw notFound();
    return { ...use, calls: calls.map(callShown) };
  }

  /** The basis of a submission about each of these vouchers. All have the call's id as theirs. */
  private async basisFor(write: WriteRequest, things: readonly { voucherId: string }[]): Promise<SubmissionBasis> {
    let basis: SubmissionBasis | undefined;
    for (const voucherId of new Set(things.map((thing) => thing.voucherId)))
      basis = basisOf(write, await this.definitions.find(voucherId));
    return basis!;
  }

  /** The redemptions that these claims have on an order; without claims all. @throws 404 if there is none, or one is missing */
  private async toRollBack(
    key: OrderKey,
    claimIds: readonly string[] | undefined,
    caller: Caller,
  ): Promise<OrderRedemption[]> {
    const calls = await this.store.callsOf(expectOrderId(key));
    const redemptions = await this.reads.redemptionsOf(key, calls);
    const named = redemptions.filter(({ redemption: { claimId } }) => claimIds?.includes(claimId) ?? true);
    const found = new Set(named.map(({ redemption }) => redemption.claimId));
    if (named.length === 0 || claimIds?.some((id) => !found.has(id))) throw notFound();
    const userId = userNamed(caller);
    const sees = this.teams.redeemedBy(caller);
    for (const { redemption } of named)
      if ((userId !== undefined && redemption.userId !== userId) || !(await sees(redemption.voucherId)))
        throw notFound();
    return named;
  }

  private async answer(
    reply: FastifyReply,
    status: 200 | 201,
    key: OrderKey,
    { submissionId: callId, asker, bodyHash }: SubmissionBasis,
    kind: Plan['kind'],
    plan: (order: LeasedOrder) => Promise<Planned>,
  ): Promise<OrderUse | PendingOrder> {
    const { orderId } = key;
    const location = `/v1/orders/${encodeURIComponent(orderId)}`;
    const answered: Answered = await this.desk.call({ ...key, callId, kind, asker, bodyHash }, plan);
    if (answered === 'pending') {
      void reply.code(202).header('location', location);
      return { orderId, callId, state: 'pending' };
    }
    const { outcome, decided } = answered;
    const headers = positionHeader(outcome.positions);
    if (outcome.step === 'refused') {
      const { reason, claimId, checks, submissionId } = outcome.refusal;
      const { about } = conflict(reason, { ...headers, ...(submissionId && { 'submission-id': submissionId }) });
      throw new ProblemError(409, { ...about, claimId, checks });
    }
    if (decided.length === 0) await this.reach(outcome.positions);
    void reply.code(status).headers({ ...headers, ...(status === 201 && { location }) });
    return (await this.reads.use(key, decided)).use;
  }

  /** Waits until this replica has read what the call has caused. */
  private async reach(positions: Positions): Promise<void> {
    const all = Object.entries(positions).map(([partition, seq]) => ({ partition: Number(partition), seq }));
    await Promise.all(all.map((position) => this.states.reach(position)));
  }
}

function rollback(
  named: readonly OrderRedemption[],
  reason: string,
  caller: Caller,
  basis: SubmissionBasis,
  orderId: string,
): Planned {
  const redemptions = named
    .filter(({ stands }) => stands)
    .map(({ redemption: { id, claimId, voucherId } }) => ({ id, claimId, voucherId }));
  const { userId } = named[0]!.redemption;
  return { plan: { ...planBasis(caller, basis, orderId), kind: 'rollback', userId, reason, redemptions } };
}

/** Checks the rules that the schema cannot express. @returns the ids of the claims @throws ProblemError 400 */
function checked(orderId: string, { order, claimIds }: RedemptionsBody): string[] {
  const ids = claimIds.map((id) => id.toLowerCase());
  const faults: Fault[] = twice(ids);
  if (order.id !== orderId) faults.push(fault('/order/id', 'not-of-path'));
  if (!linesOf(order)) faults.push(fault('/order/amount', 'below-items'));
  if (faults.length > 0) throw badRequest(faults);
  return ids;
}

const twice = (ids: readonly string[]): Fault[] =>
  ids.flatMap((id, index) => (ids.indexOf(id) < index ? [fault(`/claimIds/${index}`, 'twice')] : []));

function expectOnce(ids: readonly string[]): void {
  const faults = twice(ids);
  if (faults.length > 0) throw badRequest(faults);
}

/** @throws 404 for what no order can be called */
function expectOrderId(key: OrderKey): OrderKey {
  if (key.orderId.length > 200 || key.orderId.includes('\0') || !key.orderId.isWellFormed()) throw notFound();
  return key;
}

/** The last event of the call in each partition. */
function positionHeader(positions: Positions): Record<string, string> {
  const all = Object.entries(positions).map(([partition, seq]) => `${partition}:${seq}`);
  return all.length > 0 ? { 'voucher-position': all.join(', ') } : {};
}
