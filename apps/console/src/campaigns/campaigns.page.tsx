import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { usePreferences } from '../app/preferences.ts';
import { useTitle } from '../app/title.ts';
import { Empty } from '../parts/empty.tsx';
import { FunnelSpark } from '../parts/funnel-spark.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { formatCount, formatRate } from '../parts/money.ts';
import { VIEWER_ZONE } from '../parts/moment.ts';
import { Moment } from '../parts/moment-text.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';

/** `/campaigns`: the labels in use, each with the funnel of its vouchers. */
export function CampaignsPage() {
  const { t } = useTranslation();
  const { language } = usePreferences();
  useTitle(t('screens.campaigns.title'));
  const found = useInfiniteQuery({
    queryKey: ['labels'],
    queryFn: ({ pageParam }) =>
      answer(services().ledger.GET('/v1/labels', { params: { query: { limit: 100, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const labels = found.data?.pages.flatMap(({ items }) => items);
  return (
    <div className="stack">
      <h1>{t('screens.campaigns.title')}</h1>
      <p className="muted">{t('screens.campaigns.text')}</p>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      {found.isPending && <Placeholder rows={6} height={56} />}
      {labels?.length === 0 && (
        <Empty title={t('screens.campaigns.empty')}>
          <p>{t('screens.campaigns.emptyText')}</p>
        </Empty>
      )}
      {labels && labels.length > 0 && (
        <div className="scrolls">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t('terms.labels')}</th>
                <th scope="col" className="number wide-only">
                  {t('screens.campaigns.live')}
                </th>
                <th scope="col">{t('screens.list.funnel')}</th>
                <th scope="col" className="number">
                  {t('screens.campaigns.used')}
                </th>
                <th scope="col" className="wide-only">
                  {t('screens.campaigns.time', { zone: VIEWER_ZONE })}
                </th>
              </tr>
            </thead>
            <tbody>
              {labels.map(({ label, vouchers, live, from, to, ...counts }) => (
                <tr key={label}>
                  <th scope="row">
                    <Link to="/labels/$label" params={{ label }} preload={false}>
                      <bdi>{label}</bdi>
                    </Link>
                  </th>
                  <td className="number wide-only">
                    {formatCount(live, language)} / {formatCount(vouchers, language)}
                  </td>
                  <td>
                    <FunnelSpark counters={counts} />
                  </td>
                  <td className="number">{formatRate(counts.redeemed, counts.claimed, language) ?? '–'}</td>
                  <td className="wide-only">
                    {from && <Moment at={from} precision="day" />} – {to && <Moment at={to} precision="day" />}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <LoadMore of={found} />
    </div>
  );
}
