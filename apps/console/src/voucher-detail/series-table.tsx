import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { formatCount } from '../parts/money.ts';
import { Moment } from '../parts/moment-text.tsx';
import type { SeriesPoint } from './series-range.ts';

const COUNTS = ['pushed', 'claimed', 'redeemed'] as const;
const WAITING = ['waiting', 'claimedFromOffer'] as const;

/** The points of the chart as a table, newest first. */
export function SeriesTable({ points, zone }: { points: readonly SeriesPoint[]; zone: string }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const isWaitedFor = points.some(({ waiting, claimedFromOffer }) => waiting + claimedFromOffer > 0);
  const counts = isWaitedFor ? [...COUNTS, ...WAITING] : COUNTS;
  return (
    <div className="scrolls series-table" tabIndex={0} role="region" aria-label={t('voucher.series')}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">
              {t('voucher.event.when')} ({zone})
            </th>
            {counts.map((key) => (
              <th key={key} scope="col" className="number">
                {t(`terms.count.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map((point) => (
            <tr key={point.time}>
              <th scope="row">
                <Moment at={new Date(point.time).toISOString()} zone={zone} />
              </th>
              {counts.map((key) => (
                <td key={key} className="number">
                  {formatCount(point[key], language)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
