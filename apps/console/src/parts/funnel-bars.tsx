import type { CounterValues } from '@vouchers/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { Bars } from './bars.tsx';
import { funnelOf } from './funnel.ts';
import { formatCount, formatRate } from './money.ts';

/** Bars for pushes, claims and redemptions, with their rates. */
export function FunnelBars({ title, counters }: { title: ReactNode; counters: CounterValues }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const bars = funnelOf(counters).map(({ key, count, length, of }) => {
    const rate = of === undefined ? undefined : formatRate(count, of, language);
    return {
      key,
      name: t(`terms.count.${key}`),
      number: formatCount(count, language),
      length,
      note: rate && t(key === 'claimed' ? 'voucher.ofPushed' : 'voucher.ofClaimed', { rate }),
      colour: `bar-${key}`,
    };
  });
  return <Bars title={title} bars={bars} />;
}
