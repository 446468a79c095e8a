// Shows an order as it is now, by pure functions of its calls and redemptions.
import { takesMoneyOff, type Benefit, type Redemption } from '@vouchers/contracts';
import { linesOf } from '@vouchers/pricing';
import type { PricedSet } from '../quotes/quote.schema.ts';
import type { OrderContent } from './order.call.ts';
import type { KeptCall } from './order-calls.store.ts';
import { partsOn } from './order.plan.ts';
import type { OrderStatus, OrderUse } from './order.schema.ts';

/** A redemption on an order. */
export interface OrderRedemption {
  redemption: Redemption;
  stands: boolean;
  /** That of the voucher. */
  benefit?: Benefit;
}

/** @param redemptions in the order in which they are applied */
export function orderUse(
  orderId: string,
  content: OrderContent | undefined,
  calls: readonly KeptCall[],
  redemptions: readonly OrderRedemption[],
): OrderUse {
  const isPending = calls.some(({ plan }) => plan !== undefined);
  const ended = redemptions.some(({ stands }) => stands)
    ? 'redeemed'
    : redemptions.length > 0
      ? 'rolled-back'
      : 'refused';
  return {
    orderId,
    state: isPending ? 'pending' : ended,
    redemptions: redemptions.map(({ redemption }) => redemption),
    quote: content
      ? quoteOf(
          content,
          redemptions.filter(({ stands }) => stands),
        )
      : null,
  };
}

/** The price of the order with the uses that stand, as they were recorded. */
function quoteOf(content: OrderContent, standing: readonly OrderRedemption[]): PricedSet {
  const lines = linesOf(content) ?? [{ amount: content.amount }];
  const left = lines.map(({ amount }) => amount);
  const parts = standing.map(({ redemption }) => {
    const own = partsOn(lines, left, redemption);
    for (const [place, part] of own.entries()) left[place]! -= part;
    return { claimId: redemption.claimId, own };
  });
  const total = left.reduce((sum, amount) => sum + amount, 0);
  return {
    claimIds: standing.map(({ redemption }) => redemption.claimId),
    discount: content.amount - total,
    currency: content.currency,
    total,
    lines: lines.map(({ sku, amount }, place) => ({
      ...(sku !== undefined && { sku }),
      amount,
      discount: amount - left[place]!,
      by: parts.flatMap(({ claimId, own }) => (own[place]! > 0 ? [{ claimId, amount: own[place]! }] : [])),
    })),
    entitlements: standing.flatMap(({ redemption: { claimId }, benefit }) =>
      benefit && !takesMoneyOff(benefit) ? [{ claimId, benefit }] : [],
    ),
  };
}

export function callShown({ callId, kind, progress }: KeptCall): OrderStatus['calls'][number] {
  switch (progress.step) {
    case 'redeemed':
    case 'rolled-back':
      return { callId, kind, state: 'done' };
    case 'refused':
      return { callId, kind, state: 'refused', ...progress.refusal };
    default:
      return { callId, kind, state: 'pending' };
  }
}
