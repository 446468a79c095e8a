import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { SummedCounters } from '../api/answers.ts';
import { answer, services } from '../api/api.ts';
import { usePreferences } from '../app/preferences.ts';
import { useTitle } from '../app/title.ts';
import { FunnelBars } from '../parts/funnel-bars.tsx';
import { formatCount } from '../parts/money.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { UnitsStrip } from '../parts/units-strip.tsx';
import { CsvButton } from '../parts/csv-button.tsx';
import { countersCsv } from '../voucher-detail/counters-csv.ts';
import { Refusals } from '../voucher-detail/refusals.tsx';
import { FoundVouchers } from '../vouchers-list/vouchers-list.page.tsx';
import { useFoundVouchers } from '../vouchers-list/found-vouchers.ts';
import { WindowsCalendar } from './windows-calendar.tsx';
import '../voucher-detail/voucher.css';

const Trend = lazy(async () => ({ default: (await import('./trend.tsx')).Trend }));
/** The size of its panel, so that nothing moves. Unit: CSS pixels. */
const TREND_PX = 330;

const EVERY_MS = 5_000;

/** `/labels/{key:value}`: the funnel of all vouchers with a label, and the list of them. */
export function CampaignPage() {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { label } = useParams({ from: '/frame/labels/$label' });
  const title = t('screens.campaign.title', { label });
  useTitle(title);
  const sum = useQuery({
    queryKey: ['counters-of-label', label],
    queryFn: async () =>
      (await answer(services().ledger.GET('/v1/counters', { params: { query: { label } } }))) as SummedCounters,
    refetchInterval: EVERY_MS,
  });
  return (
    <div className="stack">
      <h1>
        <bdi>{title}</bdi>
      </h1>
      {sum.error && <Problem error={sum.error} onRetry={() => void sum.refetch()} persistent />}
      {sum.isPending && <Placeholder rows={2} height={140} />}
      {sum.data && (
        <>
          <div className="row">
            <span className="muted">
              {t('screens.campaign.vouchers', { number: formatCount(sum.data.vouchers, language) })}
            </span>
            <CsvButton name={`label-${label}`} lines={() => countersCsv(sum.data)} />
          </div>
          <div className="overview">
            <div className="stack">
              <section className="panel">
                <FunnelBars title={t('screens.campaign.funnel')} counters={sum.data} />
              </section>
              <section className="panel">
                <h2>{t('voucher.units')}</h2>
                <UnitsStrip counters={sum.data} unlimited={t('screens.campaign.unlimited')} />
              </section>
            </div>
            <div className="stack">
              <Refusals counters={sum.data} />
            </div>
          </div>
        </>
      )}
      <Suspense fallback={<Placeholder height={TREND_PX} />}>
        <Trend label={label} />
      </Suspense>
      <Calendar label={label} />
      <h2>{t('screens.campaign.members')}</h2>
      <FoundVouchers filters={{ label }} />
    </div>
  );
}

const MOST_LINES = 40;

/** The calendar of the label's newest vouchers. */
function Calendar({ label }: { label: string }) {
  const { data } = useFoundVouchers({ label });
  const vouchers = data?.pages.flatMap(({ items }) => items).slice(0, MOST_LINES);
  return vouchers && <WindowsCalendar vouchers={vouchers} />;
}
