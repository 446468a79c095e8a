import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { eventsFilters } from '../app/filters.ts';
import { answer, services } from '../api/api.ts';
import { voucherQuery } from '../api/queries.ts';
import { Empty } from '../parts/empty.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { CsvButton } from '../parts/csv-button.tsx';
import { eventsCsv } from './events-csv.ts';
import { EventFilters } from './event-filters.tsx';
import { EventTable } from './event-table.tsx';

/** `/vouchers/{id}/events`: the voucher's events, newest first. The address has the filters. */
export function EventsPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/frame/vouchers/$id' });
  const filters = eventsFilters({ ...useSearch({ from: '/frame/vouchers/$id/events' }) });
  const navigate = useNavigate();
  const { data } = useQuery(voucherQuery(id));
  const zone = data?.value.windows.timeZone;
  const found = useInfiniteQuery({
    queryKey: ['events', id, filters],
    queryFn: ({ pageParam }) =>
      answer(
        services().ledger.GET('/v1/vouchers/{id}/events', {
          params: { path: { id }, query: { ...filters, order: 'desc', limit: 100, after: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const events = found.data?.pages.flatMap(({ items }) => items);
  return (
    <div className="stack">
      <EventFilters
        filters={filters}
        zone={zone ?? 'UTC'}
        onChange={(search) => void navigate({ to: '/vouchers/$id/events', params: { id }, search, replace: true })}
      />
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      {found.isPending && <Placeholder rows={10} height={28} />}
      {events?.length === 0 && (
        <Empty title={t(Object.keys(filters).length > 0 ? 'voucher.event.noMatch' : 'voucher.noEvents')} />
      )}
      {events && events.length > 0 && <EventTable events={events} zone={zone ?? 'UTC'} />}
      <div className="row">
        <LoadMore of={found} />
        {events && events.length > 0 && <CsvButton name={`events-${id}`} lines={() => eventsCsv(id, filters)} />}
      </div>
    </div>
  );
}
