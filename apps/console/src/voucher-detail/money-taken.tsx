import type { CounterValues, Voucher } from '@vouchers/contracts';
import { usePreferences } from '../app/preferences.ts';
import { Bars, type Bar } from '../parts/bars.tsx';
import { formatMoney } from '../parts/money.ts';
import { useCheckoutWords } from './checkout-words.ts';

/** The money that redemptions took off, what open orders reserve, and what is left of the budget. */
export function MoneyTaken({ voucher, counters }: { voucher: Voucher; counters: CounterValues }) {
  const words = useCheckoutWords();
  const { language } = usePreferences();
  const { discounted, reserved } = counters;
  const { budget } = voucher.quantities;
  const currencies = [
    ...new Set([...(budget ? [budget.currency] : []), ...Object.keys(discounted), ...Object.keys(reserved.discount)]),
  ];
  if (currencies.length === 0) return null;
  return (
    <section className="panel">
      {currencies.map((currency) => {
        const [taken, kept] = [discounted[currency] ?? 0, reserved.discount[currency] ?? 0];
        const limit = budget?.currency === currency ? budget.amount : undefined;
        const whole = Math.max(limit ?? 0, taken + kept, 1);
        const bar = (key: 'taken' | 'reserved' | 'left', amount: number, colour: string): Bar => ({
          key,
          name: words(key),
          number: formatMoney(amount, currency, language),
          length: amount / whole,
          colour,
        });
        const title =
          limit === undefined
            ? words('money')
            : `${words('money')} · ${words('of', { budget: formatMoney(limit, currency, language) })}`;
        const bars = [
          bar('taken', taken, 'unit-used'),
          bar('reserved', kept, 'unit-locked'),
          ...(limit === undefined ? [] : [bar('left', Math.max(0, limit - taken - kept), 'unit-free')]),
        ];
        return <Bars key={currency} title={title} bars={bars} />;
      })}
    </section>
  );
}
