// Prices the benefit of a claim that is used alone on an order.
import { takesMoneyOff, type Definition, type Discount, type Order } from '@vouchers/contracts';
import { discounterOf, discountLines, scaledLinesOf, takeOff } from '@vouchers/pricing';

/**
 * The discount of the benefit on the order as given, as if no other claim were used on it. Undefined if it takes no
 * money off.
 * @param goods the skus that the benefit reaches; undefined: every line
 */
export function discountAlone(
  { version, spec: { benefit } }: Pick<Definition, 'version' | 'spec'>,
  order: Order,
  goods?: ReadonlySet<string>,
): (Discount & { version: number }) | undefined {
  if (!takesMoneyOff(benefit)) return undefined;
  const lines = scaledLinesOf(order);
  const left = lines.map(({ amount }) => amount);
  const reach = goods && lines.flatMap(({ sku }, place) => (sku !== undefined && goods.has(sku) ? [place] : []));
  const amount = takeOff(left, discounterOf(benefit), reach);
  const parts = lines.map((line, place) => line.amount - left[place]!);
  return { amount, currency: order.currency, lines: discountLines(lines, parts), version };
}
