import type { CounterValues } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { unitsOf } from './funnel.ts';
import { formatCount } from './money.ts';
import './funnel.css';

/** Where every unit is, as an equation and a strip. */
export function UnitsStrip({ counters }: { counters: CounterValues }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const units = unitsOf(counters);
  if (!units) return <p>{t('terms.unlimited')}</p>;
  const whole = units.reduce((sum, { count }) => sum + count, 0);
  const count = (value: number): string => formatCount(value, language);
  return (
    <>
      <p>
        {count(whole)} ={' '}
        {units.map(({ key, count: value }) => `${t(`terms.count.${key}`)} ${count(value)}`).join(' + ')}
      </p>
      <div className="units-strip" aria-hidden>
        {units
          .filter(({ count: value }) => value > 0)
          .map(({ key, count: value }) => (
            <span key={key} className={`unit-${key}`} style={{ flexGrow: value }} />
          ))}
      </div>
      <ul className="units-legend">
        {units.map(({ key, count: value }) => (
          <li key={key}>
            <span className={`unit-${key}`} aria-hidden />
            <span className="muted">{t(`terms.count.${key}`)}</span> {count(value)}
          </li>
        ))}
      </ul>
    </>
  );
}
