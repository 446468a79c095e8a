import type { Benefit, VoucherSpec } from '@vouchers/contracts';
import { digitsOf, fromMinor, toMinor } from '../numbers/number-text.ts';

/** A benefit with an amount. */
export type Priced = Extract<Benefit, { type: 'amount-off' | 'percent-off' }>;

/** The benefit in another currency. The amount that is shown stays, so its minor units may change. */
export function inCurrency(benefit: Priced, currency: string | undefined): Benefit {
  const [before, after] = [digitsOf(benefit.currency ?? 'CNY'), digitsOf(currency ?? 'CNY')];
  const again = (minor: number): number => toMinor(fromMinor(minor, before), after);
  const { currency: _, ...others } = benefit;
  const changed = { ...others, ...(currency !== undefined && { currency }) } as Priced;
  if (changed.type === 'amount-off') return { ...changed, amount: again(changed.amount) };
  return changed.maxAmount === undefined ? changed : { ...changed, maxAmount: again(changed.maxAmount) };
}

const FIRST_CURRENCY = 'CNY';

/** The currency in which the amounts of orders are typed and shown: the benefit's, else the budget's. */
export function currencyOf({ benefit, quantities }: Pick<VoucherSpec, 'benefit' | 'quantities'>): string {
  return (benefit && 'currency' in benefit && benefit.currency) || quantities.budget?.currency || FIRST_CURRENCY;
}
