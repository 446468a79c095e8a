// The part of random histories that checkout needs: benefits, budgets, combinations, discounts and order calls.
import type { Order, SubmissionOf, VoucherSpec } from '@vouchers/contracts';
import type { ModelClaim } from './life.ts';
import type { Random } from './random.ts';

const CURRENCIES = ['EUR', 'CNY'];
export const FIRST_CALL = '018f0000-0000-8000-8000-00000000000a';
const CALLS = [FIRST_CALL, '018f0000-0000-8000-8000-00000000000b'];

type Checkout = Pick<VoucherSpec, 'benefit' | 'combine'> & Pick<VoucherSpec['quantities'], 'budget'>;

/** A benefit, mostly of money; of such a benefit often a budget. Sometimes a combination. */
export function randomCheckout(random: Random): Checkout {
  const currency = random.oneOf(CURRENCIES);
  const benefit = random.oneOf<VoucherSpec['benefit']>([
    undefined,
    { type: 'gift', sku: 'G', name: 'Mug' },
    { type: 'amount-off', amount: 50, currency },
    { type: 'amount-off', amount: 50, currency },
    { type: 'percent-off', percent: 10 },
    { type: 'percent-off', percent: 10, maxAmount: 20, currency },
  ]);
  const isMoney = benefit?.type === 'amount-off' || benefit?.type === 'percent-off';
  const combine = { group: 'a', with: 'any' as const, perOrder: 1, priority: 0 };
  return {
    ...(benefit && { benefit }),
    ...(isMoney && random.chance(0.5) && { budget: { amount: random.oneOf([60, 100, 150, 200, 400]), currency } }),
    ...(random.chance(0.2) && { combine }),
  };
}

/** An order, mostly in the currency of the voucher. */
export function randomOrder(random: Random, id: string, spec: VoucherSpec | undefined): Order {
  const items = random.chance(0.8) ? { items: [{ sku: random.oneOf(['A-1', 'B-2']), quantity: 1, amount: 50 }] } : {};
  const { benefit, quantities } = spec ?? {};
  const own = (benefit && 'currency' in benefit ? benefit.currency : undefined) ?? quantities?.budget?.currency;
  const currency = own !== undefined && random.chance(0.85) ? own : random.oneOf(CURRENCIES);
  return { id, amount: random.oneOf([0, 99, 100, 101]), currency, ...items };
}

/** Whether the use comes from an order call, and from which. Mostly the one that has reserved the claim. */
export function randomCall(random: Random, claim: ModelClaim | undefined): { orderCall?: string } {
  const reserved = claim?.lock?.reserved;
  if (reserved && random.chance(0.8)) return { orderCall: reserved.call };
  return random.chance(0.3) ? { orderCall: random.oneOf(CALLS) } : {};
}

/** The discount of a redemption. That of a reserved claim is mostly the reserved one. */
export function randomDiscount(
  random: Random,
  spec: VoucherSpec | undefined,
  order: Order,
  claim: ModelClaim | undefined,
): Pick<SubmissionOf<'redemption'>, 'discount'> {
  const reserved = claim?.lock?.reserved;
  if (reserved && random.chance(0.9)) return reserved.discount ? { discount: withLines(reserved.discount) } : {};
  const isMoney = spec?.benefit?.type === 'amount-off' || spec?.benefit?.type === 'percent-off';
  if (!random.chance(isMoney ? 0.9 : 0.03)) return {};
  const amounts = [0, 10, 25, 50, order.amount].filter((amount) => amount <= order.amount);
  const amount = random.chance(0.97) ? random.oneOf(amounts) : random.oneOf([order.amount + 1, -1, 0.5]);
  return { discount: withLines({ amount, currency: random.chance(0.97) ? order.currency : 'USD' }) };
}

const withLines = (money: { amount: number; currency: string }) => ({
  ...money,
  version: 1,
  lines: [{ sku: 'A-1', amount: money.amount }],
});
