import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Counters, Voucher } from '@vouchers/contracts';
import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { answer, services } from '../api/api.ts';
import { usePreferences } from '../app/preferences.ts';
import { LOOKS } from '../app/look.ts';
import { formatCount } from '../parts/money.ts';
import { formatMoment } from '../parts/moment.ts';
import { Button } from '../parts/button.tsx';
import { Problem } from '../parts/problem.tsx';
import { SeriesTable } from './series-table.tsx';
import { seriesRange, firstRange, pointsOf, RANGES, type Range } from './series-range.ts';

const LINES = [
  { key: 'pushed', colour: 'push', dash: '2 3' },
  { key: 'claimed', colour: 'claim', dash: undefined },
  { key: 'redeemed', colour: 'redeem', dash: '6 3' },
] as const;
/** Drawn only for a voucher that somebody waited for. */
const WAITING_LINE = { key: 'waiting', colour: 'locked', dash: '1 4' } as const;

interface Props {
  voucher: Voucher;
  /** The past moment to show. */
  until: string | undefined;
  newest: Counters | undefined;
}

/** A chart of the three counts over time. Colour and stroke tell the lines apart. It is loaded when it is shown. */
export function SeriesChart({ voucher, until, newest }: Props) {
  const { t } = useTranslation();
  const { language, scheme } = usePreferences();
  const [range, setRange] = useState<Range>(() => firstRange(voucher, Date.now()));
  const [asTable, setAsTable] = useState(false);
  const look = LOOKS[scheme];
  const zone = voucher.windows.timeZone;
  const { id } = voucher;
  const found = useQuery({
    queryKey: ['series', id, range, until],
    queryFn: async () => {
      const query = seriesRange(range, voucher, until === undefined ? Date.now() : Date.parse(until));
      const found = await answer(
        services().ledger.GET('/v1/vouchers/{id}/counters/series', { params: { path: { id }, query } }),
      );
      return { ...found, from: Date.parse(query.from) };
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const end = newest && { ...newest, time: until === undefined ? found.dataUpdatedAt : Date.parse(until) };
  const points = found.data ? pointsOf(found.data.items, voucher, found.data.from, end) : [];
  const lines = points.some(({ waiting }) => waiting > 0) ? [...LINES, WAITING_LINE] : LINES;
  const count = (value: unknown): string => formatCount(Number(value), language);
  return (
    <section className="panel">
      <div className="row spread">
        <h2>{t('voucher.series')}</h2>
        <Segmented<Range>
          size="small"
          aria-label={t('voucher.seriesRange')}
          value={range}
          onChange={setRange}
          options={RANGES.map((value) => ({ value, label: t(`voucher.seriesRanges.${value}`) }))}
        />
      </div>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      <div className="row">
        {lines.map(({ key, colour, dash }) => (
          <span key={key} className="row">
            <svg width="24" height="8" aria-hidden>
              <line x1="0" x2="24" y1="4" y2="4" stroke={look[colour]} strokeWidth="2" strokeDasharray={dash} />
            </svg>
            {t(`terms.count.${key}`)}
          </span>
        ))}
      </div>
      {asTable ? (
        <SeriesTable points={points} zone={zone} />
      ) : (
        <div className="series-chart" aria-hidden>
          <ResponsiveContainer width="100%" height={200}>
            <LineChart data={points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
              <CartesianGrid stroke={look.line} vertical={false} />
              <XAxis
                dataKey="time"
                type="number"
                scale="time"
                domain={['dataMin', 'dataMax']}
                tickFormatter={(at: number) => formatMoment(at, range === 'day' ? 'minute' : 'day', zone).slice(5)}
                minTickGap={40}
                stroke={look.field}
                tick={{ fill: look.muted, fontSize: 11 }}
              />
              <YAxis
                width={64}
                allowDecimals={false}
                tickFormatter={count}
                stroke={look.field}
                tick={{ fill: look.muted, fontSize: 11 }}
              />
              <Tooltip
                labelFormatter={(at) => `${formatMoment(Number(at), 'minute', zone)} ${zone}`}
                formatter={(value) => count(value)}
                contentStyle={{ background: look.surface, borderColor: look.line, color: look.text }}
                isAnimationActive={false}
              />
              {lines.map(({ key, colour, dash }) => (
                <Line
                  key={key}
                  dataKey={key}
                  name={t(`terms.count.${key}`)}
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
    </section>
  );
}
