// The states of all units over time, as they were and as they would be, on the same scale.
import type { Simulation } from '@vouchers/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { LOOKS, type Look } from '../app/look.ts';
import { usePreferences } from '../app/preferences.ts';
import { LinesTable } from '../charts/lines-table.tsx';
import { pointPrecision, precisionOf, useTimeAxes } from '../charts/time-axes.ts';
import { Button } from '../parts/button.tsx';
import { UNIT_KEYS, unitPoints, type UnitPoint } from './simulations.ts';
import { useWhatIfWords } from './what-if-words.ts';
import '../charts/charts.css';

const COLOURS: Readonly<Record<(typeof UNIT_KEYS)[number], keyof Look>> = {
  free: 'push',
  offered: 'offered',
  held: 'claim',
  locked: 'locked',
  used: 'redeem',
  retired: 'retired',
};
/** From the bottom of the stack: what is used up first, free units on top. */
const STACKED = UNIT_KEYS.toReversed();

interface Props {
  series: NonNullable<Simulation['series']>;
  zone: string;
}

export default function UnitsOverTime({ series, zone }: Props) {
  const words = useWhatIfWords();
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const drawn = (['was', 'would'] as const).map((which) => ({ which, points: unitPoints(series, which) }));
  const wholes = drawn.flatMap(({ points }) => points.map(wholeOf));
  const most = Math.max(1, ...wholes);
  const shown = STACKED.filter((key) => drawn.some(({ points }) => points.some((point) => point[key] > 0)));
  return (
    <section className="panel stack">
      <div className="row spread">
        <h2>{words('overTime')}</h2>
        <Button type="link" size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {t(asTable ? 'frame.asLines' : 'frame.asTable')}
        </Button>
      </div>
      <ul className="units-legend">
        {shown.toReversed().map((key) => (
          <li key={key}>
            <span className={`unit-${key}`} aria-hidden /> {t(`terms.count.${key}`)}
          </li>
        ))}
      </ul>
      <div className="what-if-pair">
        {drawn.map(({ which, points }) => (
          <div key={which}>
            <h3>{words(which)}</h3>
            {asTable ? (
              <LinesTable
                title={`${words('overTime')}: ${words(which)}`}
                points={points}
                columns={UNIT_KEYS.map((key) => ({ key, name: t(`terms.count.${key}`) }))}
                zone={zone}
                precision={pointPrecision(precisionOf(points))}
              />
            ) : (
              <Strip points={points} keys={shown} most={most} zone={zone} />
            )}
          </div>
        ))}
      </div>
    </section>
  );
}

const wholeOf = (point: UnitPoint): number => UNIT_KEYS.reduce((sum, key) => sum + point[key], 0);

interface StripProps {
  points: UnitPoint[];
  keys: readonly (typeof UNIT_KEYS)[number][];
  most: number;
  zone: string;
}

function Strip({ points, keys, most, zone }: StripProps) {
  const { t } = useTranslation();
  const { scheme } = usePreferences();
  const look = LOOKS[scheme];
  const axes = useTimeAxes(zone, precisionOf(points));
  return (
    <div className="lines-chart" aria-hidden>
      <ResponsiveContainer width="100%" height={180}>
        <AreaChart data={points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid {...axes.grid} />
          <XAxis {...axes.time} />
          <YAxis {...axes.count} domain={[0, most]} />
          <Tooltip {...axes.tooltip} />
          {keys.map((key) => (
            <Area
              key={key}
              dataKey={key}
              name={t(`terms.count.${key}`)}
              stackId="units"
              type="stepAfter"
              stroke={look.surface}
              strokeWidth={1}
              fill={look[COLOURS[key]]}
              fillOpacity={1}
              isAnimationActive={false}
            />
          ))}
        </AreaChart>
      </ResponsiveContainer>
    </div>
  );
}
