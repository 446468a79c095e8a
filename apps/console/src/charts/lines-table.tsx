import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { formatCount } from '../parts/money.ts';
import { Moment } from '../parts/moment-text.tsx';
import type { Point } from './point.ts';

interface Props<Of extends Point> {
  title: string;
  points: readonly Of[];
  columns: readonly { key: string; name: string }[];
  zone: string;
  precision?: 'minute' | 'second';
}

/** The points of a chart as a table, newest first. */
export function LinesTable<Of extends Point>({ title, points, columns, zone, precision }: Props<Of>) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  return (
    <div className="scrolls lines-table" tabIndex={0} role="region" aria-label={title}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">
              {t('voucher.event.when')} ({zone})
            </th>
            {columns.map(({ key, name }) => (
              <th key={key} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map((point) => (
            <tr key={point.time}>
              <th scope="row">
                <Moment at={new Date(point.time).toISOString()} zone={zone} precision={precision} />
              </th>
              {columns.map(({ key }) => (
                <td key={key} className="number">
                  {formatCount(Number(point[key as keyof Of]), language)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
