import type { EventRow } from '@vouchers/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { useTitle } from '../app/title.ts';
import { Choice } from '../parts/choice.tsx';
import { CopyText } from '../parts/copy-text.tsx';
import { CsvButton } from '../parts/csv-button.tsx';
import { Empty } from '../parts/empty.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { VIEWER_ZONE } from '../parts/moment.ts';
import { Moment } from '../parts/moment-text.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { ClaimStateTag } from '../parts/state-tag.tsx';
import { VoucherName } from '../parts/voucher-name.tsx';
import { EventTable } from '../voucher-detail/event-table.tsx';
import { claimsIn, KINDS, ofKind, type Kind } from './activity-kinds.ts';
import { eventCsv } from './event-csv.ts';
import '../voucher-detail/voucher.css';

/** `/users/{id}`: everything that a customer claimed, used and was refused, over all vouchers. */
export function UserPage() {
  const { t } = useTranslation();
  const { userId } = useParams({ from: '/frame/users/$userId' });
  const [kind, setKind] = useState<Kind>('all');
  useTitle(userId);
  const found = useInfiniteQuery({
    queryKey: ['user-activity', userId],
    queryFn: ({ pageParam }) =>
      answer(
        services().ledger.GET('/v1/users/{id}/activity', {
          params: { path: { id: userId }, query: { limit: 100, after: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const events = found.data?.pages.flatMap(({ items }) => items as EventRow[]);
  const shown = events?.filter((event) => ofKind(event, kind));
  return (
    <div className="stack">
      <div className="row spread">
        <h1>
          {t('screens.user.title')} <bdi>{userId}</bdi>
        </h1>
        <div className="row">
          <CopyText text={userId} what={t('screens.decision.user')} />
          {shown && shown.length > 0 && (
            <CsvButton name={`user-${userId}`} lines={() => eventCsv(shown)} partial={found.hasNextPage} />
          )}
        </div>
      </div>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
      {found.isPending && <Placeholder rows={8} height={32} />}
      {events?.length === 0 && (
        <Empty title={t('screens.user.nothing')}>
          <p>{t('screens.user.nothingText')}</p>
        </Empty>
      )}
      {events && events.length > 0 && (
        <>
          <Claims events={events} />
          <section className="panel stack">
            <div className="row spread">
              <h2>{t('screens.user.activity')}</h2>
              <Choice<Kind>
                label={t('screens.user.kind')}
                value={kind}
                options={KINDS.map((value) => ({ value, label: t(`screens.user.kinds.${value}`) }))}
                onChange={setKind}
              />
            </div>
            {shown && shown.length > 0 ? (
              <EventTable events={shown} zone={VIEWER_ZONE} withVoucher />
            ) : (
              <p className="muted">{t('voucher.event.noMatch')}</p>
            )}
          </section>
        </>
      )}
      <LoadMore of={found} />
    </div>
  );
}

/** The user's claims as their newest events leave them. */
function Claims({ events }: { events: readonly EventRow[] }) {
  const { t } = useTranslation();
  const claims = claimsIn(events);
  if (claims.length === 0) return <p className="muted">{t('screens.user.noClaims')}</p>;
  return (
    <section className="panel">
      <h2>{t('screens.user.claims')}</h2>
      <div className="scrolls">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t('screens.decision.voucher')}</th>
              <th scope="col">{t('screens.list.state')}</th>
              <th scope="col">
                {t('screens.claim.heldAt')} ({VIEWER_ZONE})
              </th>
              <th scope="col">{t('screens.claim.useUntil')}</th>
              <th scope="col">{t('screens.decision.claim')}</th>
            </tr>
          </thead>
          <tbody>
            {claims.map(({ id, voucherId, state, heldAt, useUntil }) => (
              <tr key={id}>
                <td>
                  <VoucherName id={voucherId} />
                </td>
                <td>
                  <ClaimStateTag state={state} />
                </td>
                <td>
                  <Moment at={heldAt} />
                </td>
                <td>
                  <Moment at={useUntil} />
                </td>
                <td>
                  <Link to="/claims/$id" params={{ id }} preload={false}>
                    …{id.slice(-6)}
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
