import type { CounterValues } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { formatCount } from './money.ts';
import { barWidth, funnelOf } from './funnel.ts';
import './funnel.css';

/** Small bars for pushes, claims and redemptions, with their numbers. */
export function FunnelSpark({
  counters,
}: {
  counters: Pick<CounterValues, 'pushed' | 'claimed' | 'redeemed'> | undefined;
}) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const steps = funnelOf(counters ?? { pushed: 0, claimed: 0, redeemed: 0 });
  return (
    <span className="funnel-spark">
      {steps.map(({ key, count, length }) => (
        <span key={key} className="funnel-spark-row">
          <span className="muted">{t(`terms.count.${key}`)}</span>
          <span className={`bar bar-${key}`} style={{ width: barWidth(length) }} aria-hidden />
          <span className="number">{counters ? formatCount(count, language) : '–'}</span>
        </span>
      ))}
    </span>
  );
}
