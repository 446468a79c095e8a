import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, type ComponentProps } from 'react';
import { detailFilters } from '../app/filters.ts';
import { answer, services } from '../api/api.ts';
import { useLiveCounters } from '../api/counters-stream.ts';
import { voucherQuery } from '../api/queries.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { Empty } from '../parts/empty.tsx';
import { useTranslation } from 'react-i18next';
import { useVoucherAt } from './voucher-at.ts';
import { PastBanner } from './past-banner.tsx';
import { LiveFunnel } from './live-funnel.tsx';
import { MoneyTaken } from './money-taken.tsx';
import { Refusals } from './refusals.tsx';
import { SettingsList } from './settings-list.tsx';
import { Timeline } from './timeline.tsx';
import { Units } from './units.tsx';

/** A decision that is opened beside the overview. Only its drawer needs antd. */
const DecisionDrawer = lazy(async () => {
  const [{ Antd }, { DecisionDrawer: Drawer }] = await Promise.all([
    import('../app/antd.tsx'),
    import('../decisions/decision-drawer.tsx'),
  ]);
  return {
    default: (about: ComponentProps<typeof Drawer>) => (
      <Antd>
        <Drawer {...about} />
      </Antd>
    ),
  };
});
const SeriesChart = lazy(async () => ({ default: (await import('./series-chart.tsx')).SeriesChart }));

/** The sizes of the panels, which their placeholders have, so that nothing moves. Unit: CSS pixels. */
const FUNNEL_PX = 129;
const UNITS_PX = 155;
const SERIES_PX = 303;

/** `/vouchers/{id}?at=`: the voucher's counters, live or as of a past moment. */
export function OverviewPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/frame/vouchers/$id' });
  const { at, decision } = detailFilters({ ...useSearch({ from: '/frame/vouchers/$id/' }) });
  const navigate = useNavigate();
  const of = useVoucherAt(id, at);
  const live = useLiveCounters(id, at !== undefined);
  const past = useQuery({
    queryKey: ['counters-at', id, at],
    queryFn: () =>
      answer(services().ledger.GET('/v1/vouchers/{id}/counters', { params: { path: { id }, query: { at } } })),
    enabled: at !== undefined && of.is === 'found',
    staleTime: Infinity,
  });
  const { data } = useQuery(voucherQuery(id));
  if (of.is === 'nothing') {
    return (
      <div className="stack">
        {at && <PastBanner at={at} zone={data?.value.windows.timeZone ?? 'UTC'} />}
        <Empty title={t('voucher.nothingYet')}>
          <p>{t('voucher.nothingYetText')}</p>
        </Empty>
      </div>
    );
  }
  if (of.is === 'failed') return <Problem error={of.error} onRetry={of.retry} persistent />;
  if (of.is === 'loading') return <Placeholder rows={4} height={120} />;
  const { voucher } = of;
  const shown = at === undefined ? live.counters : past.data;
  const error = at === undefined ? (shown ? undefined : live.problem) : past.error;
  const zone = voucher.windows.timeZone;
  return (
    <div className="stack">
      {at && <PastBanner at={at} zone={zone} />}
      {error && <Problem error={error} onRetry={() => (at === undefined ? live.retry() : void past.refetch())} />}
      <div className="overview">
        <div className="stack">
          {shown ? (
            <>
              <LiveFunnel
                counters={shown}
                state={at === undefined ? live.state : 'past'}
                heardAt={at === undefined ? live.heardAt : Date.parse(at)}
                zone={zone}
              />
              <Units voucher={voucher} counters={shown} at={at} />
              <MoneyTaken voucher={voucher} counters={shown} />
            </>
          ) : (
            !error && (
              <>
                <Placeholder height={FUNNEL_PX} />
                <Placeholder height={UNITS_PX} />
              </>
            )
          )}
          <Suspense fallback={<Placeholder height={SERIES_PX} />}>
            <SeriesChart voucher={voucher} until={at} newest={voucher.clock === 'wall' ? shown : undefined} />
          </Suspense>
          {shown && <Refusals counters={shown} voucherId={id} />}
        </div>
        <div className="stack">
          <SettingsList id={id} spec={voucher} />
          <Timeline voucherId={id} zone={zone} until={at} head={shown?.asOf.seq} />
        </div>
      </div>
      {decision && (
        <Suspense>
          <DecisionDrawer
            submissionId={decision}
            onClose={() => void navigate({ to: '/vouchers/$id', params: { id }, search: { at }, resetScroll: false })}
          />
        </Suspense>
      )}
    </div>
  );
}
