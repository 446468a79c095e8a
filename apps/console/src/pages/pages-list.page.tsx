import { Icon } from '../parts/icon.tsx';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { useTitle } from '../app/title.ts';
import { Empty } from '../parts/empty.tsx';
import { VIEWER_ZONE } from '../parts/moment.ts';
import { Moment } from '../parts/moment-text.tsx';
import { PermittedButton } from '../parts/permitted-button.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { NewPage } from './new-page.tsx';

/** `/pages` */
export function PagesListPage() {
  const { t } = useTranslation();
  const [creating, setCreating] = useState(false);
  useTitle(t('screens.pages.title'));
  const found = useInfiniteQuery({
    queryKey: ['pages'],
    queryFn: ({ pageParam }) =>
      answer(services().config.GET('/v1/pages', { params: { query: { limit: 100, after: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const pages = found.data?.pages.flatMap(({ items }) => items);
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('screens.pages.title')}</h1>
        <PermittedButton
          scope="vouchers:write"
          type="primary"
          icon={<Icon of="Plus" />}
          onClick={() => setCreating(true)}
        >
          {t('screens.pages.create')}
        </PermittedButton>
      </div>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      {found.isPending && <Placeholder rows={5} height={32} />}
      {pages?.length === 0 && (
        <Empty title={t('screens.pages.empty')}>
          <p>{t('screens.pages.emptyText')}</p>
        </Empty>
      )}
      {pages && pages.length > 0 && (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t('screens.pages.pageTitle')}</th>
              <th scope="col">{t('screens.pages.slug')}</th>
              <th scope="col" className="number">
                {t('screens.pages.vouchers')}
              </th>
              <th scope="col" className="wide-only">
                {t('screens.pages.updated')} ({VIEWER_ZONE})
              </th>
            </tr>
          </thead>
          <tbody>
            {pages.map(({ slug, title, voucherIds, updatedAt, updatedBy, updatedByName }) => (
              <tr key={slug}>
                <td>
                  <Link to="/pages/$slug" params={{ slug }}>
                    <bdi>{title.trim() || slug}</bdi>
                  </Link>
                </td>
                <td>
                  <code>{slug}</code>
                </td>
                <td className="number">{voucherIds.length}</td>
                <td className="wide-only">
                  <Moment at={updatedAt} />{' '}
                  <bdi className="muted" title={updatedBy}>
                    {updatedByName ?? updatedBy}
                  </bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <LoadMore of={found} />
      {creating && <NewPage onClose={() => setCreating(false)} />}
    </div>
  );
}
