import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { activityFilters, withoutGaps } from '../app/filters.ts';
import { useTitle } from '../app/title.ts';
import { Empty } from '../parts/empty.tsx';
import { VIEWER_ZONE } from '../parts/moment.ts';
import { LoadMore } from '../parts/load-more.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { csvLine } from '@vouchers/contracts';
import type { Activity } from '../api/answers.ts';
import { CsvButton } from '../parts/csv-button.tsx';
import { ActivityLine } from './activity-line.tsx';
import './activity.css';

const activityCsv = (items: readonly Activity[]): string =>
  csvLine(['at', 'by', 'action', 'voucherId', 'page', 'version']) +
  items
    .map(({ at, by, action, voucherId, slug, version }) => csvLine([at, by, action, voucherId, slug, version]))
    .join('');

/** `/activity`: the changes of vouchers and pages, newest first. */
export function ActivityPage() {
  const { t } = useTranslation();
  const filters = activityFilters({ ...useSearch({ from: '/frame/activity' }) });
  const navigate = useNavigate();
  useTitle(t('screens.activity.title'));
  const found = useInfiniteQuery({
    queryKey: ['activity', filters],
    queryFn: ({ pageParam }) =>
      answer(services().config.GET('/v1/activity', { params: { query: { ...filters, after: pageParam, limit: 50 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const items = found.data?.pages.flatMap((page) => page.items);
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('screens.activity.title')}</h1>
        <Input.Search
          key={filters.by}
          className="activity-by"
          aria-label={t('screens.activity.byFilter')}
          placeholder={t('screens.activity.byHint')}
          defaultValue={filters.by}
          allowClear
          onSearch={(by) =>
            void navigate({ to: '/activity', search: withoutGaps({ ...filters, by: by.trim() }), replace: true })
          }
        />
      </div>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      {found.isPending && <Placeholder rows={10} height={32} />}
      {items?.length === 0 && (
        <Empty title={t(Object.keys(filters).length > 0 ? 'screens.activity.noMatch' : 'screens.activity.empty')} />
      )}
      {items && items.length > 0 && (
        <>
          <p className="muted">{t('screens.activity.zone', { zone: VIEWER_ZONE })}</p>
          <ol className="activity">
            {items.map((item) => (
              <ActivityLine key={`${item.at} ${item.voucherId ?? item.slug} ${item.version}`} item={item} />
            ))}
          </ol>
        </>
      )}
      <div className="row">
        <LoadMore of={found} />
        {items && items.length > 0 && (
          <CsvButton name="activity" lines={() => activityCsv(items)} partial={found.hasNextPage} />
        )}
      </div>
    </div>
  );
}
