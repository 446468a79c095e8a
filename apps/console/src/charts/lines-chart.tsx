import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { LOOKS, type Look } from '../app/look.ts';
import { usePreferences } from '../app/preferences.ts';
import { Button } from '../parts/button.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { LinesTable } from './lines-table.tsx';
import type { Point } from './point.ts';
import { useTimeAxes } from './time-axes.ts';
import './charts.css';

export interface LineDrawn {
  key: string;
  name: string;
  colour: keyof Look;
  /** The stroke's dashes; undefined for a solid line. Colour and stroke tell the lines apart. */
  dash: string | undefined;
}
/** The height of legend, chart and button, so that nothing moves. Unit: CSS pixels. */
const CHART_PX = 252;

interface Props<Of extends Point> {
  /** The name of the chart and its table. */
  title: string;
  points: readonly Of[];
  lines: readonly LineDrawn[];
  /** Columns that the table has besides the lines. */
  more?: readonly { key: string; name: string }[];
  zone: string;
  /** True if the points lie within a day. */
  isShort: boolean;
  isPending: boolean;
}

/** Counts over time as lines, or as a table. It is loaded when it is shown. */
export function LinesChart<Of extends Point>({ title, points, lines, more = [], zone, isShort, isPending }: Props<Of>) {
  const { t } = useTranslation();
  const { scheme } = usePreferences();
  const axes = useTimeAxes(zone, isShort ? 'minute' : 'day');
  const [asTable, setAsTable] = useState(false);
  const look = LOOKS[scheme];
  if (isPending) return <Placeholder height={CHART_PX} />;
  if (points.length === 0) return <p className="muted">{t('voucher.noEvents')}</p>;
  return (
    <>
      <div className="row">
        {lines.map(({ key, name, colour, dash }) => (
          <span key={key} className="row">
            <svg width="24" height="8" aria-hidden>
              <line x1="0" x2="24" y1="4" y2="4" stroke={look[colour]} strokeWidth="2" strokeDasharray={dash} />
            </svg>
            {name}
          </span>
        ))}
      </div>
      {asTable ? (
        <LinesTable title={title} points={points} columns={[...lines, ...more]} zone={zone} />
      ) : (
        <div className="lines-chart" aria-hidden>
          <ResponsiveContainer width="100%" height={200}>
            <LineChart data={[...points]} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
              <CartesianGrid {...axes.grid} />
              <XAxis {...axes.time} />
              <YAxis {...axes.count} />
              <Tooltip {...axes.tooltip} />
              {lines.map(({ key, name, colour, dash }) => (
                <Line
                  key={key}
                  dataKey={key}
                  name={name}
                  stroke={look[colour]}
                  strokeDasharray={dash}
                  strokeWidth={2}
                  dot={false}
                  isAnimationActive={false}
                />
              ))}
            </LineChart>
          </ResponsiveContainer>
        </div>
      )}
      <Button type="link" size="small" onClick={() => setAsTable(!asTable)}>
        {t(asTable ? 'frame.asLines' : 'frame.asTable')}
      </Button>
    </>
  );
}
