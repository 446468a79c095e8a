import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Counters, Voucher } from '@vouchers/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { LinesChart } from '../charts/lines-chart.tsx';
import { Choice } from '../parts/choice.tsx';
import { Problem } from '../parts/problem.tsx';
import { firstRange, pointsOf, RANGES, seriesRange, type Range } from './series-range.ts';

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

/** A chart of the three counts over time. */
export function SeriesChart({ voucher, until, newest }: Props) {
  const { t } = useTranslation();
  const [range, setRange] = useState<Range>(() => firstRange(voucher, Date.now()));
  const zone = voucher.windows.timeZone;
  const path = { id: voucher.id };
  const found = useQuery({
    queryKey: ['series', voucher.id, range, until],
    queryFn: async () => {
      const query = seriesRange(range, voucher, until === undefined ? Date.now() : Date.parse(until));
      const found = await answer(
        services().ledger.GET('/v1/vouchers/{id}/counters/series', { params: { path, query } }),
      );
      return { ...found, from: Date.parse(query.from) };
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const end = newest && { ...newest, time: until === undefined ? found.dataUpdatedAt : Date.parse(until) };
  const points = found.data ? pointsOf(found.data.items, voucher, found.data.from, end) : [];
  const isWaitedFor = points.some(({ waiting, claimedFromOffer }) => waiting + claimedFromOffer > 0);
  const lines = (isWaitedFor ? [...LINES, WAITING_LINE] : LINES).map((line) => ({
    ...line,
    name: t(`terms.count.${line.key}`),
  }));
  const more = isWaitedFor ? [{ key: 'claimedFromOffer', name: t('terms.count.claimedFromOffer') }] : [];
  return (
    <section className="panel">
      <div className="row spread">
        <h2>{t('voucher.series')}</h2>
        <Choice<Range>
          label={t('voucher.seriesRange')}
          value={range}
          onChange={setRange}
          options={RANGES.map((value) => ({ value, label: t(`voucher.seriesRanges.${value}`) }))}
        />
      </div>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      <LinesChart
        title={t('voucher.series')}
        points={points}
        lines={lines}
        more={more}
        zone={zone}
        isShort={range === 'day'}
        isPending={found.isPending}
      />
    </section>
  );
}
