import type { CounterValues } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { formatCount } from '../parts/money.ts';

const COUNTS = ['waiting', 'offered', 'claimedFromOffer', 'lapsed', 'left', 'extended'] as const;

/** The counts of the waiting list: how many joined, and what became of them. */
export function WaitingCounts({ counters }: { counters: CounterValues }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  return (
    <ul className="waiting-counts">
      {(['joined', ...COUNTS] as const).map((key) => (
        <li key={key}>
          <span className="muted">{t(`terms.count.${key}`)}</span>{' '}
          <strong>{formatCount(counters[key], language)}</strong>
        </li>
      ))}
    </ul>
  );
}
