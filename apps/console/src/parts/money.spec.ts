import { describe, expect, it } from '@jest/globals';
import type { TFunction } from 'i18next';
import { benefitShown, formatCount, formatMoney, formatRate } from './money.ts';

describe('money in minor units', () => {
  it.each([
    [2_000, 'CNY', 'zh-CN', '¥20'],
    [1_999, 'CNY', 'zh-CN', '¥19.99'],
    [1_999, 'EUR', 'en', '€19.99'],
    [500, 'JPY', 'en', '¥500'],
    [1_500, 'KWD', 'en', 'KWD 1.500'],
    [5, 'not a currency', 'en', '5 not a currency'],
  ])('%d %s in %s is %s', (amount, currency, language, expected) => {
    expect(formatMoney(amount, currency, language).replace('\u00a0', ' ')).toBe(expected);
  });
});

it('a rate needs a whole', () => {
  expect(formatRate(4_120, 100_000, 'en')).toBe('4.1%');
  expect(formatRate(0, 5, 'en')).toBe('0%');
  expect(formatRate(1, 0, 'en')).toBeUndefined();
  expect(formatCount(100_000, 'en')).toBe('100,000');
});

it.each([
  [undefined, ''],
  [{ type: 'amount-off', amount: 2_000, currency: 'CNY' } as const, 'terms.benefit.amountOff {"amount":"¥20"}'],
  [{ type: 'percent-off', percent: 15 } as const, 'terms.benefit.percentOff {"percent":15}'],
  [
    { type: 'percent-off', percent: 15, maxAmount: 5_000, currency: 'CNY' } as const,
    'terms.benefit.percentOffUpTo {"percent":15,"amount":"¥50"}',
  ],
  [{ type: 'gift', sku: 'g', name: '<b>Mug</b>' } as const, '<b>Mug</b>'],
  [{ type: 'interest-free', days: 90 } as const, 'terms.benefit.interestFree {"days":90}'],
  [{ type: 'access', name: 'Lounge' } as const, 'Lounge'],
])('%j is shown', (benefit, expected) => {
  const t = ((key: string, options?: object) => `${key} ${JSON.stringify(options)}`) as unknown as TFunction;
  expect(benefitShown(benefit, 'zh-CN', t)).toBe(expected);
});
