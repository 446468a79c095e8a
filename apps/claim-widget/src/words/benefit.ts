import type { Benefit, PageModule } from '@vouchers/contracts';
import type { Language, Words } from './words.ts';

/** A voucher's worth: a large figure with the small texts beside and below it. */
export interface Worth {
  readonly figure: string;
  readonly unit: string;
  readonly note: string;
}

export function worthOf({ benefit, resourceType }: PageModule, words: Words, language: Language): Worth {
  if (!benefit) return { figure: '', unit: words.resources[resourceType], note: '' };
  switch (benefit.type) {
    case 'amount-off':
      return { figure: moneyText(benefit.amount, benefit.currency, language), unit: words.amountOff, note: '' };
    case 'percent-off': {
      const [figure, unit] = words.percentOff(benefit.percent);
      return { figure, unit, note: mostText(benefit, words, language) };
    }
    case 'gift':
    case 'access':
      return { figure: '', unit: words.resources[benefit.type], note: benefit.name };
    case 'interest-free': {
      const [figure, unit] = words.interestFree(benefit.days);
      return { figure, unit, note: '' };
    }
    default:
      return benefit satisfies never;
  }
}

const mostText = (benefit: Extract<Benefit, { type: 'percent-off' }>, words: Words, language: Language): string =>
  benefit.maxAmount !== undefined && benefit.currency
    ? words.upTo(moneyText(benefit.maxAmount, benefit.currency, language))
    : '';

/** Formats minor units as money. A fraction of zero is left out. */
export function moneyText(amount: number, currency: string, language: Language): string {
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    trailingZeroDisplay: 'stripIfInteger',
  });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits!);
}
