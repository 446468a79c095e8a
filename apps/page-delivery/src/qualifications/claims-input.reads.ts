// Reads what judging a user's claims on an order needs.
import { Injectable } from '@nestjs/common';
import type { Claim, Order } from '@vouchers/contracts';
import { scaledLinesOf } from '@vouchers/pricing';
import { Slices, type Caller } from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { VisitedPage } from '../pages/visited-page.ts';
import { ReachReads } from '../quotes/reach.reads.ts';
import { Definitions } from '../read-model/definitions.ts';
import type { Having } from '../read-model/holdings.ts';
import type { ClaimsInput, Goods } from './qualified.ts';

@Injectable()
export class ClaimsInputReads {
  constructor(
    private readonly definitions: Definitions,
    private readonly page: VisitedPage,
    private readonly reach: ReachReads,
  ) {}

  /** @param more vouchers that are shown beside the claims: `having` says what the user has of all */
  async of(
    claims: readonly Claim[],
    order: Order,
    caller: Caller,
    request: FastifyRequest,
    more: readonly string[] = [],
  ): Promise<{ input: ClaimsInput; having: Having }> {
    const voucherIds = [...new Set(claims.map(({ voucherId }) => voucherId))];
    const { vouchers, having, visitor } = await this.page.see([...new Set([...voucherIds, ...more])], caller);
    const goods = new Map<string, Goods>();
    for (const id of voucherIds) goods.set(id, await this.definitions.matchesGoods(id, order));
    const attributesKnown = !caller.acting || caller.attributesGiven;
    const lines = scaledLinesOf(order);
    const reach = await this.reach.of(voucherIds, lines, new Slices(request));
    return { input: { vouchers, visitor, claims, order, attributesKnown, goods, lines, reach }, having };
  }
}
