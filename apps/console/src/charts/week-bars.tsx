import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Usage } from '../api/answers.ts';
import { usePreferences } from '../app/preferences.ts';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/choice.tsx';
import { formatCount } from '../parts/money.ts';
import { useChartWords } from './chart-words.ts';
import { weekOf, type Counted, type Week } from './week.ts';
import './charts.css';

/** When in the week something happened: a bar per hour, all on one scale, or a table. */
export function WeekBars({ byHour, zone }: { byHour: Usage['byHour']; zone: string }) {
  const words = useChartWords();
  const { t } = useTranslation();
  const { language } = usePreferences();
  const [counted, setCounted] = useState<Counted>('claimed');
  const [asTable, setAsTable] = useState(false);
  const week = weekOf(byHour, counted);
  const { day, hour, count } = week.highest;
  return (
    <section className="panel">
      <div className="row spread">
        <h2>{words('week')}</h2>
        <Choice<Counted>
          label={words('what')}
          value={counted}
          options={(['claimed', 'used'] as const).map((value) => ({ value, label: words(value) }))}
          onChange={setCounted}
        />
      </div>
      {count === 0 ? (
        <p className="muted">{words(counted === 'claimed' ? 'noClaims' : 'noUses')}</p>
      ) : (
        <>
          <p className="muted">
            {words('weekText', { number: formatCount(count, language), day: t(`terms.day.${day}`), hour, zone })}
          </p>
          {asTable ? (
            <WeekTable week={week} />
          ) : (
            <Drawn week={week} colour={`bar-${counted === 'used' ? 'redeemed' : counted}`} />
          )}
          <Button type="link" size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {t(asTable ? 'frame.asBars' : 'frame.asTable')}
          </Button>
        </>
      )}
    </section>
  );
}

function Drawn({ week, colour }: { week: Week; colour: string }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  return (
    <div className="week-bars" aria-hidden>
      {week.days.map(({ day, counts, sum }) => (
        <div key={day} className="week-bars-day">
          <span>{t(`terms.day.${day}`)}</span>
          {counts.map((count, hour) => (
            <span
              key={hour}
              className={`bar ${colour}`}
              style={{ height: `${(count / week.highest.count) * 100}%` }}
              title={`${hour}:00 · ${formatCount(count, language)}`}
            />
          ))}
          <span className="number">{formatCount(sum, language)}</span>
        </div>
      ))}
      <div className="week-bars-day week-bars-hours muted">
        <span />
        {[0, 6, 12, 18].map((hour) => (
          <span key={hour}>{hour}:00</span>
        ))}
      </div>
    </div>
  );
}

function WeekTable({ week }: { week: Week }) {
  const words = useChartWords();
  const { t } = useTranslation();
  const { language } = usePreferences();
  const count = (value: number): string => formatCount(value, language);
  return (
    <div className="scrolls lines-table" tabIndex={0} role="region" aria-label={words('week')}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{words('hour')}</th>
            {week.days.map(({ day }) => (
              <th key={day} scope="col" className="number">
                {t(`terms.day.${day}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: 24 }, (_, hour) => (
            <tr key={hour}>
              <th scope="row">{hour}:00</th>
              {week.days.map(({ day, counts }) => (
                <td key={day} className="number">
                  {count(counts[hour]!)}
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">{words('all')}</th>
            {week.days.map(({ day, sum }) => (
              <td key={day} className="number">
                {count(sum)}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}
