import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Voucher } from '@vouchers/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChartWords } from '../charts/chart-words.ts';
import { LinesChart } from '../charts/lines-chart.tsx';
import { TrendRangeChoice } from '../charts/trend-range-choice.tsx';
import { Problem } from '../parts/problem.tsx';
import { trendRange, type TrendRange } from '../charts/trend-range.ts';
import { answer, services } from '../api/api.ts';

const FREE = { key: 'free', colour: 'push', dash: '2 3' } as const;
const HELD = { key: 'held', colour: 'claim', dash: undefined } as const;

/** The units that lie idle, over time: those that are free, and claims that are not used yet. */
export function IdleUnits({ voucher }: { voucher: Voucher }) {
  const words = useChartWords();
  const { t } = useTranslation();
  const [range, setRange] = useState<TrendRange>('week');
  const path = { id: voucher.id };
  const found = useQuery({
    queryKey: ['idle-units', voucher.id, range],
    queryFn: () => {
      const query = trendRange(range, Date.now());
      return answer(services().ledger.GET('/v1/vouchers/{id}/counters/series', { params: { path, query } }));
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const points = found.data?.items.map(({ at, free, held }) => ({ time: Date.parse(at), free, held })) ?? [];
  // Without a claim quantity there are no free units.
  const lines = (points.some(({ free }) => free === null) ? [HELD] : [FREE, HELD]).map((line) => ({
    ...line,
    name: t(`terms.count.${line.key}`),
  }));
  return (
    <section className="panel">
      <div className="row spread">
        <h2>{words('idle')}</h2>
        <TrendRangeChoice range={range} onChange={setRange} />
      </div>
      <p className="muted">{words('idleText')}</p>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      <LinesChart
        title={words('idle')}
        points={points}
        lines={lines}
        zone={voucher.windows.timeZone}
        isShort={range === 'day'}
        isPending={found.isPending}
      />
    </section>
  );
}
