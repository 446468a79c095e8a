import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { detailFilters } from '../app/filters.ts';
import { answer, services } from '../api/api.ts';
import { useLiveCounters } from '../api/counters-stream.ts';
import { voucherQuery } from '../api/queries.ts';
import { DecisionDrawer } from '../decisions/decision-drawer.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { AsOf } from './as-of.tsx';
import { LiveFunnel } from './live-funnel.tsx';
import { Refusals } from './refusals.tsx';
import { SettingsList } from './settings-list.tsx';
import { Timeline } from './timeline.tsx';
import { Units } from './units.tsx';

const SeriesChart = lazy(async () => ({ default: (await import('./series-chart.tsx')).SeriesChart }));

/** `/vouchers/{id}?at=`: the voucher's counters, live or as of a past moment. */
export function OverviewPage() {
  const { id } = useParams({ from: '/frame/vouchers/$id' });
  const { at, decision } = detailFilters({ ...useSearch({ from: '/frame/vouchers/$id/' }) });
  const navigate = useNavigate();
  const { data } = useQuery(voucherQuery(id));
  const live = useLiveCounters(id, at !== undefined);
  const past = useQuery({
    queryKey: ['counters-at', id, at],
    queryFn: () =>
      answer(services().ledger.GET('/v1/vouchers/{id}/counters', { params: { path: { id }, query: { at } } })),
    enabled: at !== undefined,
    staleTime: Infinity,
  });
  const voucher = data?.value;
  if (!voucher) return <Placeholder rows={4} height={120} />;
  const shown = at === undefined ? live.counters : past.data;
  const error = at === undefined ? (shown ? undefined : live.problem) : past.error;
  const zone = voucher.windows.timeZone;
  return (
    <div className="stack">
      <AsOf at={at} zone={zone} />
      {error && <Problem error={error} onRetry={() => void past.refetch()} />}
      <div className="overview">
        <div className="stack">
          {shown ? (
            <>
              <LiveFunnel counters={shown} state={at === undefined ? live.state : 'past'} zone={zone} />
              <Units voucher={voucher} counters={shown} at={at} />
              <Refusals counters={shown} voucherId={id} />
            </>
          ) : (
            !error && <Placeholder rows={3} height={140} />
          )}
          <Suspense fallback={<Placeholder height={240} />}>
            <SeriesChart voucher={voucher} until={at} newest={voucher.clock === 'wall' ? shown : undefined} />
          </Suspense>
        </div>
        <div className="stack">
          <Timeline voucherId={id} zone={zone} until={at} head={shown?.asOf.seq} />
          <SettingsList voucher={voucher} />
        </div>
      </div>
      {decision && (
        <DecisionDrawer
          submissionId={decision}
          onClose={() => void navigate({ to: '/vouchers/$id', params: { id }, search: { at }, resetScroll: false })}
        />
      )}
    </div>
  );
}
