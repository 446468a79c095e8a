// Reads an order with its calls and redemptions.
import { Injectable } from '@nestjs/common';
import type { Benefit, Redemption } from '@vouchers/contracts';
import { Definitions } from '../read-model/definitions.ts';
import { RedemptionReads } from '../redemptions/redemption.reads.ts';
import type { OrderContent, Use } from './order.call.ts';
import { OrderCallsStore, type KeptCall, type OrderKey } from './order-calls.store.ts';
import type { OrderUse } from './order.schema.ts';
import { orderUse, type OrderRedemption } from './order.view.ts';

@Injectable()
export class OrderReads {
  constructor(
    private readonly store: OrderCallsStore,
    private readonly redemptions: RedemptionReads,
    private readonly definitions: Definitions,
  ) {}

  /** @param decided redemptions as they were decided just now, which the read model may not have yet */
  async use(key: OrderKey, decided: readonly Redemption[] = []): Promise<{ use: OrderUse; calls: KeptCall[] }> {
    const [order, calls] = await Promise.all([this.store.order(key), this.store.callsOf(key)]);
    const redemptions = await this.redemptionsOf(key, calls, decided);
    return { use: orderUse(key.orderId, contentOf(order?.content, redemptions), calls, redemptions), calls };
  }

  /**
   * The redemptions of an order, those of its calls in the order in which they are applied, then single ones as far as
   * the read model knows them. What calls of the order have rolled back does not stand, whatever the read model knows.
   */
  async redemptionsOf(
    { team, orderId }: OrderKey,
    calls: readonly KeptCall[],
    decided: readonly Redemption[] = [],
  ): Promise<OrderRedemption[]> {
    const uses = calls.flatMap(({ progress }): Use[] => (progress.step === 'redeemed' ? progress.uses : []));
    const rolledBack = new Set(calls.flatMap(rolledBackBy));
    const newest = new Map(decided.map((redemption) => [redemption.id, redemption]));
    const missing = uses.map(({ redemptionId }) => redemptionId).filter((id) => !newest.has(id));
    for (const known of await this.redemptions.onOrder(orderId, team, missing)) {
      const { id } = known;
      if (newest.get(id)?.rolledBackAt !== undefined) continue;
      const isBehind = rolledBack.has(id) && known.rolledBackAt === undefined;
      newest.set(id, isBehind ? await this.redemptions.fromLedger(id, undefined) : known);
    }
    const places = new Map(uses.map(({ redemptionId }, place) => [redemptionId, place]));
    const inOrder = [...newest.values()].sort(
      (one, other) =>
        (places.get(one.id) ?? Infinity) - (places.get(other.id) ?? Infinity) || (one.id < other.id ? -1 : 1),
    );
    const benefits = await this.benefitsOf(inOrder.filter(({ id }) => !places.has(id)));
    return inOrder.map((redemption) => {
      const place = places.get(redemption.id);
      return {
        redemption,
        stands: redemption.rolledBackAt === undefined && !rolledBack.has(redemption.id),
        benefit: place === undefined ? benefits.get(redemption.voucherId) : uses[place]!.benefit,
      };
    });
  }

  private async benefitsOf(single: readonly Redemption[]): Promise<Map<string, Benefit | undefined>> {
    const ids = [...new Set(single.map(({ voucherId }) => voucherId))];
    const newest = await this.definitions.of(ids);
    return new Map(ids.map((id) => [id, newest.get(id)?.value?.spec.benefit]));
  }
}

/** The order as its calls know it, or as the first single redemption of it does. */
export function contentOf(
  known: OrderContent | undefined,
  redemptions: readonly OrderRedemption[],
): OrderContent | undefined {
  const first = redemptions[0]?.redemption.order;
  if (known || !first) return known;
  const { id: _, ...content } = first;
  return content;
}

function rolledBackBy({ progress }: KeptCall): string[] {
  if (progress.step === 'rolled-back') return progress.redemptionIds;
  return progress.step === 'refused' ? (progress.undone ?? []) : [];
}
