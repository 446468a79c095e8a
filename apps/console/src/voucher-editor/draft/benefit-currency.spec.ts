import { expect, it } from '@jest/globals';
import { inCurrency } from './benefit-currency.ts';

it.each([
  [{ type: 'amount-off', amount: 275, currency: 'JPY' } as const, 'CNY', { amount: 27_500, currency: 'CNY' }],
  [{ type: 'amount-off', amount: 27_500, currency: 'CNY' } as const, 'KWD', { amount: 275_000, currency: 'KWD' }],
  [
    { type: 'percent-off', percent: 10, maxAmount: 5_000, currency: 'CNY' } as const,
    'JPY',
    { maxAmount: 50, currency: 'JPY' },
  ],
])('%j in %s still shows the same amount', (benefit, currency, expected) => {
  expect(inCurrency(benefit, currency)).toEqual({ ...benefit, ...expected });
});

it('a percentage may be without a currency', () => {
  expect(inCurrency({ type: 'percent-off', percent: 10, currency: 'CNY' }, undefined)).toEqual({
    type: 'percent-off',
    percent: 10,
  });
});
