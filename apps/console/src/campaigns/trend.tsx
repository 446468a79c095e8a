import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { usePreferences } from '../app/preferences.ts';
import { useChartWords } from '../charts/chart-words.ts';
import { LinesChart } from '../charts/lines-chart.tsx';
import { TrendRangeChoice } from '../charts/trend-range-choice.tsx';
import { formatCount } from '../parts/money.ts';
import { VIEWER_ZONE } from '../parts/moment.ts';
import { Problem } from '../parts/problem.tsx';
import { trendRange, trendTimes, type TrendRange } from '../charts/trend-range.ts';
import { summed } from './trend-sums.ts';

/** The most vouchers whose counters are read. Each of them is a request of its own. */
const MOST = 12;
/** So many of them at once, since a caller may not ask for more. */
const AT_ONCE = 2;

const LINES = [
  { key: 'pushed', colour: 'push', dash: '2 3' },
  { key: 'claimed', colour: 'claim', dash: undefined },
  { key: 'redeemed', colour: 'redeem', dash: '6 3' },
] as const;

async function read(label: string, range: TrendRange) {
  const { items, next } = await answer(
    services().ledger.GET('/v1/vouchers', { params: { query: { label, sort: 'claimed', limit: MOST } } }),
  );
  const now = Date.now();
  const query = trendRange(range, now);
  const series = [];
  for (let first = 0; first < items.length; first += AT_ONCE) {
    const some = items
      .slice(first, first + AT_ONCE)
      .map(({ voucherId: id }) =>
        answer(services().ledger.GET('/v1/vouchers/{id}/counters/series', { params: { path: { id }, query } })),
      );
    series.push(...(await Promise.all(some)).map((one) => one.items));
  }
  return {
    points: items.length > 0 ? summed(trendTimes(range, now), series) : [],
    vouchers: items.length,
    isWhole: next === null,
  };
}

/** The sums of a label over time. */
export function Trend({ label }: { label: string }) {
  const words = useChartWords();
  const { t } = useTranslation();
  const { language } = usePreferences();
  const [range, setRange] = useState<TrendRange>('month');
  const found = useQuery({
    queryKey: ['trend', label, range],
    queryFn: () => read(label, range),
    placeholderData: (before) => before,
    staleTime: 60_000,
  });
  return (
    <section className="panel">
      <div className="row spread">
        <h2>{words('trend')}</h2>
        <TrendRangeChoice range={range} onChange={setRange} />
      </div>
      <p className="muted">
        {found.data?.isWhole === false
          ? words('trendMost', { number: formatCount(found.data.vouchers, language) })
          : words('trendText')}
      </p>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      <LinesChart
        title={words('trend')}
        points={found.data?.points ?? []}
        lines={LINES.map((line) => ({ ...line, name: t(`terms.count.${line.key}`) }))}
        zone={VIEWER_ZONE}
        isShort={range === 'day'}
        isPending={found.isPending}
      />
    </section>
  );
}
