// Sums of money by currency, and what locks of order calls reserve. An amount of 0 is left out. Unit: minor units.
import type { Amounts, CounterValues, VoucherSpec } from '@vouchers/contracts';

/** An amount of money. */
export interface Money {
  amount: number;
  currency: string;
}

export const amountIn = (amounts: Amounts, currency: string): number =>
  Object.hasOwn(amounts, currency) ? amounts[currency]! : 0;

/** The amounts with this one added (`times` 1) or taken off (−1). */
export function withMoney(amounts: Amounts, money: Money | undefined, times: 1 | -1): Amounts {
  if (money === undefined || money.amount === 0) return amounts;
  const { [money.currency]: _, ...others } = amounts;
  const sum = amountIn(amounts, money.currency) + times * money.amount;
  return sum === 0 ? others : { ...others, [money.currency]: sum };
}

/** The reserved counts with one reservation more (`times` 1) or less (−1). */
export function withReserved(
  { uses, discount }: CounterValues['reserved'],
  reservation: { discount?: Money },
  times: 1 | -1,
): CounterValues['reserved'] {
  return { uses: uses + times, discount: withMoney(discount, reservation.discount, times) };
}

/** The money of a voucher that redemptions took off and that locks reserve. */
export const moneySpent = (
  { discounted, reserved }: Pick<CounterValues, 'discounted' | 'reserved'>,
  currency: string,
) => amountIn(discounted, currency) + amountIn(reserved.discount, currency);

/** The currency in which a voucher takes money off. Undefined if it takes off any, or nothing. */
export function currencyOf({ benefit, quantities }: Pick<VoucherSpec, 'benefit' | 'quantities'>): string | undefined {
  // A benefit saved by an older release may have a `maxAmount` without a currency. It is in the order's.
  return (benefit && 'currency' in benefit ? benefit.currency : undefined) ?? quantities.budget?.currency;
}
