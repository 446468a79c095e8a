// Plans a call under the lease of its order: what it will submit, or why it is refused before anything is submitted.
import { Injectable } from '@nestjs/common';
import { takesMoneyOff, type Claim, type Definition, type Order } from '@vouchers/contracts';
import { partitionOfKey } from '@vouchers/messaging';
import { linesOf, type Candidate } from '@vouchers/pricing';
import type { Caller } from '@vouchers/service';
import { ReachReads } from '../quotes/reach.reads.ts';
import { Definitions } from '../read-model/definitions.ts';
import { attributesOf } from '../redemptions/named-user.ts';
import { PageDeliverySettings } from '../settings.ts';
import { hashOfBody, idInPartition } from '../submissions/idempotency.ts';
import { actorOf, type SubmissionBasis } from '../submissions/write-request.ts';
import type { Plan, PlannedUse, Refusal } from './order.call.ts';
import type { KeptCall, KeptOrder, OrderKey } from './order-calls.store.ts';
import { added } from './order.plan.ts';
import { OrderReads } from './order.reads.ts';

/** An order whose lease somebody has, with its calls, all of which are over. */
export interface LeasedOrder {
  key: OrderKey;
  order: KeptOrder;
  calls: readonly KeptCall[];
}

/** A call that is to begin. */
export interface Beginning {
  caller: Caller;
  basis: SubmissionBasis;
}

/** A refusal here is one before anything is submitted. */
export type Planned = { plan: Plan } | { refusal: Refusal; userId: string };

const refused = (userId: string, reason: Refusal['reason'], claimId?: string): Planned => ({
  userId,
  refusal: { reason, ...(claimId !== undefined && { claimId }), checks: [] },
});

@Injectable()
export class OrderPlanner {
  constructor(
    private readonly settings: PageDeliverySettings,
    private readonly definitions: Definitions,
    private readonly reach: ReachReads,
    private readonly reads: OrderReads,
  ) {}

  /** @param claims in the order in which they were given */
  async redemptions(
    { caller, basis }: Beginning,
    { key, order, calls }: LeasedOrder,
    { id: orderId, ...content }: Order,
    claims: readonly Claim[],
  ): Promise<Planned> {
    const { userId } = claims[0]!;
    if (order.content && hashOfBody(order.content) !== hashOfBody(content)) return refused(userId, 'order-changed');
    await this.definitions.toPresentEnd();
    const standing = (await this.reads.redemptionsOf(key, calls)).filter(({ stands }) => stands);
    const newest = await this.newestOf(claims);
    const reach = await this.reach.of([...newest.keys()], linesOf(content)!);
    const known = await this.definitions.of(standing.map(({ redemption }) => redemption.voucherId));
    const result = added(
      content,
      standing.map(({ redemption }) => {
        const { claimId, voucherId, userId } = redemption;
        const combine = known.get(voucherId)?.value?.spec.combine;
        return { redemption, candidate: { claimId, voucherId, userId, until: 0, combine } };
      }),
      claims.map((claim) => candidateOf(claim, newest.get(claim.voucherId)!, reach.get(claim.voucherId))),
    );
    if ('reason' in result) return refused(userId, result.reason, result.claimId);
    const uses: PlannedUse[] = [];
    for (const claim of claims) {
      const definition = newest.get(claim.voucherId)!;
      const discount = result.discounts.get(claim.id);
      uses.push({
        ...(await this.useOf(claim, definition, { id: orderId, ...content }, caller, basis)),
        ...(discount &&
          takesMoneyOff(definition.spec.benefit) && { discount: { ...discount, version: definition.version } }),
      });
    }
    return {
      plan: {
        ...planBasis(caller, basis, orderId),
        kind: 'redemption',
        userId,
        content,
        uses,
        applied: result.applied,
      },
    };
  }

  private async newestOf(claims: readonly Claim[]): Promise<Map<string, Definition>> {
    const newest = new Map<string, Definition>();
    for (const { voucherId } of claims)
      if (!newest.has(voucherId)) newest.set(voucherId, await this.definitions.find(voucherId));
    return newest;
  }

  private async useOf(
    claim: Claim,
    { voucherId, spec }: Definition,
    order: Order,
    caller: Caller,
    { at }: SubmissionBasis,
  ): Promise<PlannedUse> {
    const attributes = attributesOf(caller, claim);
    return {
      claimId: claim.id,
      voucherId,
      redemptionId: idInPartition(Date.parse(at), partitionOfKey(voucherId, this.settings.partitions)),
      ...(spec.benefit && { benefit: spec.benefit }),
      ...(attributes && (await this.definitions.strip(voucherId, attributes))),
      ...(await this.definitions.matchesGoods(voucherId, order)),
    };
  }
}

/** The fields that all plans have. */
export const planBasis = (caller: Caller, { asker, at, traceparent }: SubmissionBasis, orderId: string) => ({
  asker,
  by: actorOf(caller),
  at,
  ...(traceparent !== undefined && { traceparent }),
  orderId,
});

const candidateOf = (claim: Claim, { spec }: Definition, reach: readonly number[] | undefined): Candidate => ({
  claimId: claim.id,
  voucherId: claim.voucherId,
  userId: claim.userId,
  until: Date.parse(claim.useUntil),
  benefit: spec.benefit,
  combine: spec.combine,
  ...(reach && { reach }),
});
