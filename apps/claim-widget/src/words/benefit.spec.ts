import type { Benefit, PageModule } from '@vouchers/contracts';
import { expect, it } from '@jest/globals';
import { worthOf } from './benefit.ts';
import { WORDS } from './languages.ts';
import type { Language } from './words.ts';

it.each<[Benefit | undefined, Language, string[]]>([
  [{ type: 'amount-off', amount: 2000, currency: 'CNY' }, 'zh-CN', ['¥20', '立减', '']],
  [{ type: 'amount-off', amount: 1999, currency: 'EUR' }, 'en', ['€19.99', 'off', '']],
  [{ type: 'amount-off', amount: 500, currency: 'JPY' }, 'en', ['¥500', 'off', '']],
  [{ type: 'amount-off', amount: 1500, currency: 'KWD' }, 'en', ['KWD 1.500', 'off', '']],
  [{ type: 'percent-off', percent: 20 }, 'zh-CN', ['8', '折', '']],
  [{ type: 'percent-off', percent: 15, maxAmount: 5000, currency: 'CNY' }, 'zh-CN', ['8.5', '折', '最高减 ¥50']],
  [{ type: 'percent-off', percent: 15, maxAmount: 5000, currency: 'USD' }, 'en', ['15%', 'off', 'up to $50']],
  [{ type: 'gift', sku: 's', name: 'A cup' }, 'en', ['', 'Gift', 'A cup']],
  [{ type: 'interest-free', days: 1 }, 'en', ['1', 'day interest-free', '']],
  [{ type: 'interest-free', days: 30 }, 'zh-CN', ['30', '天免息', '']],
  [{ type: 'access', name: 'Lounge' }, 'zh-CN', ['', '权益', 'Lounge']],
  [undefined, 'zh-CN', ['', '优惠券', '']],
])('%j in %s', (benefit, language, expected) => {
  const { figure, unit, note } = worthOf({ benefit, resourceType: 'coupon' } as PageModule, WORDS[language], language);
  expect([figure.replace(/\u00a0/g, ' '), unit, note]).toEqual(expected);
});
