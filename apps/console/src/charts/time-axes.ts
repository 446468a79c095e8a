// The axes and the tooltip that all charts of counts over time share.
import { LOOKS } from '../app/look.ts';
import { usePreferences } from '../app/preferences.ts';
import { formatCount } from '../parts/money.ts';
import { formatMoment } from '../parts/moment.ts';
import type { Point } from './point.ts';

/** The precision with which a chart writes its times. */
export type AxisPrecision = 'day' | 'minute' | 'second';

const DAY_MS = 86_400_000;
const SHORT_MS = 600_000;

/** Days, unless the points lie within one; seconds if they lie within ten minutes. */
export function precisionOf(points: readonly Point[]): AxisPrecision {
  const span = (points.at(-1)?.time ?? 0) - (points[0]?.time ?? 0);
  if (span >= DAY_MS) return 'day';
  return span >= SHORT_MS ? 'minute' : 'second';
}

/** The precision of a single point's time, in the tooltip and in the table. */
export const pointPrecision = (precision: AxisPrecision): 'minute' | 'second' =>
  precision === 'day' ? 'minute' : precision;

/** The place in a moment's text where an axis begins: without the year, or with the time alone. */
const BEGINS = { day: 5, minute: 5, second: 11 } as const;

/** @returns the properties of a chart's grid, axes and tooltip */
export function useTimeAxes(zone: string, precision: AxisPrecision) {
  const { language, scheme } = usePreferences();
  const look = LOOKS[scheme];
  const count = (value: unknown): string => formatCount(Number(value), language);
  const axis = { stroke: look.field, tick: { fill: look.muted, fontSize: 11 } };
  return {
    grid: { stroke: look.line, vertical: false },
    time: {
      ...axis,
      dataKey: 'time',
      type: 'number' as const,
      scale: 'time' as const,
      domain: ['dataMin', 'dataMax'],
      tickFormatter: (at: number): string => formatMoment(at, precision, zone).slice(BEGINS[precision]),
      minTickGap: 40,
    },
    count: { ...axis, width: 64, allowDecimals: false, tickFormatter: count },
    tooltip: {
      labelFormatter: (at: unknown): string => `${formatMoment(Number(at), pointPrecision(precision), zone)} ${zone}`,
      formatter: count,
      contentStyle: { background: look.surface, borderColor: look.line, color: look.text },
      isAnimationActive: false,
    },
  };
}
