import type { CounterValues } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { unitsOf } from './funnel.ts';
import { formatCount } from './money.ts';
import './funnel.css';

interface Props {
  counters: CounterValues;
  /** The text for a voucher without a claim quantity, which has no free units. */
  unlimited: string;
}

/** The states of all units, as an equation and a strip. Without a claim quantity there is no equation. */
export function UnitsStrip({ counters, unlimited }: Props) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const units = unitsOf(counters);
  const whole = units.reduce((sum, { count }) => sum + count, 0);
  const count = (value: number): string => formatCount(value, language);
  const isLimited = counters.free !== null;
  return (
    <>
      <p>
        {isLimited
          ? `${count(whole)} = ${units.map(({ key, count: value }) => `${t(`terms.count.${key}`)} ${count(value)}`).join(' + ')}`
          : unlimited}
      </p>
      {isLimited && (
        <div className="units-strip" aria-hidden>
          {units
            .filter(({ count: value }) => value > 0)
            .map(({ key, count: value }) => (
              <span key={key} className={`unit-${key}`} style={{ flexGrow: value }} />
            ))}
        </div>
      )}
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
