import type { Benefit } from '@vouchers/contracts';
import type { TFunction } from 'i18next';

/** Formats integer minor units: `formatMoney(2000, 'CNY', 'zh-CN')` is `¥20`. */
export function formatMoney(amount: number, currency: string, language: string): string {
  try {
    const format = new Intl.NumberFormat(language, {
      style: 'currency',
      currency,
      trailingZeroDisplay: 'stripIfInteger',
    });
    return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    return `${amount} ${currency}`; // not a currency of ISO 4217
  }
}

export const formatCount = (count: number, language: string): string => new Intl.NumberFormat(language).format(count);

/** The percentage of a part in a whole: `46.1%`. Undefined if the whole is 0. */
export function formatRate(part: number, whole: number, language: string): string | undefined {
  if (whole <= 0) return undefined;
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(part / whole);
}

/** The benefit of a voucher in a few words. */
export function benefitShown(benefit: Benefit | undefined, language: string, t: TFunction): string {
  if (!benefit) return '';
  switch (benefit.type) {
    case 'amount-off':
      return t('terms.benefit.amountOff', { amount: formatMoney(benefit.amount, benefit.currency, language) });
    case 'percent-off':
      return benefit.maxAmount !== undefined && benefit.currency
        ? t('terms.benefit.percentOffUpTo', {
            percent: benefit.percent,
            amount: formatMoney(benefit.maxAmount, benefit.currency, language),
          })
        : t('terms.benefit.percentOff', { percent: benefit.percent });
    case 'gift':
    case 'access':
      return benefit.name;
    case 'interest-free':
      return t('terms.benefit.interestFree', { days: benefit.days });
    default:
      return benefit satisfies never;
  }
}
