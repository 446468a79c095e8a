import { Icon } from '../parts/icon.tsx';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { FIRST_VOUCHERS } from '../api/prefetch.ts';
import { answer, services } from '../api/api.ts';
import { listFilters, type ListFilters } from '../app/filters.ts';
import { useTitle } from '../app/title.ts';
import { Empty } from '../parts/empty.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { PermittedButton } from '../parts/permitted-button.tsx';
import { Problem } from '../parts/problem.tsx';
import { Filters } from './filters.tsx';
import { VoucherRows } from './voucher-rows.tsx';
import './vouchers-list.css';

const MORE_VOUCHERS = 100;

/** `/vouchers`: the list of vouchers, newest first, with live funnels. */
export function VouchersListPage() {
  const { t } = useTranslation();
  const filters = listFilters({ ...useSearch({ from: '/frame/vouchers' }) });
  const navigate = useNavigate();
  useTitle(t('screens.list.title'));
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('screens.list.title')}</h1>
        <PermittedButton
          scope="vouchers:write"
          type="primary"
          icon={<Icon of="Plus" />}
          onClick={() => void navigate({ to: '/vouchers/new' })}
        >
          {t('screens.list.create')}
        </PermittedButton>
      </div>
      <Filters filters={filters} onChange={(next) => void navigate({ to: '/vouchers', search: next, replace: true })} />
      <FoundVouchers filters={filters} />
    </div>
  );
}

/** The vouchers that match the filters, or a note that there are none. */
export function FoundVouchers({ filters }: { filters: ListFilters }) {
  const { t } = useTranslation();
  const { state, label, search } = filters;
  const found = useInfiniteQuery({
    queryKey: ['vouchers', filters],
    queryFn: ({ pageParam }) =>
      answer(
        services().config.GET('/v1/vouchers', {
          params: {
            query: {
              limit: pageParam === undefined ? FIRST_VOUCHERS : MORE_VOUCHERS,
              after: pageParam,
              state,
              label: label ? [label] : undefined,
              search,
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
  if (found.isPending) return <Placeholder rows={8} height={60} />;
  if (!found.data) return <Problem error={found.error} onRetry={() => void found.refetch()} persistent />;
  const vouchers = found.data.pages.flatMap(({ items }) => items);
  const narrowed = Object.keys(filters).length > 0;
  if (vouchers.length === 0) {
    return (
      <Empty title={t(narrowed ? 'screens.list.noMatch' : 'screens.list.empty')}>
        <p>{t(narrowed ? 'screens.list.noMatchText' : 'screens.list.emptyText')}</p>
        {narrowed ? (
          <Link to="/vouchers">{t('screens.list.clear')}</Link>
        ) : (
          <Link to="/vouchers/new">{t('screens.list.create')}</Link>
        )}
      </Empty>
    );
  }
  return (
    <>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      <VoucherRows vouchers={vouchers} faded={found.isPlaceholderData} />
      <div className="row">
        <LoadMore of={found} />
        <span className="muted">{t('screens.list.shown', { number: vouchers.length })}</span>
      </div>
    </>
  );
}
